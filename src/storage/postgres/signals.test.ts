import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeWith } from '../../../tests/support/needs.ts';
import { createDatabase, type TestDatabase } from '../../../tests/support/postgres.ts';
import { until } from '../../../tests/support/until.ts';
import { silentLogger } from '../../kernel/log.ts';
import { PostgresSignals } from './signals.ts';

await describeWith('postgres', 'the word between processes on PostgreSQL', () => {
  let database: TestDatabase;
  let administrator: pg.Client;
  const opened: PostgresSignals[] = [];
  beforeAll(async () => {
    database = await createDatabase();
    administrator = new pg.Client({ connectionString: database.url });
    await administrator.connect();
  });
  afterAll(async () => {
    for (const signals of opened) await signals.close();
    await administrator.end();
    await database.drop();
  });

  const open = (url = database.url): PostgresSignals => {
    const config = {
      connectionString: url,
      application_name: 'signals-test',
      connectionTimeoutMillis: 2_000,
    };
    const signals = new PostgresSignals(config, silentLogger);
    opened.push(signals);
    return signals;
  };
  /** Announces until it is heard: what is said before somebody listens is lost. */
  const heardFrom = (speaker: PostgresSignals, heard: () => number): Promise<unknown> => {
    const before = heard();
    return until('the word to be heard', () => {
      speaker.announce();
      return heard() > before;
    });
  };

  test('is heard by the others, and not by who said it', async () => {
    const [one, two] = [open(), open()];
    let own = 0;
    let others = 0;
    one.listen(() => (own += 1));
    two.listen(() => (others += 1));
    await heardFrom(one, () => others);
    expect(own).toBe(0);
    await heardFrom(two, () => own);
  });

  test('is said no more than ten times a second, and again after a pause', async () => {
    const [one, two] = [open(), open()];
    let heard = 0;
    two.listen(() => (heard += 1));
    await heardFrom(one, () => heard);
    const before = heard;
    const begun = Date.now();
    await until('half a second of talk', () => {
      for (let n = 0; n < 100; n++) one.announce();
      return Date.now() - begun > 500;
    });
    expect(heard - before).toBeGreaterThan(1);
    expect(heard - before).toBeLessThanOrEqual((Date.now() - begun) / 100 + 2);
  });

  test('is heard no more by who stopped listening', async () => {
    const [one, two] = [open(), open()];
    let stopped = 0;
    let listening = 0;
    const stop = two.listen(() => (stopped += 1));
    two.listen(() => (listening += 1));
    await heardFrom(one, () => stopped);
    stop();
    const before = stopped;
    await heardFrom(one, () => listening);
    expect(stopped).toBe(before);
  });

  test('is heard again after the connection was cut', async () => {
    const [one, two] = [open(), open()];
    let heard = 0;
    two.listen(() => (heard += 1));
    await heardFrom(one, () => heard);
    await administrator.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'signals-test'",
    );
    await heardFrom(one, () => heard);
  });

  test('keeps nobody waiting where there is no database, and closes', async () => {
    const alone = open('postgres://postgres@127.0.0.1:1/none');
    alone.listen(() => {});
    alone.announce();
    await alone.close();
  });
});
