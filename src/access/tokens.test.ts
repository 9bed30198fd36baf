import { expect, test } from 'vitest';
import { onEachStore, onPostgres } from '../../tests/contracts/on-each-store.ts';
import { ManualClock } from '../../tests/support/manual-clock.ts';
import type { Store } from '../storage/store.ts';
import { ADMIN, openTokens } from './test-tokens.ts';
import { hashOf, markOf } from './token.ts';
import type { Proof, Tokens } from './tokens.ts';

const open = (store: Store, environment?: string): Tokens =>
  openTokens(store, new ManualClock(), environment).tokens;
const known = (proof: Proof) => {
  if (proof.kind !== 'known') throw new TypeError(`the token is ${proof.kind}`);
  return proof;
};

await onEachStore('tokens', (stage) => {
  test('the first is made once, and told this one time', async () => {
    const first = await open(stage.store).makeFirst();
    expect(first).toMatch(/^tocsin_[\w-]{43}$/);
    expect(await open(stage.store).makeFirst()).toBeUndefined();
    expect(known(await open(stage.store).authenticate(first ?? '')).actor.scope).toBe('admin');
  });

  test('of starts at once one makes it', async () => {
    const made = await Promise.all(Array.from({ length: 8 }, () => open(stage.store).makeFirst()));
    const told = made.filter((token) => token !== undefined);
    expect(told).toHaveLength(1);
    expect(known(await open(stage.store).authenticate(told[0] ?? '')).actor.id).toBe('tok_first');
  });

  test('the first is not made again once it was revoked, nor where an admin has another', async () => {
    const { tokens, control } = openTokens(stage.store, new ManualClock());
    await tokens.makeFirst();
    const { token } = await control.create({ name: 'own', scope: 'admin', lifeMs: undefined }, ADMIN);
    await control.revoke('tok_first', ADMIN);
    expect(await open(stage.store).makeFirst()).toBeUndefined();
    expect(token.id).not.toBe('tok_first');
    expect(await tokens.hasAdmin()).toBe(true);
  });

  test('once the last admin’s is over it is known that only the owner of the machine can help', async () => {
    const clock = new ManualClock();
    const { tokens, control } = openTokens(stage.store, clock);
    await control.create({ name: 'own', scope: 'admin', lifeMs: 1_000 }, ADMIN);
    expect(await tokens.hasAdmin()).toBe(true);
    await clock.advance(1_000);
    expect(await tokens.hasAdmin()).toBe(false);
    expect(await openTokens(stage.store, clock, 'the-token-of-the-settings').tokens.hasAdmin()).toBe(true);
  });

  test('an admin who made a token on the command line gets no second one at the first start', async () => {
    const { control } = openTokens(stage.store, new ManualClock());
    await control.create({ name: 'own', scope: 'admin', lifeMs: undefined }, ADMIN);
    expect(await open(stage.store).makeFirst()).toBeUndefined();
  });

  test('are kept as hashes only', async () => {
    const first = (await open(stage.store).makeFirst()) ?? '';
    const { control } = openTokens(stage.store, new ManualClock());
    const { secret } = await control.rotate('tok_first', { graceMs: 1_000, lifeMs: undefined }, ADMIN);
    const kept = await stage.atRest();
    expect(kept).toContain('tok_first');
    for (const shown of [first, secret]) {
      expect(kept).not.toContain(shown);
      expect(kept).not.toContain(shown.slice('tocsin_'.length, 30));
    }
  });

  test("a wrong one is nobody's", async () => {
    const tokens = open(stage.store, 'the-token-of-the-settings');
    const first = (await open(stage.store).makeFirst()) ?? '';
    const wrong = [
      '',
      'tocsin_',
      first.slice(0, -1),
      `${first}x`,
      first.toUpperCase(),
      'the-token-of-the-setting',
      'a\0b',
    ];
    for (const token of wrong) expect(await tokens.authenticate(token)).toEqual({ kind: 'unknown' });
    expect(await tokens.holder('tok_nobody', 'x')).toEqual({ kind: 'unknown' });
    expect((await tokens.holder('tok_first', 'x')).kind).toBe('over');
  });

  test("the one of the settings is an admin's, is not stored, and stands in for the first", async () => {
    const tokens = open(stage.store, 'the-token-of-the-settings');
    expect(await tokens.makeFirst()).toBeUndefined();
    const { actor, mark } = known(await tokens.authenticate('the-token-of-the-settings'));
    expect(actor).toEqual({
      id: expect.stringMatching(/^tok_environment_/),
      name: 'TOCSIN_TOKEN',
      scope: 'admin',
    });
    expect(known(await tokens.holder(actor.id, mark)).actor).toEqual(actor);
    expect(await stage.atRest()).not.toContain('the-token-of-the-settings');
  });

  test('taken out of the settings or replaced there, its sessions end with it', async () => {
    const { actor, mark } = known(
      await open(stage.store, 'the-token-of-the-settings').authenticate('the-token-of-the-settings'),
    );
    for (const later of [open(stage.store), open(stage.store, 'the-next-token')]) {
      expect(await later.holder(actor.id, mark)).toEqual({ kind: 'unknown' });
      expect(await later.authenticate('the-token-of-the-settings')).toEqual({ kind: 'unknown' });
    }
  });

  test('with an end ends to the millisecond, whatever was remembered', async () => {
    const clock = new ManualClock();
    const { tokens, control } = openTokens(stage.store, clock);
    const { secret, token } = await control.create({ name: 'ci', scope: 'read', lifeMs: 60_000 }, ADMIN);
    await clock.advance(59_999);
    expect(known(await tokens.authenticate(secret)).actor.expiresAt).toBe(token.expiresAt);
    await clock.advance(1);
    expect(await tokens.authenticate(secret)).toEqual({ kind: 'over', ending: 'expired', actorId: token.id });
    expect((await tokens.holder(token.id, markOf(hashOf(secret)))).kind).toBe('over');
  });

  test('that are used are looked up once in two seconds, and used ones are known by it', async () => {
    const clock = new ManualClock();
    const { tokens, control, uses, tokenStore } = openTokens(stage.store, clock);
    const { secret, token } = await control.create({ name: 'ci', scope: 'read', lifeMs: undefined }, ADMIN);
    for (let n = 0; n < 50; n++) known(await tokens.authenticate(secret));
    expect(await tokenStore.byId(token.id)).toMatchObject({ lastUsedAt: undefined });
    const usedAt = clock.now();
    await uses.flush();
    expect(await tokenStore.byId(token.id)).toMatchObject({ lastUsedAt: usedAt });
    await clock.advance(30_000);
    known(await tokens.authenticate(secret));
    await uses.flush();
    expect(await tokenStore.byId(token.id), 'once a minute').toMatchObject({ lastUsedAt: usedAt });
    await clock.advance(30_000);
    known(await tokens.authenticate(secret));
    await uses.flush();
    expect(await tokenStore.byId(token.id)).toMatchObject({ lastUsedAt: usedAt + 60_000 });
  });

  test('that ended long ago are forgotten, the first excepted: it must not be made anew', async () => {
    const clock = new ManualClock();
    const { tokens, control, tokenStore } = openTokens(stage.store, clock);
    await tokens.makeFirst();
    const make = (lifeMs: number | undefined) => control.create({ name: 'n', scope: 'admin', lifeMs }, ADMIN);
    const [expired, revoked, stays] = [await make(1_000), await make(undefined), await make(undefined)];
    await control.revoke(revoked.token.id, ADMIN);
    await control.revoke('tok_first', ADMIN);
    await clock.advance(10_000);
    expect(await tokenStore.forget(clock.now(), 10)).toBe(2);
    expect(await tokenStore.byId(expired.token.id)).toBeUndefined();
    expect(await tokenStore.byId(revoked.token.id)).toBeUndefined();
    expect(await tokenStore.byId('tok_first')).toBeDefined();
    expect(await tokenStore.byId(stays.token.id)).toBeDefined();
  });
});

