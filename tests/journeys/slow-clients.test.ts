import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RawClient } from '../support/raw-client.ts';
import { sign } from '../support/service.ts';
import { until } from '../support/until.ts';
import { endOfVisits, type Visit, visit } from '../support/visitor.ts';

const TIMEOUT_MS = 1_500;
/** The time-out, one look of the server after slow clients, the moment it lingers, and a busy machine. */
const GONE_MS = TIMEOUT_MS + 12_000;
const BODY = '[{"message_id":"slow"}]';
const HEAD = `POST /v1/webhook HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nX-Sqreen-Integrity: ${sign(BODY)}\r\n`;

describe.concurrent('a slow client', () => {
  let patient: Visit;
  beforeAll(async () => {
    patient = await visit({ config: `http:\n  requestTimeout: ${TIMEOUT_MS}ms\n` });
  });
  afterAll(endOfVisits);

  /** Sends a byte now and then for as long as somebody listens; others are served meanwhile. */
  const dribble = async (start: string, drop: string): Promise<RawClient> => {
    const client = await RawClient.connect(patient.url);
    client.send(start);
    await until(
      'the end of a slow client',
      async () => {
        client.send(drop);
        expect((await patient.ask({ path: '/livez' })).status).toBe(200);
        return client.isClosed;
      },
      GONE_MS,
    );
    return client;
  };

  it.each([
    ['dribbles its headers', HEAD, 'X-More: 1\r\n'],
    ['dribbles its body', `${HEAD}Content-Length: 100000\r\n\r\n[`, ' '],
    ['dribbles its chunks', `${HEAD}Transfer-Encoding: chunked\r\n\r\n`, '1\r\n[\r\n'],
    ['dribbles its request line', 'POS', 'T'],
  ])('that %s is told 408 and cut off, though it never ends by itself', async (_name, start, drop) => {
    const { received, statuses } = await dribble(start, drop);
    if (start === 'POS') return expect(statuses).toEqual([400]);
    expect(statuses).toEqual([408]);
    expect(received).toMatch(/^content-type: application\/problem\+json/m);
    expect(received).toMatch(/^x-content-type-options: nosniff/m);
    expect(received).toMatch(/"status":408/);
  });

  it('that connects and says nothing is cut off', async () => {
    const client = await RawClient.connect(patient.url);
    await client.ended(GONE_MS);
    expect(client.statuses).toEqual([408]);
    client.close();
  });

  it('that ends its side before the body is whole is not waited for, and nothing is stored', async () => {
    const client = await RawClient.connect(patient.url);
    client.send(`${HEAD}Content-Length: ${BODY.length}\r\n\r\n${BODY.slice(0, 5)}`);
    client.finish();
    await client.ended(GONE_MS);
    expect(client.statuses).not.toContain(200);
    client.close();
  });

  it('that asks for much and reads nothing is cut off', async () => {
    const client = await RawClient.connect(patient.url);
    client.stopReading();
    client.send('GET /api/v1/openapi.json HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(2_000));
    await until(
      'the end of a client that does not read',
      () => {
        client.send('GET /livez HTTP/1.1\r\nHost: x\r\n\r\n');
        return client.isClosed;
      },
      GONE_MS,
    );
  });

  it('that is cut off again and again leaves no error in the log', async () => {
    for (let n = 0; n < 20; n++) {
      const client = await RawClient.connect(patient.url);
      client.send(`${HEAD}Content-Length: ${BODY.length}\r\n\r\n${BODY.slice(0, 5)}`);
      await until(
        'the request to be under way',
        async () => (await patient.ask({ path: '/livez' })).status === 200,
      );
      client.close();
    }
    // Whatever an anonymous client does is no fault of the service.
    await until('the requests in the log', () => /"url.path":"\/v1\/webhook"/.test(patient.service.stdout()));
    expect(patient.service.stdout()).not.toMatch(/"log.level":"error"|unexpected fault/);
  });

  it('in its hundreds does not keep others out', async () => {
    const crowd = await Promise.all(Array.from({ length: 300 }, () => RawClient.connect(patient.url)));
    for (const client of crowd) client.send(HEAD);
    expect((await patient.webhook('[{"message_id":"in a crowd"}]')).status).toBe(200);
    await Promise.all(crowd.map((client) => client.ended(GONE_MS)));
    for (const client of crowd) client.close();
  });
});
