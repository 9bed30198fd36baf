import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at, listAt } from '../support/ask.ts';
import { RawClient } from '../support/raw-client.ts';
import { KEY, sign } from '../support/service.ts';
import { endOfVisits, type Visit, visit } from '../support/visitor.ts';

/** Names that the reading of a notification looks for, so that chance finds the ways through it. */
const names = [
  'message_id', 'message', 'message_type', 'sqreen_payload_type', 'event_id', 'id', 'application', 'application_id',
  'application_name', 'name', 'event_kind', 'event_category', 'pulse_genre', 'humanized_title', 'humanized_description',
  'date_occurred', 'date_started', 'date_created', 'environment', 'url', 'event_url', 'ips', 'ip', 'address', 'user',
  'users', 'risk', 'risk_coefficient', 'retry_count', 'playbook', 'blocked', 'geos', 'hosts', '__proto__', 'constructor',
  'toString', 'length', '', '\0', '\ud800', 'é',
]; // prettier-ignore
const words = [
  'security_event', 'pulse', 'test', 'security_response', 'incident', '2026-01-01T00:00:00Z', '9999-99-99', '127.0.0.1',
  '::1', 'https://x.y/', 'javascript:alert(1)', '<b>&amp;', '[INTERNAL SECURITY ALERT]', 'a\r\nb: c', '\u202e', '🦊', '=1+1',
]; // prettier-ignore

const leaf = fc.oneof(
  fc.constantFrom(...words),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ maxLength: 40 }),
  fc.double(),
  fc.integer(),
  fc.maxSafeInteger(),
  fc.boolean(),
  fc.constant(null),
);
const { tree: notification } = fc.letrec((tie) => ({
  tree: fc.dictionary(fc.constantFrom(...names), tie('value'), { maxKeys: 12, noNullPrototype: true }),
  value: fc.oneof({ depthSize: 'small' }, leaf, tie('tree'), fc.array(tie('value'), { maxLength: 4 })),
}));

const headerValue = fc.string({
  unit: fc
    .integer({ min: 0x20, max: 0xff })
    .filter((code) => code !== 0x7f)
    .map((code) => String.fromCharCode(code)),
  maxLength: 80,
});
const headers = fc.record(
  {
    'content-type': fc.oneof(fc.constantFrom('application/json', 'text/plain', ';;;'), headerValue),
    'x-sqreen-integrity': headerValue,
    'content-encoding': fc.constantFrom('gzip', 'br', 'identity', 'x'),
    authorization: headerValue,
    cookie: headerValue,
    accept: headerValue,
    'x-forwarded-for': headerValue,
    'x-http-method-override': fc.constantFrom('GET', 'DELETE'),
    'if-none-match': headerValue,
    range: fc.constantFrom('bytes=0-0', 'bytes=-1'),
  },
  { requiredKeys: [] },
);

describe('POST /v1/webhook under chance', () => {
  let there: Visit;
  beforeAll(async () => {
    there = await visit({ config: 'http:\n  trustedProxies: [127.0.0.1]\n  unverifiedPerMinute: 100000\n' });
  });
  afterAll(endOfVisits);

  it('takes whatever objects are signed, and shows each of them', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(notification, { minLength: 1, maxLength: 5 }), async (notifications) => {
        expect((await there.webhook(JSON.stringify(notifications))).status).toBe(200);
        const list = await there.operator('GET', '/api/v1/events?limit=5');
        for (const event of listAt(list.json, 'items')) {
          const one = await there.operator('GET', `/api/v1/events/${String(at(event, 'id'))}`);
          expect(() => JSON.parse(String(at(one.json, 'payload')))).not.toThrow();
        }
      }),
      { numRuns: 50 },
    );
  });

  it('answers signed bytes of any kind with 200 or 422', async () => {
    const text = fc.oneof(
      fc.json(),
      fc.json().map((json) => `[${json}]`),
      fc.json().chain((json) => fc.nat(json.length).map((cut) => `[${json}]`.slice(0, cut))),
      fc.string({ unit: 'binary' }),
    );
    const body = fc.oneof(
      text.map((one) => Buffer.from(one)),
      fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
    );
    await fc.assert(
      fc.asyncProperty(body, async (bytes) => {
        expect([200, 422]).toContain((await there.webhook(bytes)).status);
      }),
      { numRuns: 300 },
    );
  });

  it('answers any headers well, and unsigned ones never with 200', async () => {
    await fc.assert(
      fc.asyncProperty(headers, fc.boolean(), async (chance, isSigned) => {
        const signature = isSigned ? { 'x-sqreen-integrity': sign('[{}]') } : {};
        const answer = await there.webhook('[{}]', {
          headers: { 'x-sqreen-integrity': '', ...chance, ...signature },
        });
        expect(isSigned ? [200, 422] : [401]).toContain(answer.status);
      }),
      { numRuns: 300 },
    );
  });

  it('survives any bytes at all', async () => {
    const line = fc.oneof(
      fc.constantFrom(
        'POST /v1/webhook HTTP/1.1',
        'Host: x',
        'Content-Length: 4',
        'Transfer-Encoding: chunked',
        '',
        '[{}]',
        '0',
      ),
      fc.constant(`X-Sqreen-Integrity: ${sign('[{}]', KEY)}`),
      fc.string({ unit: 'binary-ascii', maxLength: 60 }),
    );
    const bytes = fc.oneof(
      fc.array(line, { maxLength: 10 }).map((lines) => Buffer.from(lines.join('\r\n'), 'latin1')),
      fc.uint8Array({ maxLength: 400 }).map((array) => Buffer.from(array)),
    );
    await fc.assert(
      fc.asyncProperty(bytes, async (chance) => {
        const client = await RawClient.connect(there.url);
        client.send(chance);
        client.finish();
        await client.ended();
        for (const status of client.statuses) expect([200, 400, 401, 404, 405, 422, 431]).toContain(status);
        client.close();
      }),
      { numRuns: 120 },
    );
  });

  it('leaves the service alive, with no error in its log', async () => {
    expect((await there.ask({ path: '/readyz' })).status).toBe(200);
    expect(await there.service.stop()).toBe(0);
    expect(there.service.stdout()).not.toMatch(/"log.level":"error","@timestamp"|unexpected fault/);
  });
});
