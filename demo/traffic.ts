import type { JsonObject } from '../src/kernel/json.ts';
import { kinds, freshRecords, titleOf } from './samples.ts';

/** A request to make. */
export interface Shot {
  readonly kind: 'fresh' | 'repeat' | 'hostile';
  readonly what: string;
  readonly body: Buffer;
  readonly notifications: number;
  /** Whose key it is signed with; nobody's leaves the signature out. */
  readonly signer: 'sender' | 'stranger' | 'nobody';
  readonly expected: number;
}

type Hostile = Omit<Shot, 'kind' | 'notifications'>;

const DEPTH = 200;
const harmless = Buffer.from('[{"message_type":"test"}]');
const hostiles: readonly Hostile[] = [
  { what: 'signed with another key', body: harmless, signer: 'stranger', expected: 401 },
  {
    what: `validly signed, nested ${DEPTH} deep`,
    body: Buffer.from(`[{"a":${'['.repeat(DEPTH)}${']'.repeat(DEPTH)}}]`),
    signer: 'sender',
    expected: 422,
  },
  {
    what: 'validly signed, not UTF-8',
    body: Buffer.concat([Buffer.from('[{"a":"'), Buffer.from([0xff, 0xfe]), Buffer.from('"}]')]),
    signer: 'sender',
    expected: 422,
  },
  { what: 'not signed at all', body: harmless, signer: 'nobody', expected: 401 },
  { what: 'validly signed, no array', body: Buffer.from('{"a":1}'), signer: 'sender', expected: 422 },
];

/** Of every few requests one is hostile and one is a repeat; the first of each come early. */
const EVERY = 5;
const HOSTILE_AT = 2;
const REPEAT_AT = 4;

/** Endless traffic: every kind of notification in turn, a retrying sender and attackers in between. */
export function* traffic(): Generator<Shot, never> {
  let last: readonly JsonObject[] = [];
  for (let nth = 0, kind = 0, hostile = 0; ; nth += 1) {
    if (nth % EVERY === HOSTILE_AT) {
      yield { ...pick(hostiles, hostile++), kind: 'hostile', notifications: 0 };
    } else if (nth % EVERY === REPEAT_AT) {
      yield shotOf('repeat', 'its sender heard no answer', last.map(retried));
    } else {
      const name = pick(kinds, kind++);
      last = freshRecords(name);
      yield shotOf('fresh', `${name}: ${last.map(titleOf).join('; ')}`, last);
    }
  }
}

function pick<Item>(items: readonly Item[], nth: number): Item {
  const item = items[nth % items.length];
  if (item === undefined) throw new TypeError('nothing to pick from');
  return item;
}

const shotOf = (kind: Shot['kind'], what: string, records: readonly JsonObject[]): Shot => ({
  kind,
  what,
  body: Buffer.from(JSON.stringify(records)),
  notifications: records.length,
  signer: 'sender',
  expected: 200,
});

/** What the sender changes in a retry: the count, where its format has one. */
const retried = (record: JsonObject): JsonObject =>
  typeof record['retry_count'] === 'number' ? { ...record, retry_count: record['retry_count'] + 1 } : record;
