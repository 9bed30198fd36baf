import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, ask, at, textAt } from '../support/ask.ts';
import { endOfVisits, type Visit, visit } from '../support/visitor.ts';

const NO_JSON = 'Bad request - Your request is missing a JSON payload.';
const NO_KEY = 'Bad request - The JSON payload is missing a "message" key.';
const UUID4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** As the original's clients speak: `POST /` and `GET /msg/{id}`. */
describe('the original contract of messages', () => {
  let there: Visit;
  beforeAll(async () => {
    there = await visit({ config: 'messages:\n  bytesMax: 2048\n' });
  });
  afterAll(endOfVisits);

  const post = (body: string | Buffer, type = 'application/json'): Promise<Answer> =>
    there.ask({ method: 'POST', path: '/', headers: { 'content-type': type }, body });
  const make = (message: string): Promise<Answer> => post(JSON.stringify({ message }));
  const idOf = (answer: Answer): string => textAt(answer.json, 'message_id');
  const read = (id: string): Promise<Answer> => there.ask({ path: `/msg/${id}` });

  it('GET / is 200, for a browser a page and for others not', async () => {
    expect((await there.ask({ path: '/' })).status).toBe(200);
    const page = await ask(there.url, { path: '/', headers: { accept: 'text/html' } });
    expect([page.status, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
  });

  it.each(['PUT', 'DELETE', 'PATCH'])('%s / is 405 and says what there is', async (method) => {
    const answer = await there.ask({ method, path: '/', body: '{"message": "x"}' });
    expect([answer.status, answer.headers['allow']]).toEqual([405, 'GET, HEAD, POST']);
  });

  it('a message is made: 200, with an id that is a text, no number, and the status in the body', async () => {
    const answer = await make('a test message');
    expect(answer.status).toBe(200);
    expect(Object.keys(Object(answer.json)).sort()).toEqual(['message_id', 'status']);
    expect(at(answer.json, 'status')).toBe(200);
    expect(idOf(answer)).toMatch(UUID4);
    expect(Number(idOf(answer))).toBeNaN();
  });

  it('credentials of a proxy in front of us change nothing; a token that is none is told', async () => {
    const answers = ['Basic c29tZW9uZTpodW50ZXIy', 'Bearer no-token-of-ours'].map((authorization) =>
      there.ask({
        method: 'POST',
        path: '/',
        headers: { 'content-type': 'application/json', authorization },
        body: '{"message": "x"}',
      }),
    );
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([200, 401]);
  });

  it('each message has an id of its own, also when the texts are equal', async () => {
    const ids = await Promise.all(Array.from({ length: 20 }, async () => idOf(await make('the same'))));
    expect(new Set(ids).size).toBe(20);
  });

  it('a message comes back equal, as often as it is asked for, in any case of its id, by HEAD too', async () => {
    const id = idOf(await make('a test message'));
    for (const asked of [id, id.toUpperCase(), id]) {
      const answer = await read(asked);
      expect([answer.status, answer.json]).toEqual([200, { message: 'a test message', status: 200 }]);
      const head = await there.ask({ method: 'HEAD', path: `/msg/${asked}` });
      expect(head.status).toBe(200);
      expect(head.headers['content-length']).toBe(answer.headers['content-length']);
    }
  });

  const texts: Readonly<Record<string, string>> = {
    'no character': '',
    'a NUL': 'a\u0000b',
    'every control character': Array.from({ length: 160 }, (_, code) => String.fromCharCode(code)).join(''),
    'characters beyond the first plane': '👩‍👩‍👧 𝕏 \u{10ffff}',
    'what no font has': '\ufffe\uffff\ufeff\u2028\u2029\u202e',
    'composed and not': 'é e\u0301',
    'markup and script': '<script>alert(1)</script>&amp;"\'`',
    'another JSON': '{"message": "inner", "__proto__": {"a": 1}}',
    'line ends of all kinds': '\r\n\n\r\u0085',
    'as much as there may be': 'é'.repeat(1_024),
  };
  it.each(Object.entries(texts))('%s comes back equal', async (_, text) => {
    const made = await make(text);
    expect(made.status).toBe(200);
    expect(at((await read(idOf(made))).json, 'message')).toBe(text);
  });

  it('escapes are the sender’s affair: as long as the text itself is within the cap', async () => {
    const escaped = `{"message": "${String.raw`\u00e9`.repeat(1_024)}"}`;
    expect((await post(escaped)).status).toBe(200);
  });

  it.each([
    'application/json',
    'application/json; charset=utf-8',
    'Application/JSON',
    'application/vnd.api+json',
  ])('is made as %s', async (type) => expect((await post('{"message": "x"}', type)).status).toBe(200));

  it('what stands beside the message is passed over, as by the original', async () => {
    expect((await post('{"message": "x", "author": "me", "constructor": 1}')).status).toBe(200);
  });

  const refused: readonly (readonly [string, string | Buffer, string, string])[] = [
    ['a form', 'message=x', 'application/x-www-form-urlencoded', NO_JSON],
    ['a text', '{"message": "x"}', 'text/plain', NO_JSON],
    ['a media type that only looks so', '{"message": "x"}', 'application/jsonp', NO_JSON],
    ['a media type that is none', '{"message": "x"}', ';;;', NO_JSON],
    ['no body', '', 'application/json', NO_JSON],
    ['malformed JSON', '{"message": ', 'application/json', NO_JSON],
    ['two bodies', '{"message": "x"}{"message": "y"}', 'application/json', NO_JSON],
    ['bytes that are no UTF-8', Buffer.from([0x7b, 0xff, 0x7d]), 'application/json', NO_JSON],
    ['what nests without end', `{"message": ${'['.repeat(1_000)}`, 'application/json', NO_JSON],
    ['an object without the key', '{"msg": "x"}', 'application/json', NO_KEY],
    ['an empty object', '{}', 'application/json', NO_KEY],
    ['a list', '["message"]', 'application/json', NO_KEY],
    ['null', 'null', 'application/json', NO_KEY],
    ['a text alone', '"message"', 'application/json', NO_KEY],
    ['the key of a prototype', '{"__proto__": {"message": "x"}}', 'application/json', NO_KEY],
  ];
  it.each(refused)('%s is 400 in the original’s words', async (_, body, type, message) => {
    const answer = await post(body, type);
    expect(answer.status).toBe(400);
    expect(answer.json).toMatchObject({ status: 400, message });
  });

  it.each(['1', 'null', 'true', '["x"]', '{"a": "x"}'])(
    'a message %s, which is no text, is 400',
    async (value) => {
      const answer = await post(`{"message": ${value}}`);
      expect(answer.status).toBe(400);
      expect(textAt(answer.json, 'message')).toMatch(/not a string/);
    },
  );

  it('half a character, which could not be given back, is 400', async () => {
    for (const half of [String.raw`\ud800`, String.raw`a\udc00b`, String.raw`\udc00\ud800`])
      expect((await post(`{"message": "${half}"}`)).status).toBe(400);
  });

  it.each(['expires_in', 'max_reads', 'sealed'])(
    '"%s", which would be passed over here, is 400',
    async (key) => {
      const answer = await post(`{"message": "x", "${key}": 1}`);
      expect(answer.status).toBe(400);
      expect(textAt(answer.json, 'message')).toContain('POST /api/v1/messages');
    },
  );

  it('more than the cap is 413, whether in the text or in the body', async () => {
    expect((await make('x'.repeat(2_049))).status).toBe(413);
    expect((await make('x'.repeat(1_000_000))).status).toBe(413);
    expect((await make('x'.repeat(2_048))).status).toBe(200);
  });

  it('an id of no message is 404, in the original’s words', async () => {
    const answer = await read('7e57d004-2b97-4e7a-b45f-5387367791cd');
    expect(answer.status).toBe(404);
    expect(at(answer.json, 'status')).toBe(404);
    expect(textAt(answer.json, 'message')).toMatch(/There is no message for this id$/);
  });

  const malformed = [
    'nothing',
    '1',
    '7e57d004-2b97-4e7a-b45f-5387367791c',
    '7e57d004-2b97-4e7a-b45f-5387367791cdd',
    '7e57d0042b974e7ab45f5387367791cd',
    '%7B7e57d004-2b97-4e7a-b45f-5387367791cd%7D',
    '%00',
    '%ff%fe',
    '%zz',
    '..%2f..%2fetc%2fpasswd',
    '__proto__',
    'constructor',
    "'%20OR%201=1--",
    'a'.repeat(255),
    'a'.repeat(4_000),
  ];
  it.each(malformed)('an id such as %s is 404 and never 400', async (id) => {
    for (const method of ['GET', 'HEAD']) {
      const answer = await there.ask({ method, path: `/msg/${id}` });
      expect(answer.status).toBe(404);
      if (method === 'GET')
        expect(textAt(answer.json, 'message')).toMatch(/There is no message for this id$/);
    }
  });

  it.each(['POST', 'PUT', 'DELETE', 'PATCH'])('%s /msg/{id} is 405', async (method) => {
    const path = `/msg/${idOf(await make('x'))}`;
    const answer = await there.ask({ method, path, body: '{"message": "y"}' });
    expect([answer.status, answer.headers['allow']]).toEqual([405, 'GET, HEAD']);
    expect((await there.ask({ path })).status).toBe(200);
  });
});

describe('who makes too many messages', () => {
  afterAll(endOfVisits);

  it('is told to come again, on both routes together, and others are not', async () => {
    const there = await visit({
      config: 'http: {trustedProxies: [127.0.0.1]}\nmessages: {createdPerMinute: 5}\n',
    });
    const make = (path: string, from: string): Promise<Answer> =>
      there.ask({
        method: 'POST',
        path,
        headers: { 'content-type': 'application/json', 'x-forwarded-for': from },
        body: '{"message": "x"}',
      });
    for (let n = 0; n < 5; n++)
      expect((await make(n % 2 === 0 ? '/' : '/api/v1/messages', '203.0.113.1')).status).toBeLessThan(300);
    for (const path of ['/', '/api/v1/messages']) {
      const answer = await make(path, '203.0.113.1');
      expect(answer.status).toBe(429);
      expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    }
    expect((await make('/', '203.0.113.2')).status).toBe(200);
  });
});
