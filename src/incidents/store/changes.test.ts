import { CompiledQuery } from 'kysely';
import pg from 'pg';
import { expect, test } from 'vitest';
import { onPostgres, type Stage } from '../../../tests/contracts/on-each-store.ts';
import { postgresUrl } from '../../../tests/support/needs.ts';
import type { AttributedIncident } from '../incident.ts';
import { CHANGES_MAX } from './changes.ts';
import type { ChangedPage } from './port.ts';
import { IncidentStore } from './store.ts';
import { commit, incident, T, write } from './test-incidents.ts';

await onPostgres('what other processes have written of incidents, over PostgreSQL', (stage) => {
  const changed = async (position: string | undefined): Promise<ChangedPage> => {
    const page = await new IncidentStore(stage.store).changedSince?.(position);
    if (page === undefined) throw new TypeError('PostgreSQL tells what has changed');
    return page;
  };
  const start = async () => (await changed(undefined)).position;
  const ids = ({ feeds }: ChangedPage, feed = 'elevate') =>
    feeds.get(feed)?.incidents.map(({ id }) => id) ?? [];

  test('each kind of change is told, by feed, and then no more', async () => {
    const [kept, gone, late, back, other] = [
      incident({ stated: '1' }),
      incident(),
      incident({ address: 'a' }),
      incident(),
      incident({ feed: 'badges' }),
    ];
    for (const each of [gone, late, back]) await commit(stage.store, write.insertKnown(each));
    await commit(stage.store, write.delist(back.id, T));
    const position = await start();
    await commit(stage.store, write.insertKnown(kept), write.delist(gone.id, T), write.insertKnown(other));
    await commit(stage.store, write.attribute(late.id, '5', T), write.relist(back.id, '6', T));
    await commit(stage.store, write.identity({ address: 'a', employee: '5', forgottenAt: T }));
    const page = await changed(position);
    expect(page.more).toBe(false);
    expect(page.feeds.get('elevate')).toEqual({
      incidents: [kept, { ...late, employee: '5' }, { ...back, employee: '6' }],
      gone: [gone.id],
      identities: [{ address: 'a', employee: '5', forgottenAt: T }],
    });
    expect(page.feeds.get('badges')).toEqual({ incidents: [other], gone: [], identities: [] });
    expect((await changed(page.position)).feeds.size).toBe(0);
  });

  test('what was written and not changed by a write is not told', async () => {
    const known = incident({ stated: '1' });
    const identity = { address: 'a', employee: '5', forgottenAt: undefined };
    await commit(stage.store, write.insertKnown(known), write.identity(identity));
    const position = await start();
    await commit(
      stage.store,
      write.insertKnown(known),
      write.relist(known.id, '2', T),
      write.identity(identity),
    );
    expect((await changed(position)).feeds.size).toBe(0);
  });

  test('a transaction that began before and commits late is told, and others meanwhile only once', async () => {
    const late = await openSession(stage);
    try {
      const [slow, quick] = [incident(), incident()];
      await commit(stage.store, write.insertKnown(slow), write.insertKnown(quick));
      let position = await start();
      await late.query('BEGIN');
      await touch(late, slow);
      await commit(stage.store, write.delist(quick.id, T), write.relist(quick.id, undefined, T));
      const meanwhile = await changed(position);
      expect(ids(meanwhile)).toEqual([quick.id]);
      position = (await changed(meanwhile.position)).position;
      expect(ids(await changed(meanwhile.position))).toEqual([]);
      await late.query('COMMIT');
      expect(ids(await changed(position))).toEqual([slow.id]);
      expect(ids(await changed(meanwhile.position))).toEqual([slow.id]);
    } finally {
      await late.end();
    }
  });

  test('more than a page comes in pages, and nothing that is written between them is missed', async () => {
    const late = await openSession(stage);
    try {
      const slow = incident();
      await commit(stage.store, write.insertKnown(slow));
      const position = await start();
      await late.query('BEGIN');
      await touch(late, slow);
      const all = Array.from({ length: CHANGES_MAX + 50 }, () => incident());
      await commit(stage.store, ...all.map((each) => write.insertKnown(each)));
      const names = Array.from({ length: CHANGES_MAX }, (_, n) => `10.0.${n >> 8}.${n & 255}`);
      await commit(
        stage.store,
        ...names.map((address) => write.identity({ address, employee: '1', forgottenAt: undefined })),
      );
      const told = new Set<string>();
      const addresses = new Set<string>();
      let page = await changed(position);
      // One that was told already, one that is to come, and one that commits late.
      const [first, last] = [all[0], all.at(-1)];
      if (first === undefined || last === undefined) throw new TypeError('there are many');
      await commit(stage.store, write.delist(last.id, T));
      await late.query('COMMIT');
      for (let n = 0; ; n++) {
        for (const id of ids(page)) told.add(id);
        for (const { address } of page.feeds.get('elevate')?.identities ?? []) addresses.add(address);
        for (const id of page.feeds.get('elevate')?.gone ?? []) told.add(id);
        if (n === 1) await commit(stage.store, write.delist(first.id, T));
        if (!page.more) break;
        page = await changed(page.position);
      }
      const after = await changed(page.position);
      for (const id of [...ids(after), ...(after.feeds.get('elevate')?.gone ?? [])]) told.add(id);
      expect(addresses.size).toBe(CHANGES_MAX);
      expect(told.size).toBe(all.length + 1);
      expect(after.feeds.get('elevate')?.gone).toContain(first.id);
      expect((await changed(after.position)).feeds.size).toBe(0);
    } finally {
      await late.end();
    }
  });

  test('what a copy of a database has from another server is not told again and again', async () => {
    await commit(stage.store, write.insertKnown(incident()));
    const position = await start();
    const session = await openSession(stage);
    await session.query('UPDATE incidents SET revision = 1000000000000');
    await session.end();
    expect((await changed(position)).feeds.size).toBe(0);
  });
});

/** As another process's commit would. */
const touch = (session: pg.Client, { id }: AttributedIncident) =>
  session.query('UPDATE incidents SET revision = pg_current_xact_id()::text::bigint WHERE id = $1', [id]);

async function openSession(stage: Stage): Promise<pg.Client> {
  const { rows } = await stage.store.read.executeQuery<{ name: string }>(
    CompiledQuery.raw('SELECT current_database() AS name'),
  );
  const url = new URL(postgresUrl);
  url.pathname = `/${rows[0]?.name}`;
  const session = new pg.Client({ connectionString: url.href });
  await session.connect();
  return session;
}
