import { readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { describeWith } from '../../../tests/support/needs.ts';
import { createDatabase } from '../../../tests/support/postgres.ts';
import { listAudit } from '../../access/audit.ts';
import { masterKeys } from '../../app/master-key.ts';
import { statements } from '../../app/services.ts';
import { systemClock } from '../../kernel/clock.ts';
import { silentLogger } from '../../kernel/log.ts';
import { type MasterKeys, Sealer } from '../../kernel/seal.ts';
import { Secret } from '../../kernel/secret.ts';
import { ObjectStore, type StoredObject } from '../../registry/object-store.ts';
import { migrate } from '../../storage/migrate.ts';
import { migrations } from '../../storage/migrations/index.ts';
import { openStore } from '../../storage/open.ts';
import type { Store } from '../../storage/store.ts';
import { cli, NOW } from '../test-cli.ts';
import { testDirectory } from '../test-directory.ts';

const DAY_MS = 86_400_000;
const target: StoredObject = {
  kind: 'target',
  id: 'ops',
  body: { kind: 'http', url: 'https://hooks.example' },
};
let cwd: string;
let data: string;
beforeEach(() => {
  cwd = testDirectory();
  data = join(cwd, 'data');
});

async function inStore<T>(work: (store: Store) => Promise<T>, databaseUrl?: Secret): Promise<T> {
  const store = await openStore({ databaseUrl, dataDirectory: data }, statements, silentLogger);
  try {
    await migrate(store, migrations);
    return await work(store);
  } finally {
    await store.close();
  }
}
const objectsUnder = (store: Store, keys: string | MasterKeys): ObjectStore =>
  new ObjectStore(store, new Sealer(keys, 'objects'), systemClock);

const rotate = (more: Readonly<Record<string, string>> = {}, line: readonly string[] = []) =>
  cli(['rotate-key', ...line], { cwd, env: { TOCSIN_DATA_DIR: data, ...more } });
const keyIn = (name: string): string => readFileSync(join(data, name), 'utf8').trim();

/** A store with an object in it, and the key of its first start. */
const makeStore = (): Promise<string> =>
  inStore(async (store) => {
    const [key] = masterKeys({}, data);
    await objectsUnder(store, key).put(target);
    return key;
  });
/** What the service would open with the key in use alone. */
const kept = () => inStore((store) => objectsUnder(store, keyIn('master.key')).list());
const dated = (at: number): void => utimesSync(join(data, 'master.key.previous'), at / 1_000, at / 1_000);

test('a new key is in place, the objects are sealed under it, and it says how long the one before is needed', async () => {
  const before = await makeStore();
  const { code, out, err } = await rotate();
  expect(code, err).toBe(0);
  expect(keyIn('master.key')).not.toBe(before);
  expect(keyIn('master.key.previous')).toBe(before);
  expect(statSync(join(data, 'master.key')).mode & 0o777).toBe(0o600);
  expect(await kept()).toMatchObject([target]);
  expect(out).toContain('1 stored objects were sealed anew.');
  expect(out).toContain(`until ${new Date(NOW + 30 * DAY_MS).toISOString()}: remove it then`);
  for (const key of [before, keyIn('master.key')]) expect(out + err).not.toContain(key);
  const audited = await inStore((store) => listAudit(store, { action: 'masterKey.rotate' }, 10));
  expect(audited).toMatchObject([{ actor: 'local', subject: 'masterKey' }]);
});

test('the key before is not thrown away while messages may need it, and then it is', async () => {
  await makeStore();
  await rotate();
  const [first, second] = [keyIn('master.key.previous'), keyIn('master.key')];
  dated(NOW - 29 * DAY_MS);
  const early = await rotate();
  expect([early.code, early.out]).toEqual([1, '']);
  expect(early.err).toContain(`may last until ${new Date(NOW + DAY_MS).toISOString()}`);
  expect([keyIn('master.key.previous'), keyIn('master.key')]).toEqual([first, second]);
  dated(NOW - 30 * DAY_MS);
  expect((await rotate()).code).toBe(0);
  expect(keyIn('master.key.previous')).toBe(second);
  expect(await kept()).toMatchObject([target]);
});

test('killed before the new key was in place, everything opens, and it begins anew', async () => {
  const key = await makeStore();
  writeFileSync(join(data, 'master.key.previous'), key);
  writeFileSync(join(data, 'master.key.new'), 'half-of-a-new-key');
  expect(await inStore((store) => objectsUnder(store, masterKeys({}, data)).list())).toMatchObject([target]);
  expect((await rotate()).code).toBe(0);
  expect(keyIn('master.key.previous')).toBe(key);
  expect(await kept()).toMatchObject([target]);
});

test('killed before the objects were sealed anew, everything opens, and it goes on from there', async () => {
  const key = await makeStore();
  writeFileSync(join(data, 'master.key.previous'), key);
  writeFileSync(join(data, 'master.key'), 'the-new-key-of-the-rotation');
  dated(NOW - DAY_MS);
  await inStore(async (store) => {
    // The service was started meanwhile, and made another.
    const objects = objectsUnder(store, masterKeys({}, data));
    expect(await objects.list()).toMatchObject([target]);
    await objects.put({ ...target, id: 'later' });
  });
  const { code, out } = await rotate({}, ['--json']);
  expect(code).toBe(0);
  expect(JSON.parse(out)).toEqual({
    made: null,
    resealed: 1,
    previous: join(data, 'master.key.previous'),
    neededUntil: new Date(NOW + 29 * DAY_MS).toISOString(),
  });
  expect(keyIn('master.key')).toBe('the-new-key-of-the-rotation');
  expect(await kept()).toMatchObject([{ id: 'later' }, { id: 'ops' }]);
});

test('nothing is changed where something does not open, the store is in use, or there is no key yet', async () => {
  expect((await rotate()).err).toContain('there is no master key yet');
  const key = await makeStore();
  await inStore(async (store) => {
    expect((await rotate()).err).toMatch(/Stop the service first, and start it again afterwards\.$/);
    await objectsUnder(store, 'a-key-that-was-lost').put({ ...target, id: 'lost' });
  });
  const { code, err } = await rotate();
  expect([code, err]).toEqual([1, expect.stringContaining('the stored target "lost" does not open')]);
  expect(keyIn('master.key')).toBe(key);
});

test('a faulty config exits with 3 and opens nothing', async () => {
  writeFileSync(join(cwd, 'tocsin.yaml'), 'nonsense: 1');
  expect((await rotate()).code).toBe(3);
});

test('a key of the settings is the operator’s to change: told how, then followed', async () => {
  const [old, anew] = ['the-old-key-of-the-settings', 'the-new-key-of-the-settings'];
  await inStore((store) => objectsUnder(store, old).put(target));
  const alone = await rotate({ TOCSIN_MASTER_KEY: old });
  expect([alone.code, alone.err]).toEqual([1, expect.stringContaining('TOCSIN_MASTER_KEY_PREVIOUS')]);
  const { code, out } = await rotate({ TOCSIN_MASTER_KEY: anew, TOCSIN_MASTER_KEY_PREVIOUS: old });
  expect([code, out]).toEqual([0, expect.stringContaining('1 stored objects were sealed anew')]);
  expect(await inStore((store) => objectsUnder(store, anew).list())).toMatchObject([target]);
});

await describeWith('postgres', 'on PostgreSQL', () => {
  test('objects are sealed anew while the service runs', async () => {
    const database = await createDatabase();
    const url = new Secret(database.url);
    const [old, anew] = ['the-old-key-of-the-settings', 'the-new-key-of-the-settings'];
    try {
      await inStore(async (store) => {
        await objectsUnder(store, old).put(target);
        const keys = { TOCSIN_MASTER_KEY: anew, TOCSIN_MASTER_KEY_PREVIOUS: old };
        const { code, err } = await rotate({ DATABASE_URL: database.url, ...keys });
        expect(code, err).toBe(0);
        expect(await objectsUnder(store, anew).list()).toMatchObject([target]);
      }, url);
    } finally {
      await database.drop();
    }
  });
});
