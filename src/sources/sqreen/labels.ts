import { oneLine } from '../../kernel/one-line.ts';
import { firstText, objectOf } from '../fields.ts';
import type { Notification } from './notification.ts';
import { ipsOf } from './observables.ts';

const VALUE_LENGTH_MAX = 256;

/** What rules match on, as texts of 1 to 256 characters. A label that the notification says nothing on is absent. */
export function labelsOf({ record, message }: Notification): Readonly<Record<string, string>> {
  const ips = ipsOf(message['ips']);
  const candidates: Readonly<Record<string, string | undefined>> = {
    environment: firstText(message['environment'], objectOf(message['application'])['environment']),
    api_version: firstText(record['api_version']),
    event_category: firstText(message['event_category']),
    event_kind: firstText(message['event_kind']),
    pulse_genre: firstText(message['pulse_genre']),
    pulse_category: firstText(message['pulse_category']),
    playbook: firstText(objectOf(message['playbook'])['name']),
    blocked: anyFlag([message['blocked']]),
    is_tor: anyFlag(ips.map((ip) => ip['is_tor'])),
    country: firstText(...ips.map((ip) => objectOf(ip['geo'])['code'])),
  };
  const labels: Record<string, string> = {};
  for (const [name, value] of Object.entries(candidates)) {
    const text = oneLine(value ?? '', VALUE_LENGTH_MAX);
    if (text !== '') labels[name] = text;
  }
  return labels;
}

/** `true` when one of them is, `false` when some are and none is true. */
function anyFlag(flags: readonly unknown[]): string | undefined {
  if (flags.includes(true)) return 'true';
  return flags.includes(false) ? 'false' : undefined;
}
