import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, at, listAt, textAt } from '../support/ask.ts';
import { scrape } from '../support/metrics.ts';
import { newDirectory, startService, TOKEN } from '../support/service.ts';
import { until } from '../support/until.ts';
import { endOfVisits, type Visit, visit, visitAt } from '../support/visitor.ts';
import { writeToken } from '../support/way-in.ts';
import { hostileBodies } from './hostile-input.ts';

const PATH = '/api/v1/messages';
const DAY_MS = 86_400_000;

afterAll(endOfVisits);

const asking = (there: Visit) => {
  const send = (
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> =>
    there.ask({
      method,
      path,
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  return {
    send,
    make: (body: unknown, headers?: Record<string, string>) => send('POST', PATH, body, headers),
    claim: (id: string, token?: string, headers?: Record<string, string>) =>
      send('POST', `${PATH}/${id}/claim`, token === undefined ? {} : { claim_token: token }, headers),
    facts: (id: string) => send('GET', `${PATH}/${id}`),
  };
};

/** As a client seals: here the content does not matter. */
function sealed(ciphertext = randomBytes(64).toString('base64url')) {
  const token = randomBytes(32);
  const claim_hash = createHash('sha256').update(token).digest('base64url');
  return { token: token.toString('base64url'), body: { sealed: { version: 1, ciphertext, claim_hash } } };
}
const idOf = (answer: Answer): string => textAt(answer.json, 'message_id');
const code = (answer: Answer): unknown => at(answer.json, 'code');

describe('the API of messages', () => {
  let there: Visit;
  let go: ReturnType<typeof asking>;
  beforeAll(async () => {
    const config =
      'http:\n  trustedProxies: [127.0.0.1]\nmessages:\n  bytesMax: 4096\n  readsMax: 5\n  expiresIn: {min: 10s, default: 1h, max: 2d}\n';
    there = await visit({ config });
    go = asking(there);
  });

  it('tells what messages may be like, for page and command line to be the same', async () => {
    const { status, json, headers } = await go.send('GET', `${PATH}/limits`);
    expect([status, headers['cache-control']]).toEqual([200, 'no-store']);
    expect(json).toEqual({
      bytes_max: 4_096,
      expires_in: { min: 10, default: 3_600, max: 172_800 },
      reads_max: 5,
      create: 'everyone',
    });
  });

  it('a message is made, known by its facts, read and deleted', async () => {
    const before = Date.now();
    const made = await go.make({ message: 'héllo' });
    expect(made.status).toBe(201);
    const id = idOf(made);
    expect(made.json).toMatchObject({
      url: `${there.url}/m/${id}`,
      max_reads: null,
      delete_token: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/),
      reference: createHash('sha256').update(id).digest('hex').slice(0, 12),
    });
    const expiresAt = Date.parse(textAt(made.json, 'expires_at'));
    expect(expiresAt - before).toBeGreaterThan(3_595_000);
    expect(expiresAt - before).toBeLessThan(3_700_000);
    const facts = await go.facts(id.toUpperCase());
    expect(facts.json).toMatchObject({
      message_id: id,
      reference: textAt(made.json, 'reference'),
      sealed: false,
      max_reads: null,
      reads_left: null,
      expires_at: textAt(made.json, 'expires_at'),
      bytes: 6,
    });
    expect(facts.text).not.toContain('héllo');
    expect((await go.send('GET', `/msg/${id}`)).json).toEqual({ message: 'héllo', status: 200 });
    const claimed = await go.claim(id);
    expect(claimed.json).toEqual({ message_id: id, message: 'héllo', reads_left: null });

    const token = { 'tocsin-delete-token': textAt(made.json, 'delete_token') };
    expect(code(await go.send('DELETE', `${PATH}/${id}`))).toBe('wrong_key');
    const wrong = { 'tocsin-delete-token': randomBytes(32).toString('base64url') };
    expect(code(await go.send('DELETE', `${PATH}/${id}`, undefined, wrong))).toBe('wrong_key');
    expect((await go.send('DELETE', `${PATH}/${id}`, undefined, token)).status).toBe(204);
    expect(code(await go.send('DELETE', `${PATH}/${id}`, undefined, token))).toBe('not_found');
    expect((await go.send('GET', `/msg/${id}`)).status).toBe(404);
    expect((await go.claim(id)).status).toBe(404);
  });

  it('one that burns is released by a claim, so many times and no more', async () => {
    const id = idOf(await go.make({ message: 'twice', max_reads: 2 }));
    for (const method of ['GET', 'HEAD', 'GET']) {
      const answer = await go.send(method, `/msg/${id}`);
      expect(answer.status).toBe(409);
      if (method === 'GET') expect(textAt(answer.json, 'message')).toContain(`POST ${PATH}/${id}/claim`);
    }
    expect(at((await go.facts(id)).json, 'reads_left')).toBe(2);
    expect((await go.claim(id)).json).toEqual({ message_id: id, message: 'twice', reads_left: 1 });
    expect((await go.claim(id)).json).toEqual({ message_id: id, message: 'twice', reads_left: 0 });
    for (const gone of [await go.claim(id), await go.facts(id), await go.send('GET', `/msg/${id}`)])
      expect(gone.status).toBe(404);
  });

  it('a sealed one is given to the claim token alone, and a wrong one changes nothing', async () => {
    const { token, body } = sealed();
    const id = idOf(await go.make({ ...body, max_reads: 1 }));
    expect((await go.facts(id)).json).toMatchObject({ sealed: true, version: 1, reads_left: 1 });
    expect((await go.send('GET', `/msg/${id}`)).status).toBe(409);
    const wrong = [
      undefined,
      '',
      'AAAA',
      sealed().token,
      `${token}A`,
      token.slice(1),
      token.toLowerCase(),
      'x'.repeat(256),
    ];
    for (const one of wrong) expect(code(await go.claim(id, one)), String(one)).toBe('wrong_key');
    expect(at((await go.facts(id)).json, 'reads_left')).toBe(1);
    const released = await go.claim(id, token);
    expect(released.json).toEqual({
      message_id: id,
      sealed: { version: 1, ciphertext: body.sealed.ciphertext },
      reads_left: 0,
    });
    expect((await go.claim(id, token)).status).toBe(404);
  });

  it('neither hash nor token of a sealed one is ever shown again', async () => {
    const { token, body } = sealed();
    const made = await go.make(body);
    const answers = [
      await go.facts(idOf(made)),
      await go.claim(idOf(made), 'wrong'),
      await go.claim(idOf(made), token),
    ];
    for (const { text } of answers) {
      expect(text).not.toContain(body.sealed.claim_hash);
      expect(text).not.toContain(token);
      expect(text).not.toContain(textAt(made.json, 'delete_token'));
    }
  });

  it('who tries wrong keys is slowed, and the holder of the right one from elsewhere is not', async () => {
    const { token, body } = sealed();
    const id = idOf(await go.make({ ...body, max_reads: 1 }));
    let turnedAway = 0;
    const tries = Array.from({ length: 40 }, async (_, n) => {
      const answer = await go.claim(id, `wrong ${n}`, { 'x-forwarded-for': '203.0.113.66' });
      if (answer.status === 429) turnedAway += 1;
      return answer.status;
    });
    await until('the guesser to be slowed', () => turnedAway > 0);
    const held = await go.claim(id, token, { 'x-forwarded-for': '198.51.100.7' });
    expect(held.json).toMatchObject({ sealed: { version: 1 }, reads_left: 0 });
    // Those in line still are told that it is gone; none was told the content.
    expect(new Set(await Promise.all(tries))).toEqual(new Set([403, 404, 429]));
  }, 60_000);

  const faulty: readonly (readonly [string, unknown, RegExp])[] = [
    ['neither text nor sealed', {}, /either "message"/],
    ['both', { message: 'x', ...sealed().body }, /either "message"/],
    ['a life that is too short', { message: 'x', expires_in: 9 }, /10 to 172800 seconds/],
    ['a life that is too long', { message: 'x', expires_in: 172_801 }, /10 to 172800 seconds/],
    ['a life of parts of seconds', { message: 'x', expires_in: 10.5 }, /expires_in/],
    ['a life in words', { message: 'x', expires_in: '10' }, /expires_in/],
    ['a life beyond all numbers', { message: 'x', expires_in: 1e300 }, /expires_in|10 to 172800/],
    ['no reads', { message: 'x', max_reads: 0 }, /max_reads/],
    ['fewer reads', { message: 'x', max_reads: -1 }, /max_reads/],
    ['more reads than there may be', { message: 'x', max_reads: 6 }, /1 to 5/],
    ['a member that is not known', { message: 'x', maxReads: 1 }, /./],
    ['another version', { sealed: { ...sealed().body.sealed, version: 2 } }, /version/],
    ['an empty envelope', { sealed: { ...sealed().body.sealed, ciphertext: '' } }, /ciphertext/],
    [
      'an envelope in another alphabet',
      { sealed: { ...sealed().body.sealed, ciphertext: 'a+b/' } },
      /ciphertext/,
    ],
    ['a hash that is too short', { sealed: { ...sealed().body.sealed, claim_hash: 'AAAA' } }, /claim_hash/],
    ['a hash in hex', { sealed: { ...sealed().body.sealed, claim_hash: 'a'.repeat(64) } }, /claim_hash/],
    [
      'a hash with bits to spare',
      { sealed: { ...sealed().body.sealed, claim_hash: 'B'.repeat(43) } },
      /claim_hash/,
    ],
    ['half a character', { message: '\ud800' }, /surrogate/],
  ];
  it.each(faulty)('%s is 400, and says which', async (_, body, detail) => {
    const answer = await go.make(body);
    expect(answer.status, answer.text).toBe(400);
    expect(textAt(answer.json, 'detail') + JSON.stringify(at(answer.json, 'errors'))).toMatch(detail);
  });

  it('its bounds are where they are said to be', async () => {
    for (const body of [
      { message: 'x', expires_in: 10, max_reads: 5 },
      { message: 'x', expires_in: 172_800, max_reads: 1 },
      { message: 'x'.repeat(4_096) },
      sealed('A'.repeat(4_096)).body,
    ])
      expect((await go.make(body)).status).toBe(201);
    for (const body of [
      { message: 'x'.repeat(4_097) },
      { message: 'é'.repeat(2_049) },
      sealed('A'.repeat(4_097)).body,
    ])
      expect((await go.make(body)).status).toBe(413);
  });

  it('no body is too much for a claim or a deletion', async () => {
    const { token, body: whole } = sealed();
    const id = idOf(await go.make({ ...whole, max_reads: 1 }));
    for (const body of hostileBodies.filter((one) => one !== '')) {
      const headers = { 'content-type': 'application/json' };
      for (const [method, path] of [
        ['POST', `${PATH}/${id}/claim`],
        ['DELETE', `${PATH}/${id}`],
      ] as const) {
        const answer = await there.ask({ method, path, headers, body });
        expect([400, 403, 413], `${method} ${String(body).slice(0, 50)}`).toContain(answer.status);
      }
    }
    expect(at((await go.claim(id, token)).json, 'reads_left')).toBe(0);
  });

  it('one message expires for every door at once', async () => {
    const short = await visit({ config: 'messages:\n  expiresIn: {min: 1s, default: 1s}\n' });
    const { make, claim, facts, send } = asking(short);
    const id = idOf(await make({ message: 'short', max_reads: 3 }));
    expect((await facts(id)).status).toBe(200);
    await until('its end', async () => (await facts(id)).status === 404);
    expect((await claim(id)).status).toBe(404);
    expect((await send('GET', `/msg/${id}`)).status).toBe(404);
    expect(
      (await send('DELETE', `${PATH}/${id}`, undefined, { authorization: `Bearer ${TOKEN}` })).status,
    ).toBe(404);
  });

  it('is counted for monitoring, by what became of it', async () => {
    const reading = await scrape(there.url);
    expect(reading.value('tocsin_messages_created_total', { kind: 'sealed' })).toBeGreaterThan(0);
    expect(reading.value('tocsin_messages_refused_total', { reason: 'too_large' })).toBe(3);
    expect(reading.value('tocsin_messages_claims_total', { outcome: 'burned' })).toBeGreaterThan(1);
    expect(reading.value('tocsin_messages_claims_total', { outcome: 'refused' })).toBeGreaterThan(1);
    expect(reading.value('tocsin_messages_kept')).toBeGreaterThan(0);
    expect(reading.value('tocsin_messages_kept_bytes')).toBeGreaterThan(4_096);
  });
});

describe('who may make messages', () => {
  it('is everyone, or operators alone: others are 401 before their body was read', async () => {
    const there = await visit({ config: 'messages: {create: operators}\n' });
    const { send, make } = asking(there);
    for (const path of ['/', PATH]) {
      const answer = await send('POST', path, { message: 'x' });
      expect([answer.status, at(answer.json, 'status'), code(answer)]).toEqual([401, 401, 'unauthorized']);
      expect(textAt(answer.json, 'message')).toMatch(/operators/);
      const unread = await there.raw(
        `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{`,
      );
      expect(unread.statuses).toEqual([401]);
    }
    expect((await there.operator('POST', '/', { message: 'x' })).status).toBe(200);
    const made = await there.operator('POST', PATH, { message: 'x', max_reads: 1 });
    expect(made.status).toBe(201);
    // Reading needs only the link.
    expect((await send('POST', `${PATH}/${idOf(made)}/claim`, {})).status).toBe(200);
    expect((await make({ message: 'x' }, { authorization: 'Bearer wrong' })).status).toBe(401);
    expect(at((await send('GET', `${PATH}/limits`)).json, 'create')).toBe('operators');
    const proxys = { authorization: `Basic ${btoa('someone:hunter2')}` };
    expect((await make({ message: 'x' }, proxys)).status).toBe(401);
  });

  it('an operator of the scope operate deletes any message, one of the scope read none', async () => {
    const there = await visit();
    const { make, send, facts } = asking(there);
    const made = await make({ message: 'x' });
    const as = (scope: 'read' | 'operate') => ({
      authorization: `Bearer ${writeToken(there.service.directory, { scope })}`,
    });
    expect(code(await send('DELETE', `${PATH}/${idOf(made)}`, undefined, as('read')))).toBe('wrong_key');
    expect((await facts(idOf(made))).status).toBe(200);
    expect((await send('DELETE', `${PATH}/${idOf(made)}`, undefined, as('operate'))).status).toBe(204);
    const audit = await there.operator('GET', '/api/v1/audit?action=message.delete');
    expect(listAt(audit.json, 'items')).toHaveLength(1);
    expect(at(audit.json, 'items', 0, 'subject')).toBe(textAt(made.json, 'reference'));
  });
});

describe('what is kept', () => {
  it('is there after a restart, for seven days by default; what was burned is not', async () => {
    const directory = newDirectory();
    const first = await visitAt(await startService({ directory }));
    const go = asking(first);
    const { token, body } = sealed();
    const [kept, counted, secret, burned] = [
      await go.make({ message: 'kept' }),
      await go.make({ message: 'counted', max_reads: 2 }),
      await go.make({ ...body, max_reads: 1 }),
      await go.make({ message: 'burned', max_reads: 1 }),
    ];
    const life = Date.parse(textAt(kept.json, 'expires_at')) - Date.now();
    expect(Math.abs(life - 7 * DAY_MS)).toBeLessThan(60_000);
    await go.claim(idOf(counted));
    await go.claim(idOf(burned));
    await first.service.kill();
    const again = asking(await visitAt(await startService({ directory })));
    expect(at((await again.send('GET', `/msg/${idOf(kept)}`)).json, 'message')).toBe('kept');
    expect((await again.claim(idOf(counted))).json).toMatchObject({ message: 'counted', reads_left: 0 });
    expect((await again.claim(idOf(secret), token)).status).toBe(200);
    expect((await again.claim(idOf(burned))).status).toBe(404);
  });

  it('in memory is gone with the process', async () => {
    const directory = newDirectory();
    const options = { directory, env: { TOCSIN_MESSAGES_STORE: 'memory' } };
    const first = await visitAt(await startService(options));
    const id = idOf(await asking(first).make({ message: 'kept' }));
    expect((await asking(first).claim(id)).status).toBe(200);
    await first.service.stop();
    const again = asking(await visitAt(await startService(options)));
    expect((await again.facts(id)).status).toBe(404);
  });

  it.each([
    ['messagesMax: 3', 'messages.messagesMax', 'x'],
    ['bytesMax: 1024\n  totalBytesMax: 3072', 'messages.totalBytesMax', 'x'.repeat(1_024)],
  ])(
    'is capped (%s): 507 names the setting, and what was deleted makes room',
    async (setting, named, message) => {
      const there = await visit({ config: `messages:\n  ${setting}\n` });
      const { make, send } = asking(there);
      const made = [await make({ message }), await make({ message }), await make({ message })];
      expect(made.map(({ status }) => status)).toEqual([201, 201, 201]);
      for (const path of ['/', PATH]) {
        const full = await send('POST', path, { message });
        expect([full.status, code(full), at(full.json, 'limit')]).toEqual([507, 'store_full', named]);
        expect(textAt(full.json, 'message')).toContain(named);
      }
      const [first] = made;
      if (first === undefined) throw new TypeError('none was made');
      const token = { 'tocsin-delete-token': textAt(first.json, 'delete_token') };
      expect((await send('DELETE', `${PATH}/${idOf(first)}`, undefined, token)).status).toBe(204);
      expect((await make({ message })).status).toBe(201);
    },
  );
});

describe('receipts', () => {
  it('tell the maker what became of a message, without its text, its id or its token', async () => {
    const there = await visit({ config: 'messages:\n  expiresIn: {min: 1s}\n' });
    const { claim, make } = asking(there);
    const { token, body } = sealed();
    const mine = await there.operator('POST', PATH, { ...body, max_reads: 2 });
    const short = await there.operator('POST', PATH, { message: 'never-to-be-told', expires_in: 1 });
    await make({ message: 'of nobody known', max_reads: 1 });
    for (let n = 0; n < 12; n++) await claim(idOf(mine), `wrong ${n}`);
    await claim(idOf(mine), token);
    await claim(idOf(mine), token);
    const events = async (): Promise<readonly unknown[]> =>
      listAt((await there.operator('GET', '/api/v1/events?source=tocsin&limit=100')).json, 'items');
    const told = await until('all receipts', async () => {
      const found = await events();
      return found.length >= 14 && found;
    });
    const types = told.map((event) => textAt(event, 'type'));
    const count = (type: string): number => types.filter((one) => one === type).length;
    expect(count('message.created')).toBe(2);
    expect(count('message.wrong_key')).toBe(10);
    expect([count('message.read'), count('message.burned')]).toEqual([1, 1]);
    const references = new Set(told.map((event) => textAt(event, 'subject', 'id')));
    expect(references).toEqual(new Set([textAt(mine.json, 'reference'), textAt(short.json, 'reference')]));
    for (const event of told) {
      const whole = await there.operator('GET', `/api/v1/events/${textAt(event, 'id')}`);
      for (const never of [idOf(mine), idOf(short), token, 'never-to-be-told', body.sealed.ciphertext])
        expect(whole.text).not.toContain(never);
    }
  }, 60_000);

  it('are for rules like any other event', async () => {
    const config =
      'rules:\n  - {id: receipts, when: {source: tocsin, type: {prefix: message.}, labels.maker: TOCSIN_TOKEN}, targets: [log]}\ndefault: []\n';
    const there = await visit({ config });
    const { json } = await there.operator('POST', PATH, { message: 'x' });
    await until('the receipt in the log', () =>
      there.service.stdout().includes(`Message ${textAt(json, 'reference')} was made`),
    );
  });
});

it('the log and what a metric is called by hold no id of a message, however it was asked for', async () => {
  const there = await visit({ env: { TOCSIN_LOG_LEVEL: 'debug' } });
  const { make, claim, send } = asking(there);
  const made = await make({ message: 'a-text-that-is-not-logged', max_reads: 1 });
  const id = idOf(made);
  for (const path of [
    `/msg/${id}`,
    `/m/${id}`,
    `${PATH}/${id}`,
    `/msg/${id}/`,
    `/msg//${id}`,
    `/nowhere/${id}`,
    `/msg/${id}%zz`,
  ])
    for (const method of ['GET', 'HEAD', 'PROPFIND', 'DELETE'])
      await there.raw(`${method} ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
  await claim(id, 'wrong');
  await claim(id);
  await send('DELETE', `${PATH}/${id}`, undefined, { authorization: `Bearer ${TOKEN}` });
  const metrics = await there.operator('GET', '/metrics');
  expect(metrics.text).not.toContain(id);
  await there.service.stop();
  const output = there.service.stdout() + there.service.stderr();
  expect(output).toContain('/api/v1/messages/:id/claim');
  for (const never of [id, 'a-text-that-is-not-logged', textAt(made.json, 'delete_token')])
    expect(output).not.toContain(never);
});
