import type { Severity } from '../../events/event.ts';
import { textOf } from '../fields.ts';
import type { Notification } from './notification.ts';

/**
 * The event's severity. Sqreen's own measure comes first: `risk_coefficient` or `risk`, 0 to 100, in the bands of
 * CVSS v3.1 section 5 times ten: 0 informational, below 40 low, below 70 medium, below 90 high, else critical.
 * Without one (or with one out of range) the default of its family:
 *
 * | family | severity |
 * |---|---|
 * | test | informational, whatever its risk |
 * | security_event | by category: injection high, http_error low, any other medium |
 * | pulse, incident | account takeover and injection: critical, high when blocked; others: high, medium when blocked |
 * | security_response | medium: the attack that set the playbook off is real, and it is being answered |
 * | other | unknown |
 */
export function severityOf({ family, message, type }: Notification): Severity {
  if (family === 'test') return 'informational';
  const risk = riskOf(message['risk_coefficient']) ?? riskOf(message['risk']);
  if (risk !== undefined) return severityOfRisk(risk);
  if (family === 'security_event') return severityOfCategory(message['event_category']);
  if (family === 'pulse')
    return severityOfPulse(textOf(message['pulse_genre']) ?? type, message['blocked'] === true);
  return family === 'security_response' ? 'medium' : 'unknown';
}

function riskOf(value: unknown): number | undefined {
  return typeof value === 'number' && value >= 0 && value <= 100 ? value : undefined;
}

function severityOfRisk(risk: number): Severity {
  if (risk === 0) return 'informational';
  if (risk < 40) return 'low';
  if (risk < 70) return 'medium';
  return risk < 90 ? 'high' : 'critical';
}

function severityOfCategory(category: unknown): Severity {
  if (category === 'injection') return 'high';
  return category === 'http_error' ? 'low' : 'medium';
}

function severityOfPulse(genre: string, blocked: boolean): Severity {
  const grave = genre.includes('takeover') || genre.includes('injection');
  if (blocked) return grave ? 'high' : 'medium';
  return grave ? 'critical' : 'high';
}
