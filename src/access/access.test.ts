import { expect, test } from 'vitest';
import { onEachStore, type Stage } from '../../tests/contracts/on-each-store.ts';
import { ManualClock } from '../../tests/support/manual-clock.ts';
import { Problem, type ProblemCode } from '../kernel/problem.ts';
import type { Scope } from '../kernel/route.ts';
import { Sealer } from '../kernel/seal.ts';
import { sha256Hex } from '../kernel/secret.ts';
import { openMemory } from '../storage/ephemeral/memory.ts';
import { OperatorAccess } from './access.ts';
import { SESSION_COOKIE, Sessions } from './sessions.ts';
import { ADMIN, openTokens } from './test-tokens.ts';

const TOKEN = 'the-token-of-the-settings';
const client = { address: '192.0.2.1' };
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

function start(stage: Stage) {
  const clock = new ManualClock();
  const sealer = new Sealer('a-master-key-of-the-test', 'sessions');
  const sessions = new Sessions({ sealer, clock, ended: openMemory(clock) });
  const { tokens, control } = openTokens(stage.store, clock, TOKEN);
  const told: string[] = [];
  const log = { warn: (fields: object) => void told.push(JSON.stringify(fields)) };
  const access = new OperatorAccess({ tokens, sessions, clock, log });
  /** What a browser sends after the token was exchanged. */
  const signIn = async (token: string) => {
    const cookie = await access.openSession(bearer(token), false);
    return { cookie: `a=b; ${cookie?.name}=${encodeURIComponent(cookie?.value ?? '')}; c=d` };
  };
  return { clock, access, control, told, signIn };
}

async function keepToken(stage: Stage, token: string, scope: Scope): Promise<void> {
  await stage.store.write
    .withTables<{ tokens: { id: string; name: string; hash: string; scope: string; created_at: number } }>()
    .insertInto('tokens')
    .values({ id: `tok_${scope}`, name: scope, hash: sha256Hex(token), scope, created_at: 0 })
    .execute();
}

async function problemOf(call: Promise<unknown>): Promise<ProblemCode | undefined> {
  return call.then(
    () => undefined,
    (error: unknown) => {
      if (error instanceof Problem) return error.code;
      throw error;
    },
  );
}

