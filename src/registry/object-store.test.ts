import { expect, test } from 'vitest';
import { onEachStore } from '../../tests/contracts/on-each-store.ts';
import { ManualClock } from '../../tests/support/manual-clock.ts';
import { type MasterKeys, Sealer } from '../kernel/seal.ts';
import { ObjectStore, SealBroken, type StoredObject } from './object-store.ts';

const SECRET = 'hunter2-a-secret-that-must-not-lie-about';
const KEY = 'a-master-key-of-the-test';
const NEW_KEY = 'a-new-master-key-of-the-test';
const target: StoredObject = {
  kind: 'target',
  id: 'ops',
  body: { kind: 'http', headers: { authorization: SECRET } },
};

await onEachStore('stored objects', (stage) => {
  const open = (key: string | MasterKeys = KEY) =>
    new ObjectStore(stage.store, new Sealer(key, 'objects'), new ManualClock());

  test('come back as they were made, by kind and position', async () => {
    const objects = open();
    await objects.put(target);
    const rules = ['z', 'a', 'm'].map((id): StoredObject => ({ kind: 'rule', id, body: { targets: [id] } }));
    for (const [position, rule] of rules.entries()) await objects.put(rule, position);
    await objects.put({ kind: 'source', id: 'ops', body: { text: 'nul\0 lone\uD800 ü' } });
    expect(await objects.list()).toMatchObject([
      ...rules,
      { kind: 'source', id: 'ops', body: { text: 'nul\0 lone\uD800 ü' } },
      target,
    ]);
  });

  test('made again under their kind and id are replaced', async () => {
    const objects = open();
    await objects.put(target);
    await objects.put({ ...target, body: { kind: 'log' } });
    expect(await objects.list()).toMatchObject([{ ...target, body: { kind: 'log' } }]);
  });

  test('removed are gone, and no other of that id', async () => {
    const objects = open();
    await objects.put(target);
    await objects.put({ ...target, kind: 'source' });
    await objects.remove('target', 'ops');
    expect((await objects.list()).map(({ kind }) => kind)).toEqual(['source']);
  });

  test('every change counts the version up, also one that another made', async () => {
    const [mine, another] = [open(), open()];
    const before = await mine.version();
    await mine.put(target);
    await another.put(target);
    await another.remove('target', 'ops');
    expect(await mine.version()).toBe(before + 3);
  });

  test('changes at once are all counted', async () => {
    const objects = open();
    const before = await objects.version();
    await Promise.all(Array.from({ length: 20 }, (_, n) => objects.put({ ...target, id: `t-${n}` })));
    expect(await objects.version()).toBe(before + 20);
    expect(await objects.list()).toHaveLength(20);
  });

  test('are sealed at rest: no secret is found in what the store keeps', async () => {
    await open().put(target);
    const kept = await stage.atRest();
    expect(kept).toContain('ops');
    expect(kept).not.toContain(SECRET);
    expect(kept).not.toContain(Buffer.from(SECRET).toString('base64').slice(0, 20));
    expect(kept).not.toContain(KEY);
  });

  test('sealed under another master key are refused in words that say what to set', async () => {
    await open().put(target);
    const refused = open('another-master-key-entirely').list();
    await expect(refused).rejects.toBeInstanceOf(SealBroken);
    await expect(refused).rejects.toThrow(/target "ops".*TOCSIN_MASTER_KEY/);
    await expect(refused).rejects.not.toThrow(new RegExp(SECRET));
  });

  test('are sealed anew under a new key, as they were, and then need the old one no more', async () => {
    const rule: StoredObject = { kind: 'rule', id: 'r', body: { targets: ['ops'] } };
    await open().put(target);
    await open().put(rule, 7);
    const both = open([NEW_KEY, KEY]);
    const before = await both.list();
    await both.put({ ...target, id: 'made-with-both' });
    const version = await both.version();
    expect(await both.reseal([])).toBe(2);
    const after = await open(NEW_KEY).list();
    expect(after.map(({ tag: _, ...kept }) => kept)).toEqual(
      expect.arrayContaining(before.map(({ tag: _, ...kept }) => kept)),
    );
    expect(after).toHaveLength(3);
    expect(await both.version()).toBe(version + 1);
    expect(await both.reseal([])).toBe(0);
    expect(await both.version()).toBe(version + 1);
  });

  test('are not sealed anew when one of them does not open: then nothing is changed', async () => {
    await open().put(target);
    await open('a-key-that-was-lost').put({ ...target, id: 'lost' });
    await expect(open([NEW_KEY, KEY]).reseal([])).rejects.toBeInstanceOf(SealBroken);
    expect(await open([KEY, 'a-key-that-was-lost']).list()).toHaveLength(2);
  });

  test('changed while they are sealed anew lose no change', async () => {
    const both = open([NEW_KEY, KEY]);
    await open().put(target);
    const change = async (): Promise<void> => {
      for (let n = 0; n < 10; n += 1) await open().put({ ...target, body: { n } });
    };
    await Promise.all([both.reseal([]), change()]);
    expect(await both.list()).toMatchObject([{ body: { n: 9 } }]);
    await both.reseal([]);
    expect(await open(NEW_KEY).list()).toMatchObject([{ body: { n: 9 } }]);
  });

  test('moved to another id by somebody with access to the database do not open', async () => {
    const objects = open();
    await objects.put(target);
    await stage.store.write
      .withTables<{ config_objects: { id: string } }>()
      .updateTable('config_objects')
      .set({ id: 'stolen' })
      .execute();
    await expect(objects.list()).rejects.toBeInstanceOf(SealBroken);
  });
});
