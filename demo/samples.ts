import { randomBytes } from 'node:crypto';
import { isJsonObject, type JsonObject } from '../src/kernel/json.ts';
import { sampleNames, sampleRecords } from '../tests/support/sqreen-samples.ts';

/** The kinds of notification that the samples show. */
export const kinds: readonly string[] = sampleNames.map((name) => name.replace(/\.json$/, ''));

/** Out of four, one of each severity above informational. */
const RISKS = [95, 78, 45, 20];
const ID_KEYS = ['message_id', 'event_id', 'id'];
const DATE_KEY = /^date_(?!ended)/;

let made = 0;
let rated = 0;

/** The notifications of one kind as if they had just happened: new ids, times, addresses, risks. */
export function freshRecords(kind: string): JsonObject[] {
  return sampleRecords(`${kind}.json`).map((record) => {
    made += 1;
    const fresh = freshen(record);
    const inner = fresh['message'];
    const whole = isJsonObject(inner) ? { ...fresh, message: freshen(inner) } : fresh;
    return withAddress(whole, `203.0.113.${made % 254}`);
  });
}

/** The title a reader would know it by. */
export function titleOf(record: JsonObject): string {
  const message = isJsonObject(record['message']) ? record['message'] : record;
  const playbook = isJsonObject(message['playbook']) ? message['playbook']['name'] : undefined;
  const found = [message['humanized_title'], message['humanized_description'], playbook].find(
    (text) => typeof text === 'string' && text !== '',
  );
  return typeof found === 'string' ? found : String(record['message_type'] ?? record['sqreen_payload_type']);
}

function freshen(record: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, fresh(key, value)]));
}

function fresh(key: string, value: unknown): unknown {
  if (ID_KEYS.includes(key) && typeof value === 'string') return randomBytes(12).toString('hex');
  if (DATE_KEY.test(key) && typeof value === 'string') return new Date().toISOString();
  if ((key === 'risk' || key === 'risk_coefficient') && typeof value === 'number')
    return RISKS[rated++ % RISKS.length];
  // An attack that got through: the samples' pulse was blocked.
  return key === 'blocked' ? false : value;
}

/** Another attacker each time, out of the range for documentation (RFC 5737), in the sentence as well. */
function withAddress(record: JsonObject, address: string): JsonObject {
  const text = JSON.stringify(record);
  const known = /"address":"([0-9.]+)"/.exec(text)?.[1];
  if (known === undefined) return record;
  const replaced: unknown = JSON.parse(text.replaceAll(known, address));
  return isJsonObject(replaced) ? replaced : record;
}