await onPostgres('tokens of two replicas', (stage) => {
  test('that start together: one of them makes the first', async () => {
    const another = await stage.openAnother();
    const made = await Promise.all(
      [stage.store, another, stage.store, another].map((store) => open(store).makeFirst()),
    );
    expect(made.filter((token) => token !== undefined)).toHaveLength(1);
  });

  test('one revoked on the other stops within two seconds; a new secret works at once', async () => {
    const clock = new ManualClock();
    const here = openTokens(stage.store, clock);
    const there = openTokens(await stage.openAnother(), clock);
    const { secret, token } = await here.control.create(
      { name: 'ci', scope: 'read', lifeMs: undefined },
      ADMIN,
    );
    known(await there.tokens.authenticate(secret));
    known(await there.tokens.holder(token.id, markOf(hashOf(secret))));
    const rotated = await here.control.rotate(token.id, { graceMs: 0, lifeMs: undefined }, ADMIN);
    known(await there.tokens.authenticate(rotated.secret));
    known(await there.tokens.holder(token.id, markOf(hashOf(rotated.secret))));
    await here.control.revoke(token.id, ADMIN);
    await clock.advance(2_000);
    for (const shown of [secret, rotated.secret]) {
      expect((await there.tokens.authenticate(shown)).kind).not.toBe('known');
    }
  });

  test('that each take away the other’s last admin: one of them finds that nobody would remain', async () => {
    const another = await stage.openAnother();
    for (let round = 0; round < 8; round++) {
      const clock = new ManualClock();
      const here = openTokens(stage.store, clock);
      const there = openTokens(another, clock);
      const make = () => here.control.create({ name: 'n', scope: 'admin', lifeMs: undefined }, ADMIN);
      const [one, other] = [await make(), await make()];
      const others = (await here.tokenStore.list()).filter(
        ({ id }) => id !== one.token.id && id !== other.token.id,
      );
      for (const { id } of others) await here.control.revoke(id, ADMIN);
      await Promise.allSettled([
        here.control.revoke(one.token.id, ADMIN),
        there.control.revoke(other.token.id, ADMIN),
      ]);
      expect(await here.tokenStore.list(), `round ${round}`).toHaveLength(1);
    }
  });
});
