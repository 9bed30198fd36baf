import { createHmac, generateKeyPairSync, sign as signWith } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, at, listAt, textAt } from '../support/ask.ts';
import { until } from '../support/until.ts';
import { endOfVisits, refusedStart, type Visit, visit } from '../support/visitor.ts';
import { secret } from '../support/witness.ts';

const WHSEC = secret('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw');
const STRIPE = secret('whsec_of-the-endpoint-in-the-tests');
const TEXT = secret('a-text-shared-with-a-sender');
const OLD = secret('a-text-that-is-being-replaced');
const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const WHPK = `whpk_${Buffer.from(String(publicKey.export({ format: 'jwk' })['x']), 'base64url').toString('base64')}`;

const config = `
http: {unverifiedPerMinute: 100000}
sources:
  - {id: standard, kind: json, scheme: standard, key: "\${WHSEC}"}
  - {id: public, kind: json, scheme: standard, key: "\${WHPK}"}
  - {id: brief, kind: json, scheme: standard, key: "\${WHSEC}", tolerance: 2s}
  - {id: stripe, kind: json, scheme: stripe, key: "\${STRIPE}"}
  - {id: slack, kind: json, scheme: slack, key: "\${TEXT}"}
  - {id: github, kind: json, scheme: github, key: "\${TEXT}", previousKey: "\${OLD}"}
  - id: grafana
    kind: json
    scheme: hmac
    key: "\${TEXT}"
    signature: {header: X-Sign, timestampHeader: X-Time, separator: ":"}
  - {id: bearer, kind: json, scheme: bearer, key: "\${TEXT}"}
  - {id: cloud, kind: cloudevents, scheme: bearer, key: "\${TEXT}"}
  - {id: aws, kind: json, scheme: sns, topics: ["arn:aws:sns:xx-nowhere-1:123456789012:alerts"]}
`;
const env = { WHSEC, WHPK, STRIPE, TEXT, OLD };

type Sent = Readonly<Record<string, string>>;
const seconds = (): number => Math.floor(Date.now() / 1_000);
const hex = (key: string, text: string): string => createHmac('sha256', key).update(text).digest('hex');

/** A genuine request's headers, by the source's id. */
const signers: Readonly<Record<string, (body: string, id?: string, time?: number) => Sent>> = {
  standard: (body, id = 'msg_1', time = seconds()) => ({
    'webhook-id': id,
    'webhook-timestamp': String(time),
    'webhook-signature': `v1,${createHmac('sha256', Buffer.from(WHSEC.slice(6), 'base64'))
      .update(`${id}.${time}.${body}`)
      .digest('base64')}`,
  }),
  public: (body, id = 'msg_1', time = seconds()) => ({
    'webhook-id': id,
    'webhook-timestamp': String(time),
    'webhook-signature': `v1a,${signWith(null, Buffer.from(`${id}.${time}.${body}`), privateKey).toString('base64')}`,
  }),
  stripe: (body, _id, time = seconds()) => ({
    'stripe-signature': `t=${time},v1=${hex(STRIPE, `${time}.${body}`)}`,
  }),
  slack: (body, _id, time = seconds()) => ({
    'x-slack-request-timestamp': String(time),
    'x-slack-signature': `v0=${hex(TEXT, `v0:${time}:${body}`)}`,
  }),
  github: (body) => ({ 'x-hub-signature-256': `sha256=${hex(TEXT, body)}` }),
  grafana: (body, _id, time = seconds()) => ({
    'x-time': String(time),
    'x-sign': hex(TEXT, `${time}:${body}`),
  }),
  bearer: () => ({ authorization: `Bearer ${TEXT}` }),
};
const timed = ['standard', 'public', 'stripe', 'slack', 'grafana'];

