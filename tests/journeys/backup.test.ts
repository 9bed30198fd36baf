import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { Database } from '../../src/storage/sqlite/database.ts';
import { keyOf, Traffic } from '../crash/traffic.ts';
import { listAt, textAt } from '../support/ask.ts';
import { runCommand } from '../support/command.ts';
import { dispose, newDirectory, type Service, startService } from '../support/service.ts';
import { until } from '../support/until.ts';

const PATIENCE_MS = 60_000;

/** Events by their key, and of each the deliveries it has, read off a database file. */
function contentOf(path: string): Map<string, { id: string; record: string; deliveries: number }> {
  const database = new Database(path, [], { readOnly: true });
  try {
    const { rows } = database.query(
      `SELECT id, record, payload,
         (SELECT count(*) FROM deliveries d WHERE d.event_id = e.id) AS deliveries FROM events e`,
    );
    return new Map(
      rows.map((row) => [
        keyOf(String(row['payload'])),
        { id: String(row['id']), record: String(row['record']), deliveries: Number(row['deliveries']) },
      ]),
    );
  } finally {
    database.close();
  }
}

const liveFile = ({ directory }: Service): string => join(directory, 'data', 'tocsin.db');

async function eventIds(service: Service): Promise<string[]> {
  const answer: unknown = await (await service.api('/api/v1/events?limit=200')).json();
  return listAt(answer, 'items').map((item) => textAt(item, 'id'));
}

/** So many requests, all answered 200. */
async function send(service: Service, seed: number, requests: number): Promise<ReadonlySet<string>> {
  const traffic = new Traffic(seed, () => service.url);
  traffic.allow(requests);
  await traffic.end();
  return traffic.acknowledged;
}

describe('a backup', () => {
  let service: Service;
  beforeEach(async () => {
    service = await startService({ env: { TOCSIN_LOG_LEVEL: 'warn' } });
  });
  afterAll(dispose);

  it('under traffic holds every event answered before it, each whole, and disturbs nobody', async () => {
    const traffic = new Traffic(1, () => service.url);
    traffic.allow(1_000);
    await until('enough to copy', () => traffic.acknowledged.size > 2_000, PATIENCE_MS);
    const backups: { readonly file: string; readonly before: ReadonlySet<string> }[] = [];
    for (const name of ['one.db', 'two.db', 'three.db']) {
      const before = new Set(traffic.acknowledged);
      let ended: Awaited<ReturnType<typeof runCommand>> | undefined;
      void runCommand(service.directory, ['backup', name]).then((result) => (ended = result));
      const traffics = async (): Promise<typeof ended> => {
        traffic.allow(20);
        return ended;
      };
      expect((await until('the backup', traffics, PATIENCE_MS)).code).toBe(0);
      expect(traffic.acknowledged.size, 'events taken in meanwhile').toBeGreaterThan(before.size);
      backups.push({ file: join(service.directory, name), before });
    }
    await traffic.end();
    expect(traffic.figures).toContain(' 0 of them not answered 200');
    const live = contentOf(liveFile(service));
    expect([...traffic.acknowledged].filter((key) => !live.has(key))).toEqual([]);
    for (const { file, before } of backups) {
      const kept = contentOf(file);
      expect([...before].filter((key) => !kept.has(key))).toEqual([]);
      expect([...kept].filter(([key, event]) => live.get(key)?.record !== event.record)).toEqual([]);
      expect([...kept.values()].filter(({ deliveries }) => deliveries !== 1)).toEqual([]);
      expect(statSync(file).mode & 0o777).toBe(0o600);
    }
    expect(readdirSync(service.directory).filter((name) => name.includes('partial'))).toEqual([]);
  });

  it('after a kill -9 holds what the log alone had, and leaves it to the next start', async () => {
    const acknowledged = await send(service, 2, 30);
    await service.kill();
    expect((await runCommand(service.directory, ['backup', 'after.db'])).code).toBe(0);
    const kept = contentOf(join(service.directory, 'after.db'));
    expect([...acknowledged].filter((key) => !kept.has(key))).toEqual([]);
    const again = await startService({ directory: service.directory });
    expect(await eventIds(again)).toHaveLength(acknowledged.size);
  });

  it('restored elsewhere gives the same events under the same ids', async () => {
    await send(service, 3, 20);
    const ids = await eventIds(service);
    await runCommand(service.directory, ['backup', 'copy.db']);
    const elsewhere = newDirectory();
    const { code, err } = await runCommand(elsewhere, ['restore', join(service.directory, 'copy.db')]);
    expect([code, err]).toEqual([0, '']);
    expect(await eventIds(await startService({ directory: elsewhere }))).toEqual(ids);
  });

  it('restored in place takes the store back to then, and what was there is kept beside it', async () => {
    await send(service, 4, 5);
    const ids = await eventIds(service);
    await runCommand(service.directory, ['backup', 'copy.db']);
    await send(service, 5, 5);
    const later = await eventIds(service);
    const refused = await runCommand(service.directory, ['restore', 'copy.db']);
    expect(refused.code).toBe(1);
    expect(refused.err).toContain('in use by another Tocsin process');
    expect(await eventIds(service)).toEqual(later);
    // Killed: what came last is in the log only.
    await service.kill();
    expect((await runCommand(service.directory, ['restore', 'copy.db'])).code).toBe(0);
    const data = join(service.directory, 'data');
    const aside = readdirSync(data).filter((name) => name.includes('before-restore'));
    expect(aside).toHaveLength(1);
    expect([...contentOf(join(data, aside[0] ?? '')).values()].map(({ id }) => id).sort()).toEqual(
      later.toSorted(),
    );
    expect(await eventIds(await startService({ directory: service.directory }))).toEqual(ids);
  });

  it('is refused where it would write over the store itself', async () => {
    for (const file of ['data/tocsin.db', 'data/tocsin.db-wal', 'data/master.key', 'data/tocsin.lock']) {
      const { code, err } = await runCommand(service.directory, ['backup', file, '--force']);
      expect([code, err]).toEqual([1, expect.stringContaining('a file of the store itself')]);
    }
    mkdirSync(join(service.directory, 'folder'));
    expect((await runCommand(service.directory, ['backup', 'folder', '--force'])).code).toBe(1);
    expect((await service.webhook('[{"message_id":"still here"}]')).status).toBe(200);
  });
});
