import { createHmac } from 'node:crypto';
import { laneName, laneOf } from './lanes.ts';

export const KEY = 'a-key-for-the-soak-only-0000000000000000000000000000000000000000';
const standardBytes = Buffer.from('a key of the soak, no secret: 32');
export const STANDARD_KEY = `whsec_${standardBytes.toString('base64')}`;

/** A request as a sender makes it, and makes again until it is taken. */
export interface Shot {
  /** Numbers of its events: `count` from `first` on. */
  readonly first: number;
  readonly count: number;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What an event of ours is known by, wherever it turns up. */
export const markOf = (n: number): string => `soak-${n}-`;
const MARK = /\bsoak-(\d{1,9})-/;

/** The number of the event that a text is about; undefined when it is none of ours. */
export function numberIn(text: string): number | undefined {
  const digits = MARK.exec(text)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

const titleOf = (n: number): string => `${laneName(laneOf(n))} ${markOf(n)}`;
const hmac = (key: string | Buffer, text: string): string =>
  createHmac('sha256', key).update(text).digest('hex');

const severities = ['low', 'medium', 'high', 'critical'];
const severityOf = (n: number): string => severities[n % severities.length] ?? 'low';

type Maker = (first: number, count: number) => Omit<Shot, 'first' | 'count'>;
const json = { 'content-type': 'application/json' };
const finding = (n: number): object => ({
  id: markOf(n),
  title: titleOf(n),
  severity: severityOf(n),
  type: 'finding',
  host: `host-${n % 50}`,
});

const makers: readonly Maker[] = [
  (first, count) => {
    const records = Array.from({ length: count }, (_, index) => ({
      message_id: markOf(first + index),
      message_type: 'security_event',
      application_id: 'soak',
      application_name: 'Soak',
      message: {
        id: markOf(first + index),
        event_category: 'soak',
        event_kind: 'load',
        humanized_title: titleOf(first + index),
        risk_coefficient: first % 100,
      },
    }));
    const body = JSON.stringify(records);
    return { path: '/v1/webhook', headers: { ...json, 'x-sqreen-integrity': hmac(KEY, body) }, body };
  },
  (first, count) => {
    const body = JSON.stringify(Array.from({ length: count }, (_, index) => finding(first + index)));
    const headers = { ...json, 'x-signature': `sha256=${hmac(KEY, body)}` };
    return { path: '/api/v1/sources/scanner', headers, body };
  },
  (first, count) => {
    const body = JSON.stringify(Array.from({ length: count }, (_, index) => finding(first + index)));
    const [id, time] = [`msg_${first}`, String(Math.floor(Date.now() / 1_000))];
    const signature = createHmac('sha256', standardBytes).update(`${id}.${time}.${body}`).digest('base64');
    const headers = {
      ...json,
      'webhook-id': id,
      'webhook-timestamp': time,
      'webhook-signature': `v1,${signature}`,
    };
    return { path: '/api/v1/sources/standard', headers, body };
  },
  (first) => {
    const body = JSON.stringify({
      uuid: markOf(first),
      message: titleOf(first),
      output: titleOf(first),
      priority: 'Warning',
      rule: 'Soak',
      time: new Date().toISOString(),
      hostname: `node-${first % 20}`,
    });
    const headers = { ...json, authorization: `Bearer ${KEY}` };
    return { path: '/api/v1/sources/falco', headers, body };
  },
];

const FALCO = makers.length - 1;

/** A request with the events from `first` on; of the kind and size that `draw` says, `most` at most. */
export function makeShot(first: number, most: number, draw: (min: number, max: number) => number): Shot {
  const kind = draw(0, makers.length - 1);
  const count = kind === FALCO ? 1 : Math.min(most, draw(1, 3));
  const made = makers[kind]?.(first, count);
  if (made === undefined) throw new TypeError('drawn beyond the kinds of sender');
  return { first, count, ...made };
}
