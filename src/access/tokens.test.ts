import { expect, test } from 'vitest';
import { onEachStore, onPostgres } from '../../tests/contracts/on-each-store.ts';
import { ManualClock } from '../../tests/support/manual-clock.ts';
import { Secret } from '../kernel/secret.ts';
import type { Store } from '../storage/store.ts';
import { Tokens } from './tokens.ts';

const open = (store: Store, environment?: string): Tokens =>
  new Tokens(store, new ManualClock(), environment === undefined ? undefined : new Secret(environment));

await onEachStore('tokens', (stage) => {
  test('the first is made once, and told this one time', async () => {
    const first = await open(stage.store).makeFirst();
    expect(first).toMatch(/^tocsin_[\w-]{43}$/);
    expect(await open(stage.store).makeFirst()).toBeUndefined();
    expect(await open(stage.store).authenticate(first ?? '')).toMatchObject({ scope: 'admin' });
  });

  test('of starts at once one makes it', async () => {
    const made = await Promise.all(Array.from({ length: 8 }, () => open(stage.store).makeFirst()));
    const told = made.filter((token) => token !== undefined);
    expect(told).toHaveLength(1);
    expect(await open(stage.store).authenticate(told[0] ?? '')).toMatchObject({ id: 'tok_first' });
  });

  test('are kept as hashes only', async () => {
    const first = (await open(stage.store).makeFirst()) ?? '';
    const kept = await stage.atRest();
    expect(kept).toContain('tok_first');
    expect(kept).not.toContain(first);
    expect(kept).not.toContain(first.slice('tocsin_'.length, 30));
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
    for (const token of wrong) expect(await tokens.authenticate(token)).toBeUndefined();
    expect(await tokens.actor('tok_nobody')).toBeUndefined();
  });

  test("the one of the settings is an admin's, is not stored, and stands in for the first", async () => {
    const tokens = open(stage.store, 'the-token-of-the-settings');
    expect(await tokens.makeFirst()).toBeUndefined();
    const actor = await tokens.authenticate('the-token-of-the-settings');
    expect(actor).toMatchObject({ scope: 'admin' });
    expect(await tokens.actor(actor?.id ?? '')).toEqual(actor);
    expect(await stage.atRest()).not.toContain('the-token-of-the-settings');
  });

  test('taken out of the settings or replaced there, its sessions end with it', async () => {
    const actor = await open(stage.store, 'the-token-of-the-settings').authenticate(
      'the-token-of-the-settings',
    );
    expect(await open(stage.store).actor(actor?.id ?? '')).toBeUndefined();
    expect(await open(stage.store, 'the-next-token').actor(actor?.id ?? '')).toBeUndefined();
    expect(await open(stage.store).authenticate('the-token-of-the-settings')).toBeUndefined();
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
});