describe('a source proves a request genuine by its scheme', () => {
  let there: Visit;
  beforeAll(async () => {
    there = await visit({ config, env });
  });
  afterAll(endOfVisits);

  const post = (source: string, body: string, headers: Sent): Promise<Answer> =>
    there.ask({
      method: 'POST',
      path: `/api/v1/sources/${source}`,
      body,
      headers: { 'content-type': 'application/json', ...headers },
    });
  const headersFor = (source: string, body: string, id?: string, time?: number): Sent =>
    signers[source]?.(body, id, time) ?? {};
  const eventsOf = async (source: string): Promise<readonly unknown[]> =>
    listAt((await there.operator('GET', `/api/v1/events?source=${source}&limit=200`)).json, 'items');
  const bodyFor = (source: string, name: string): string =>
    JSON.stringify({ id: `${source}-${name}`, event_id: `${source}-${name}`, title: name });

  it.each(Object.keys(signers))('%s: genuine, it is an event; sent again, it is none', async (source) => {
    const body = bodyFor(source, 'once');
    const headers = headersFor(source, body);
    const before = (await eventsOf(source)).length;
    for (let n = 0; n < 3; n++) {
      const answer = await post(source, body, headers);
      expect(answer.text).toBe('{"status": true}');
    }
    const [event, ...rest] = await eventsOf(source);
    expect(rest).toHaveLength(before);
    expect(at(event, 'duplicates')).toBe(2);
  });

  it.each(Object.keys(signers))(
    '%s: unproved or changed, it is 401, and one answer for all',
    async (source) => {
      const body = bodyFor(source, 'forged');
      const before = (await eventsOf(source)).length;
      const forged = [
        await post(source, body, {}),
        await post(source, body, { authorization: 'Bearer wrong' }),
        ...(source === 'bearer' ? [] : [await post(source, `${body} `, headersFor(source, body))]),
      ];
      for (const { status } of forged) expect(status).toBe(401);
      expect(new Set(forged.map(({ text }) => text)).size).toBe(1);
      expect(await eventsOf(source)).toHaveLength(before);
    },
  );

  it.each(timed)('%s: signed six minutes ago or ahead, it is 401', async (source) => {
    for (const time of [seconds() - 360, seconds() + 360]) {
      const body = bodyFor(source, 'stale');
      const answer = await post(source, body, headersFor(source, body, 'msg_stale', time));
      expect(answer.status).toBe(401);
    }
    const line = new RegExp(`"tocsin.source.id":"${source}".*"reason":"timestamp_outside"`);
    await until('the log to say why', () => line.test(there.service.stdout()));
  });

  it('a captured request is absorbed while its time is near, and refused from then on', async () => {
    const body = bodyFor('brief', 'captured');
    const headers = headersFor('standard', body, 'msg_captured');
    expect((await post('brief', body, headers)).status).toBe(200);
    await until('the captured request to be refused', async () => {
      const { status } = await post('brief', body, headers);
      expect([200, 401]).toContain(status);
      return status === 401;
    });
    expect(await eventsOf('brief')).toHaveLength(1);
  });

  it('the sender’s retry with a new time and the same signed id is a repeat', async () => {
    const body = '{"title": "retried"}';
    const before = (await eventsOf('standard')).length;
    for (const time of [seconds() - 60, seconds()]) {
      expect((await post('standard', body, headersFor('standard', body, 'msg_retried', time))).status).toBe(
        200,
      );
    }
    expect(await eventsOf('standard')).toHaveLength(before + 1);
    const news = headersFor('standard', body, 'msg_another');
    expect((await post('standard', body, news)).status).toBe(200);
    expect(await eventsOf('standard')).toHaveLength(before + 2);
  });

  it('the key before is taken while the secret is replaced', async () => {
    const body = bodyFor('github', 'old key');
    const answer = await post('github', body, { 'x-hub-signature-256': `sha256=${hex(OLD, body)}` });
    expect(answer.status).toBe(200);
  });

  it("Slack's question is answered when it is signed, and makes no event", async () => {
    const body = '{"type": "url_verification", "challenge": "3eZbrw1aBm2rZgRNFdxV2595E9CY3gmd"}';
    const before = (await eventsOf('slack')).length;
    const answer = await post('slack', body, headersFor('slack', body));
    expect(answer.status).toBe(200);
    expect(answer.json).toEqual({ challenge: '3eZbrw1aBm2rZgRNFdxV2595E9CY3gmd' });
    expect((await post('slack', body, {})).status).toBe(401);
    expect(await eventsOf('slack')).toHaveLength(before);
  });

  it('what would prove it out of reach, it is 503 with the time to come again, and nobody else waits', async () => {
    const body = JSON.stringify({
      Type: 'Notification',
      MessageId: '22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324',
      TopicArn: 'arn:aws:sns:xx-nowhere-1:123456789012:alerts',
      Message: '{}',
      Timestamp: new Date().toISOString(),
      SignatureVersion: '2',
      Signature: Buffer.alloc(256).toString('base64'),
      SigningCertURL: 'https://sns.xx-nowhere-1.amazonaws.com/a.pem',
    });
    const waiting = post('aws', body, {});
    const quick = bodyFor('github', 'meanwhile');
    expect((await post('github', quick, headersFor('github', quick))).status).toBe(200);
    const answer = await waiting;
    expect(answer.status).toBe(503);
    expect(textAt(answer.json, 'code')).toBe('proof_unavailable');
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    expect((await post('aws', body.replace('123456789012', '666666666666'), {})).status).toBe(401);
  });

  it('a sender that asks by OPTIONS is told whether it may send, and proves itself all the same', async () => {
    const ask = (source: string, headers: Sent): Promise<Answer> =>
      there.ask({ method: 'OPTIONS', path: `/api/v1/sources/${source}`, headers });
    const answer = await ask('cloud', { 'webhook-request-origin': 'eventgrid.azure.net' });
    expect(answer.status).toBe(200);
    expect(answer.headers).toMatchObject({
      'webhook-allowed-origin': 'eventgrid.azure.net',
      'webhook-allowed-rate': '*',
      allow: 'OPTIONS, POST',
    });
    expect(answer.text).toBe('');
    for (const [source, headers] of [
      ['cloud', {}],
      ['github', { 'webhook-request-origin': 'eventgrid.azure.net' }],
      ['nobody', { 'webhook-request-origin': 'eventgrid.azure.net' }],
    ] as const) {
      expect((await ask(source, headers)).status, source).toBe(404);
    }
    expect((await post('cloud', '{}', { 'webhook-request-origin': 'eventgrid.azure.net' })).status).toBe(401);
  });

  it('enormous headers and bodies of no sense are refused and harm nothing', async () => {
    for (const source of Object.keys(signers)) {
      for (const value of [
        'v1,a '.repeat(2_000),
        'a'.repeat(12_000),
        '\u00ff'.repeat(5_000),
        ',=,=;'.repeat(2_000),
      ]) {
        const names = Object.keys(headersFor(source, ''));
        const answer = await post(
          source,
          '[',
          Object.fromEntries(names.slice(-1).map((name) => [name, value])),
        );
        expect(answer.status).toBe(401);
      }
    }
    expect((await there.ask({ path: '/readyz' })).status).toBe(200);
  });

  it('the log tells of refusals by source, client and reason, and shows no secret', async () => {
    const refusal = there.service
      .stdout()
      .split('\n')
      .find((line) => line.includes('a request was not proved genuine'));
    expect(JSON.parse(refusal ?? '')).toMatchObject({
      'tocsin.source.id': expect.any(String),
      'source.ip': '127.0.0.1',
      reason: expect.stringMatching(/^[a-z_]+$/),
    });
  });
});

