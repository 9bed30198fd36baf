import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at, listAt, textAt } from '../support/ask.ts';
import { KEY, sign } from '../support/service.ts';
import { sampleText } from '../support/sqreen-samples.ts';
import { endOfVisits, type Visit, visit } from '../support/visitor.ts';
import { invalidBodies, validBodies } from './bodies.ts';

describe('POST /v1/webhook', () => {
  let at9000: Visit;
  beforeAll(async () => {
    at9000 = await visit();
  });
  afterAll(endOfVisits);

  const stored = async (): Promise<number> => {
    const { json } = await at9000.operator('GET', '/api/v1/events?limit=200');
    return listAt(json, 'items').length;
  };

  it.each(Object.entries(invalidBodies))(
    'answers 422 to %s, and keeps nothing of it',
    async (_name, body) => {
      const before = await stored();
      const answer = await at9000.webhook(body);
      expect(answer.status).toBe(422);
      expect(at(answer.json, 'error')).toBe('Unprocessable Entity');
      expect(await stored()).toBe(before);
    },
  );

  it('keeps nothing of a batch that holds one bad item', async () => {
    const good = '{"message_id": "good-of-a-bad-batch"}';
    expect((await at9000.webhook(`[${good},1]`)).status).toBe(422);
    expect((await at9000.webhook(`[1,${good}]`)).status).toBe(422);
    const before = await stored();
    // It was not remembered as seen either: alone it is taken.
    expect((await at9000.webhook(`[${good}]`)).status).toBe(200);
    expect(await stored()).toBe(before + 1);
  });

  it.each(Object.entries(validBodies))('takes %s', async (_name, body) => {
    const answer = await at9000.webhook(body);
    expect(answer.status, answer.text).toBe(200);
    expect(answer.text).toBe('{"status": true}');
    expect(answer.headers['content-type']).toMatch(/^application\/json/);
  });

  it.each(['v1-security-event.json', 'v1-pulse.json', 'v2-playbook.json', 'v2-notifications.json'])(
    "takes the sender's own sample %s as it is",
    async (name) => {
      expect((await at9000.webhook(sampleText(name))).status).toBe(200);
    },
  );

  it("holds the original's own tests: another key is 401, a signed object is 422", async () => {
    const body = sampleText('v1-pulse.json');
    expect((await at9000.webhook(body, { key: 'another key' })).status).toBe(401);
    expect((await at9000.webhook(body.trim().slice(1, -1))).status).toBe(422);
  });

  it('keeps the text of a notification byte for byte, duplicate and hazardous keys included', async () => {
    const text =
      '{ "id":"kept-as-it-is", "id":"kept-as-it-is" , "__proto__":{"a":1},"n":1.500E+2, "u":"\\u00e9é" }';
    expect((await at9000.webhook(`[ ${text} ]`)).status).toBe(200);
    const list = await at9000.operator('GET', '/api/v1/events?limit=1');
    const one = await at9000.operator('GET', `/api/v1/events/${textAt(list.json, 'items', 0, 'id')}`);
    expect(at(one.json, 'payload')).toBe(text);
  });

  describe('checks in the contracted order', () => {
    const types = [
      'text/plain',
      'application/x-www-form-urlencoded',
      ';;;',
      '',
      '/',
      'json',
      'application/json+x',
      'a b/c',
    ];

    it.each(types)('looks at the signature before the media type "%s"', async (type) => {
      const headers = { 'content-type': type };
      expect((await at9000.webhook('[{}]', { headers, key: 'wrong' })).status).toBe(401);
      const answer = await at9000.webhook('[{}]', { headers });
      expect(answer.status).toBe(422);
      expect(textAt(answer.json, 'message')).toMatch(/application\/json/);
    });

    it('misses a media type after the signature as well', async () => {
      const post = (signature: string): string =>
        `POST /v1/webhook HTTP/1.1\r\nHost: x\r\nX-Sqreen-Integrity: ${signature}\r\nContent-Length: 4\r\n\r\n[{}]`;
      expect((await at9000.raw(post(sign('[{}]', 'wrong')))).statuses).toEqual([401]);
      expect((await at9000.raw(post(sign('[{}]')))).statuses).toEqual([422]);
    });

    it.each([
      'application/json',
      'APPLICATION/JSON',
      'application/json; charset=utf-8',
      'application/json;charset="latin1"',
      ' application/json ;x',
    ])('takes the media type "%s"', async (type) => {
      expect((await at9000.webhook('[{}]', { headers: { 'content-type': type } })).status).toBe(200);
    });

    it.each(['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'QUERY', 'PROPFIND'])(
      'answers 405 to %s whatever the body is, and says what is allowed',
      async (method) => {
        for (const headers of [{}, { 'content-type': ';;;', 'content-length': '999999999' }]) {
          const answer = await bodiless(method, headers);
          expect(answer).toMatch(/^HTTP\/1.1 405 /);
          expect(answer).toMatch(/^allow: POST\r$/m);
        }
      },
    );

    const bodiless = async (method: string, headers: Readonly<Record<string, string>>): Promise<string> => {
      const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
      return (await at9000.raw(`${method} /v1/webhook HTTP/1.1\r\nHost: x\r\n${lines.join('')}\r\n`))
        .received;
    };

    it('looks for UTF-8 before JSON, JSON before shape, all after the signature', async () => {
      for (const body of Object.values(invalidBodies)) {
        expect((await at9000.webhook(body, { key: 'wrong' })).status).toBe(401);
      }
    });
  });

  it('takes no body that a signature over other bytes vouches for, though the JSON is equal', async () => {
    const signature = sign('[{"a": 1}]', KEY);
    const headers = { 'x-sqreen-integrity': signature };
    expect((await at9000.webhook('[{"a":1}]', { headers })).status).toBe(401);
    expect((await at9000.webhook('[{"a": 1}]', { headers })).status).toBe(200);
  });
});