await onEachStore('an operator', (stage) => {
  test('is known by the token, and by the session that it was exchanged for', async () => {
    const { access, clock, signIn } = start(stage);
    const actor = await access.require('admin', 'POST', bearer(TOKEN), client);
    expect(actor).toMatchObject({ name: 'TOCSIN_TOKEN', scope: 'admin' });
    const expiresAt = clock.now() + 12 * 3_600_000;
    expect(await access.require('admin', 'GET', await signIn(TOKEN), client)).toEqual({
      ...actor,
      expiresAt,
    });
  });

  test('without a right token or session is nobody', async () => {
    const { access } = start(stage);
    const wrong = [
      {},
      bearer('wrong'),
      { authorization: TOKEN },
      { authorization: `Basic ${TOKEN}` },
      bearer('a b'),
      bearer('x'.repeat(600)),
      { cookie: `${SESSION_COOKIE}=forged` },
      { cookie: `${SESSION_COOKIE}=%zz` },
      { cookie: `${SESSION_COOKIE}=${'x'.repeat(9_000)}` },
    ];
    for (const headers of wrong) {
      expect(await problemOf(access.require('read', 'GET', headers, client))).toBe('unauthorized');
    }
  });

  test('with a wrong token is not saved by a right session beside it', async () => {
    const { access, signIn } = start(stage);
    const headers = { ...bearer('wrong'), ...(await signIn(TOKEN)) };
    expect(await problemOf(access.require('read', 'GET', headers, client))).toBe('unauthorized');
  });

  test("may do what the token's scope includes, and nothing beyond", async () => {
    const { access } = start(stage);
    await keepToken(stage, 'an-operating-token', 'operate');
    const as = (scope: Scope) =>
      problemOf(access.require(scope, 'GET', bearer('an-operating-token'), client));
    expect([await as('read'), await as('operate'), await as('admin')]).toEqual([
      undefined,
      undefined,
      'forbidden',
    ]);
  });

  test('loses the session with the token', async () => {
    const { access, control, signIn } = start(stage);
    await keepToken(stage, 'a-reading-token', 'read');
    const headers = await signIn('a-reading-token');
    expect(await access.require('read', 'GET', headers, client)).toMatchObject({ id: 'tok_read' });
    await control.revoke('tok_read', ADMIN);
    expect(await problemOf(access.require('read', 'GET', headers, client))).toBe('unauthorized');
    expect(await access.stillMay('read', headers)).toBe(false);
  });

  test('loses the session with the very secret that it was exchanged for', async () => {
    const { access, clock, control, signIn } = start(stage);
    await keepToken(stage, 'a-reading-token', 'read');
    const before = await signIn('a-reading-token');
    const may = async (headers: { cookie: string }) =>
      (await problemOf(access.require('read', 'GET', headers, client))) ?? 'let in';
    const rotated = await control.rotate('tok_read', { graceMs: 60_000, lifeMs: undefined }, ADMIN);
    const after = await signIn(rotated.secret);
    expect([await may(before), await may(after)]).toEqual(['let in', 'let in']);
    await clock.advance(60_000);
    expect([await may(before), await may(after)]).toEqual(['unauthorized', 'let in']);
  });

  test('ends a session alone, and others go on', async () => {
    const { access, signIn } = start(stage);
    const [one, other] = [await signIn(TOKEN), await signIn(TOKEN)];
    await access.endSession(one);
    expect(await problemOf(access.require('read', 'GET', one, client))).toBe('unauthorized');
    expect(await problemOf(access.require('read', 'GET', other, client))).toBeUndefined();
    await access.endSession({});
    await access.endSession({ cookie: `${SESSION_COOKIE}=forged` });
  });

  test('gets no session for a session', async () => {
    const { access, signIn } = start(stage);
    expect(await access.openSession(await signIn(TOKEN), false)).toBeUndefined();
  });

  test("changes nothing by a session alone from another site's page", async () => {
    const { access, signIn } = start(stage);
    const session = await signIn(TOKEN);
    const from = (headers: Record<string, string>) =>
      problemOf(access.require('read', 'POST', { ...session, host: 'tocsin.test', ...headers }, client));
    expect(await from({})).toBe('forbidden');
    expect(await from({ 'sec-fetch-site': 'cross-site', origin: 'https://evil.test' })).toBe('forbidden');
    expect(await from({ 'sec-fetch-site': 'cross-site', origin: 'https://tocsin.test' })).toBe('forbidden');
    expect(await from({ 'sec-fetch-site': 'same-site' })).toBe('forbidden');
    expect(await from({ origin: 'null' })).toBe('forbidden');
    expect(await from({ 'sec-fetch-site': 'same-origin' })).toBeUndefined();
    expect(await from({ origin: 'https://tocsin.test' })).toBeUndefined();
  });

  test("is not known to another site's page that only reads", async () => {
    const { access, signIn } = start(stage);
    const session = await signIn(TOKEN);
    const from = (site: string) =>
      problemOf(access.require('read', 'GET', { ...session, 'sec-fetch-site': site }, client));
    expect(await from('cross-site')).toBe('unauthorized');
    expect(await from('same-site')).toBe('unauthorized');
    expect(await from('same-origin')).toBeUndefined();
    expect(await from('none')).toBeUndefined();
  });

  test("is not locked out by what any site's page can have a browser send, nor by a token that is over", async () => {
    const { access, control, signIn } = start(stage);
    await keepToken(stage, 'a-reading-token', 'read');
    const session = await signIn('a-reading-token');
    await control.revoke('tok_read', ADMIN);
    const nothings = [{}, { ...session, 'sec-fetch-site': 'cross-site' }, session, bearer('a-reading-token')];
    for (let n = 0; n < 200; n++) {
      const call = access.require('read', 'GET', nothings[n % 4] ?? {}, client);
      expect(await problemOf(call)).toBe('unauthorized');
    }
    expect(await problemOf(access.require('read', 'GET', bearer(TOKEN), client))).toBeUndefined();
  });

  test('whom it refuses it tells the log, and why, but nothing of a secret', async () => {
    const { access, control, told, signIn } = start(stage);
    await keepToken(stage, 'a-reading-token', 'read');
    const session = await signIn(TOKEN);
    await problemOf(access.require('read', 'GET', bearer('a-guessed-token'), client));
    await problemOf(access.require('admin', 'GET', bearer('a-reading-token'), client));
    await problemOf(access.require('read', 'POST', session, client));
    await control.revoke('tok_read', ADMIN);
    await problemOf(access.require('read', 'GET', bearer('a-reading-token'), client));
    expect(told.map((line) => /"reason":"(\w+)"/.exec(line)?.[1])).toEqual([
      'unknown_token',
      'scope_too_small',
      'cross_site',
      'token_revoked',
    ]);
    expect(told.join()).not.toMatch(/guessed|a-reading-token|tocsin_session/);
  });

  test('who guesses tokens is made to wait, from that address only, and is let in again', async () => {
    const { access, clock } = start(stage);
    const guess = (address = client.address) =>
      problemOf(access.require('read', 'GET', bearer('wrong'), { address }));
    const answers: (string | undefined)[] = [];
    for (let n = 0; n < 40; n++) answers.push(await guess());
    expect(answers.filter((answer) => answer === 'unauthorized')).toHaveLength(30);
    expect(answers.at(-1)).toBe('too_many_requests');
    expect(await problemOf(access.require('read', 'GET', bearer(TOKEN), client))).toBe('too_many_requests');
    expect(
      await problemOf(access.require('read', 'GET', bearer(TOKEN), { address: '192.0.2.2' })),
    ).toBeUndefined();
    await clock.advance(60_000);
    expect(await problemOf(access.require('read', 'GET', bearer(TOKEN), client))).toBeUndefined();
  });

  test('with the right token is never made to wait, however many requests at once', async () => {
    const { access } = start(stage);
    await keepToken(stage, 'a-reading-token', 'read');
    const all = Array.from({ length: 200 }, () =>
      access.require('read', 'GET', bearer('a-reading-token'), client),
    );
    expect(await Promise.all(all)).toHaveLength(200);
  });
});
