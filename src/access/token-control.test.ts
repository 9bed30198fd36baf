import { describe, expect, test } from 'vitest';
import { onEachStore } from '../../tests/contracts/on-each-store.ts';
import { ManualClock } from '../../tests/support/manual-clock.ts';
import { Problem } from '../kernel/problem.ts';
import type { Scope } from '../kernel/route.ts';
import { listAudit } from './audit.ts';
import { ADMIN, openTokens } from './test-tokens.ts';
import { TOKENS_MAX } from './token.ts';

const HOUR_MS = 3_600_000;
const plain = { graceMs: 0, lifeMs: undefined };

const problem = async (call: Promise<unknown>): Promise<string | undefined> =>
  call.then(
    () => undefined,
    (error: unknown) => {
      if (error instanceof Problem) return error.code;
      throw error;
    },
  );

await onEachStore('an admin', (stage) => {
  const start = (environment?: string) => {
    const clock = new ManualClock();
    const opened = openTokens(stage.store, clock, environment);
    const make = (scope: Scope, lifeMs?: number) =>
      opened.control.create({ name: `a ${scope} token`, scope, lifeMs }, ADMIN);
    const isKnown = async (secret: string) => (await opened.tokens.authenticate(secret)).kind === 'known';
    return { clock, ...opened, make, isKnown };
  };

  test('makes tokens of any scope, nobody one above their own', async () => {
    const { control, make, tokens } = start();
    const { secret, token } = await make('operate', HOUR_MS);
    expect(await tokens.authenticate(secret)).toMatchObject({ actor: { id: token.id, scope: 'operate' } });
    const operator = { id: 'tok_o', name: 'o', scope: 'operate' } as const;
    const above = control.create({ name: 'n', scope: 'admin', lifeMs: undefined }, operator);
    expect(await problem(above)).toBe('forbidden');
    expect(
      await problem(control.create({ name: 'n', scope: 'operate', lifeMs: undefined }, operator)),
    ).toBeUndefined();
  });

  test('leaves a line in the audit log with every change, and never a secret or its hash', async () => {
    const { control, make } = start('the-token-of-the-settings');
    const { secret, token } = await make('admin', HOUR_MS);
    await control.rotate(token.id, { graceMs: 1_000, lifeMs: undefined }, ADMIN);
    await control.revoke(token.id, ADMIN);
    await control.revoke(token.id, ADMIN);
    const entries = await listAudit(stage.store, { subject: token.id }, 10);
    expect(entries.map(({ action, actor }) => [action, actor])).toEqual([
      ['token.revoke', ADMIN.id],
      ['token.rotate', ADMIN.id],
      ['token.create', ADMIN.id],
    ]);
    expect(entries[1]).toMatchObject({
      before: { name: 'a admin token', scope: 'admin' },
      after: { previousUntil: '2026-01-01T00:00:01.000Z' },
    });
    expect(JSON.stringify(entries)).not.toMatch(new RegExp(`${secret}|${token.hash}`));
  });

  test('cannot make tokens without end', async () => {
    const { make } = start();
    for (let made = 0; made < TOKENS_MAX; made += 250)
      await Promise.all(Array.from({ length: 250 }, () => make('read')));
    expect(await problem(make('read'))).toBe('conflict');
  });

  describe('by rotation', () => {
    test('ends the secret before, at once or after the grace that was asked for', async () => {
      const { clock, control, make, isKnown } = start('the-token-of-the-settings');
      const { secret, token } = await make('admin');
      const second = await control.rotate(token.id, { graceMs: HOUR_MS, lifeMs: undefined }, ADMIN);
      expect([await isKnown(secret), await isKnown(second.secret)]).toEqual([true, true]);
      await clock.advance(HOUR_MS);
      expect([await isKnown(secret), await isKnown(second.secret)]).toEqual([false, true]);
      const third = await control.rotate(token.id, plain, ADMIN);
      expect([await isKnown(second.secret), await isKnown(third.secret)]).toEqual([false, true]);
    });

    test('never gives a secret more time than its token had', async () => {
      const { clock, control, make, isKnown } = start();
      const { secret, token } = await make('read', HOUR_MS);
      const second = await control.rotate(token.id, { graceMs: 24 * HOUR_MS, lifeMs: undefined }, ADMIN);
      await clock.advance(HOUR_MS / 2);
      const third = await control.rotate(token.id, plain, ADMIN);
      await clock.advance(HOUR_MS - 1);
      expect([await isKnown(secret), await isKnown(second.secret), await isKnown(third.secret)]).toEqual([
        false,
        false,
        true,
      ]);
      await clock.advance(1);
      expect(await isKnown(third.secret)).toBe(false);
    });

    test('brings an expired token to life again, and its old secret not', async () => {
      const { clock, control, make, isKnown } = start();
      const { secret, token } = await make('read', HOUR_MS);
      await clock.advance(2 * HOUR_MS);
      const again = await control.rotate(token.id, { graceMs: HOUR_MS, lifeMs: undefined }, ADMIN);
      expect(again.token.expiresAt).toBe(clock.now() + HOUR_MS);
      expect([await isKnown(secret), await isKnown(again.secret)]).toEqual([false, true]);
    });

    test('of two at once gives two secrets one after the other, the last of which stays', async () => {
      const { control, make, isKnown } = start('the-token-of-the-settings');
      const { token } = await make('admin');
      const both = await Promise.all([
        control.rotate(token.id, plain, ADMIN),
        control.rotate(token.id, plain, ADMIN),
      ]);
      const known = await Promise.all(both.map(({ secret }) => isKnown(secret)));
      expect(known.filter(Boolean)).toHaveLength(1);
    });

    test('does not bring back what was revoked, or never was', async () => {
      const { control, make } = start('the-token-of-the-settings');
      const { token } = await make('read');
      await control.revoke(token.id, ADMIN);
      expect(await problem(control.rotate(token.id, plain, ADMIN))).toBe('not_found');
      expect(await problem(control.rotate('tok_nobody', plain, ADMIN))).toBe('not_found');
      expect(await problem(control.revoke('tok_nobody', ADMIN))).toBe('not_found');
    });
  });

  describe('cannot lock everybody out', () => {
    test('by revoking the last admin token that has no end, or by giving it one', async () => {
      const { control, make } = start();
      const { token } = await make('admin');
      await make('admin', HOUR_MS);
      await make('operate');
      expect(await problem(control.revoke(token.id, ADMIN))).toBe('conflict');
      expect(await problem(control.rotate(token.id, { graceMs: 0, lifeMs: HOUR_MS }, ADMIN))).toBe(
        'conflict',
      );
      expect(await problem(control.rotate(token.id, plain, ADMIN))).toBeUndefined();
      await make('admin');
      expect(await problem(control.revoke(token.id, ADMIN))).toBeUndefined();
    });

    test('by revoking the last one that lives at all', async () => {
      const { clock, control, make } = start();
      const [first, second] = [await make('admin', HOUR_MS), await make('admin', 2 * HOUR_MS)];
      await clock.advance(HOUR_MS);
      expect(await problem(control.revoke(second.token.id, ADMIN))).toBe('conflict');
      expect(await problem(control.revoke(first.token.id, ADMIN))).toBeUndefined();
    });

    test('by revoking all at once', async () => {
      const { control, make, tokenStore } = start();
      const made = await Promise.all(Array.from({ length: 6 }, () => make('admin')));
      await Promise.allSettled(made.map(({ token }) => control.revoke(token.id, ADMIN)));
      expect((await tokenStore.list()).length).toBeGreaterThan(0);
    });

    test('unless the settings name a token, which only they take away', async () => {
      const { control, make, tokens } = start('the-token-of-the-settings');
      const { token } = await make('admin');
      expect(await problem(control.revoke(token.id, ADMIN))).toBeUndefined();
      expect(await problem(control.revoke(tokens.environment?.id ?? '', ADMIN))).toBe('conflict');
    });
  });
});
