import type { Severity } from '../../events/event.ts';
import { objectOf } from '../fields.ts';
import { severityOfWord } from '../severity-words.ts';
import type { Delivery } from './delivery.ts';

/**
 * The severity that GitHub gives an alert or an advisory; where it gives none:
 *
 * | event | severity |
 * |---|---|
 * | code scanning without a security severity | its rule's: error high, warning medium, note low |
 * | secret scanning | critical when leaked in public or known to be active, medium when known to be inactive, else high |
 * | branch protection rule | deleted medium, edited low, created informational |
 * | ping | informational |
 * | any other | unknown |
 */
export function severityOf(delivery: Delivery): Severity {
  const { family, about } = delivery;
  switch (family) {
    case 'code_scanning_alert':
      return ofRule(objectOf(about['rule']));
    case 'secret_scanning_alert':
    case 'secret_scanning_alert_location':
      return ofSecret(delivery);
    case 'dependabot_alert':
      return (
        severityOfWord(objectOf(about['security_vulnerability'])['severity']) ??
        severityOfWord(objectOf(about['security_advisory'])['severity']) ??
        'unknown'
      );
    case 'repository_vulnerability_alert':
    case 'security_advisory':
    case 'repository_advisory':
      return severityOfWord(about['severity']) ?? 'unknown';
    case 'branch_protection_rule':
      return ofProtection(delivery.action);
    default:
      return family === 'ping' ? 'informational' : 'unknown';
  }
}

function ofRule(rule: ReturnType<typeof objectOf>): Severity {
  const security = severityOfWord(rule['security_severity_level']);
  if (security !== undefined) return security;
  return rule['severity'] === 'note' ? 'low' : (severityOfWord(rule['severity']) ?? 'unknown');
}

function ofSecret({ action, about }: Delivery): Severity {
  const isLeaked = about['publicly_leaked'] === true || action === 'publicly_leaked';
  if (isLeaked || about['validity'] === 'active') return 'critical';
  return about['validity'] === 'inactive' ? 'medium' : 'high';
}

function ofProtection(action: string | undefined): Severity {
  if (action === 'deleted') return 'medium';
  return action === 'edited' ? 'low' : 'informational';
}