describe('a scheme whose settings do not fit', () => {
  it('refuses start with every fault, and quotes none of the values', async () => {
    const short = secret('short-secret');
    const { code, stderr } = await refusedStart({
      config: `
sources:
  - {id: a, kind: json}
  - {id: b, kind: json, scheme: github}
  - {id: c, kind: json, scheme: github, key: "\${SHORT}"}
  - {id: d, kind: json, scheme: sns}
  - {id: e, kind: json, scheme: hmac, key: "\${TEXT}"}
  - {id: g, kind: json, scheme: bearer, key: "\${TEXT}", tolerance: 5m}
  - {id: h, kind: json, scheme: standard, key: "\${WHSEC}", tolerance: 30d}
`,
      env: { ...env, SHORT: short },
    });
    expect(code).toBe(3);
    for (const line of [
      /sources\[0\]\.scheme: is missing.*standard.*mtls/,
      /sources\[1\]\.key: is missing/,
      /sources\[2\]\.key: is shorter than 16 bytes/,
      /sources\[3\]\.topics: is missing/,
      /sources\[4\]\.signature: is missing/,
      /sources\[5\]\.tolerance: is not known to the scheme bearer/,
      /sources\[6\]\.tolerance: must be between 1s and 24h/,
    ]) {
      expect(stderr).toMatch(line);
    }
  });
});
