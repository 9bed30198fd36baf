import { expect, test } from 'vitest';
import { onEachStore, type Stage } from '../../tests/contracts/on-each-store.ts';
import { ManualClock } from '../../tests/support/manual-clock.ts';
import { Problem, type ProblemCode } from '../kernel/problem.ts';
import type { Scope } from '../kernel/route.ts';
import { Sealer } from '../kernel/seal.ts';
import { Secret, sha256Hex } from '../kernel/secret.ts';
import { OperatorAccess } from './access.ts';
import { SESSION_COOKIE, Sessions } from './sessions.ts';
import { Tokens } from './tokens.ts';

const TOKEN = 'the-token-of-the-settings';
const client = { address: '192.0.2.1' };
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

function start(stage: Stage) {
  const clock = new ManualClock();
  const sessions = new Sessions(new Sealer('a-master-key-of-the-test', 'sessions'), clock);
  const access = new OperatorAccess(new Tokens(stage.store, clock, new Secret(TOKEN)), sessions, clock);
  const cookie = (id: string) => ({
    cookie: `a=b; ${SESSION_COOKIE}=${encodeURIComponent(sessions.open(id))}; c=d`,
  });
  return { clock, access, cookie };
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
    const { access, cookie } = start(stage);
    const actor = await access.require('admin', 'POST', bearer(TOKEN), client);
    expect(actor).toMatchObject({ name: 'TOCSIN_TOKEN', scope: 'admin' });
    expect(await access.require('admin', 'GET', cookie(actor.id), client)).toEqual(actor);
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
    const { access, cookie } = start(stage);
    const { id } = await access.require('read', 'GET', bearer(TOKEN), client);
    const headers = { ...bearer('wrong'), ...cookie(id) };
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
    const { access, cookie } = start(stage);
    await keepToken(stage, 'a-reading-token', 'read');
    const headers = cookie('tok_read');
    expect(await access.require('read', 'GET', headers, client)).toMatchObject({ id: 'tok_read' });
    await stage.store.write.withTables<{ tokens: { id: string } }>().deleteFrom('tokens').execute();
    expect(await problemOf(access.require('read', 'GET', headers, client))).toBe('unauthorized');
  });

  test("changes nothing by a session alone from another site's page", async () => {
    const { access, cookie } = start(stage);
    const session = cookie((await access.require('read', 'GET', bearer(TOKEN), client)).id);
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
