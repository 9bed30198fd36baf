import type { Observable, ObservableKind } from '../../events/event.ts';
import type { Endpoints } from '../../events/geo.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { oneLine } from '../../kernel/one-line.ts';
import { endpoint, endpointsOf } from '../endpoints.ts';
import { itemsOf, objectOf, textOf } from '../fields.ts';
import type { Notification } from './notification.ts';

const OBSERVABLES_MAX = 100;
/** Longer values are left out, not cut: half an account's name is another account. */
const VALUE_LENGTH_MAX = 256;

/** Addresses, hosts and users of a notification, each once, at most 100, in the order of the record. */
export function observablesOf({ message }: Notification): readonly Observable[] {
  const found = new Collection();
  const properties = objectOf(message['properties']);
  for (const ip of allIps(message)) {
    found.add('ip', ip['address']);
    found.add('ip', ip['ip_cidr']);
    found.add('host', ip['hostname']);
  }
  for (const key of itemsOf(message['application_account_account_keys'], OBSERVABLES_MAX)) {
    found.add('user', objectOf(key)['value']);
  }
  addUsers(found, message['user_identifiers']);
  addUsers(found, properties['user_identifiers']);
  addNamedAccounts(found, message['humanized_accounts']);
  return found.observables;
}

/** Sqreen tells of clients alone: all addresses are where it came from, their countries in three letters. */
export function endpointsIn({ message }: Notification): Endpoints | undefined {
  return endpointsOf(
    allIps(message).flatMap((ip) => endpoint(ip['address'] ?? ip['ip_cidr'], objectOf(ip['geo'])['code'])),
  );
}

const allIps = (message: JsonObject): readonly JsonObject[] => [
  ...ipsOf(message['ips']),
  ...ipsOf(objectOf(message['properties'])['ips']),
];

/** The entries of an `ips` list. */
export function ipsOf(value: unknown) {
  return itemsOf(value, OBSERVABLES_MAX).map(objectOf);
}

class Collection {
  readonly observables: Observable[] = [];
  readonly #seen = new Set<string>();

  add(kind: ObservableKind, value: unknown): void {
    const raw = textOf(value);
    if (raw === undefined || raw.length > VALUE_LENGTH_MAX) return;
    const text = oneLine(raw, VALUE_LENGTH_MAX);
    if (text === '' || this.observables.length >= OBSERVABLES_MAX || this.#seen.has(`${kind} ${text}`))
      return;
    this.#seen.add(`${kind} ${text}`);
    this.observables.push({ kind, value: text });
  }
}

/** An identifier is a text, or an object of the keys by which the application knows the user. */
function addUsers(found: Collection, value: unknown): void {
  for (const user of itemsOf(value, OBSERVABLES_MAX)) {
    if (textOf(user) !== undefined) found.add('user', user);
    else for (const key of Object.values(objectOf(user)).slice(0, OBSERVABLES_MAX)) found.add('user', key);
  }
}

/** `humanized_accounts` is prose ("a@b.c, d@e.f and 3 others"): only what is plainly an address is taken from it. */
function addNamedAccounts(found: Collection, value: unknown): void {
  if (typeof value !== 'string') return;
  for (const word of value.slice(0, 4096).split(/[\s,;]+/)) {
    if (/^[^@]+@[^@]+$/.test(word)) found.add('user', word);
  }
}
