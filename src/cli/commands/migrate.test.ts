import { join } from 'node:path';
import { expect, test } from 'vitest';
import { migrations } from '../../storage/migrations/index.ts';
import { openSqlite } from '../../storage/sqlite/open.ts';
import { cli } from '../test-cli.ts';
import { testDirectory } from '../test-directory.ts';

test('runs what the store lacks, and then nothing', async () => {
  const cwd = testDirectory();
  const data = join(cwd, 'data');
  const first = await cli(['migrate', '--data-dir', data, '--json'], { cwd });
  expect(first.code).toBe(0);
  expect(JSON.parse(first.out)).toEqual({ dialect: 'sqlite', ran: migrations.map(({ name }) => name) });
  const second = await cli(['migrate'], { cwd, env: { TOCSIN_DATA_DIR: data } });
  expect(second).toMatchObject({ code: 0, out: 'The schema is up to date.', err: '' });
});

test('a store in use is left alone, and it says to stop the service', async () => {
  const data = testDirectory();
  const store = await openSqlite(data, []);
  try {
    const { code, out, err } = await cli(['migrate'], { cwd: data, env: { TOCSIN_DATA_DIR: data } });
    expect([code, out]).toEqual([1, '']);
    expect(err).toContain('Stop the service first');
  } finally {
    await store.close();
  }
});

test('a faulty config exits with 3 and opens nothing', async () => {
  const { code } = await cli(['migrate'], { cwd: testDirectory({ 'tocsin.yaml': 'nonsense: 1' }) });
  expect(code).toBe(3);
});
