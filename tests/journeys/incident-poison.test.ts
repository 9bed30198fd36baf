import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { elevateTypes } from '../../src/incidents/feeds/presets.ts';
import { at, listAt } from '../support/ask.ts';
import { endOfUpstreams, type IncidentStage, stageIncidents } from '../support/incident-stage.ts';
import { describeWith } from '../support/needs.ts';
import { createDatabase } from '../support/postgres.ts';
import { until } from '../support/until.ts';
import { endOfVisits } from '../support/visitor.ts';

afterAll(async () => {
  await endOfVisits();
  await endOfUpstreams();
});

const EMOJI = '\u{1f600}';
/** As long as an address may be, and of as many bytes as that can be. */
const longAddress = (head: string): string => head + '\u0bb5'.repeat(256 - head.length);

const hostileAddresses = [
  longAddress('a'),
  `b${EMOJI.repeat(127)}`,
  `x${'y'.repeat(233)}${EMOJI.repeat(10)}`,
  '\u202egpj.exe\u202c',
  '\u2028\u2029\u200e',
  ' ',
  `'); DROP TABLE incidents; --`,
  '\\x00',
  '{"a":1}',
  'é\u0301\ufeff\ufffe\uffff',
];

/** No index of PostgreSQL takes that much, however well it is packed. */
const tooLong = randomBytes(2_500).toString('hex');

const rawTimes = [
  '0',
  '-0',
  '0.0',
  '1e-320',
  '5e-324',
  '1e-400',
  '1e308',
  '1e400',
  '-1e400',
  '-1',
  '253402300799',
  '253402300799.9999',
  '253402300800',
  '1700000000.0000001',
  '1700000000.0000002',
  '9007199254740993',
  '1.7e9',
];
const rawEmployees = [
  '1.0',
  '1e3',
  '-0',
  '9007199254740991',
  '9007199254740992',
  '1e400',
  '-5',
  '0.1',
  '"7"',
];

/** Records as a broken or a hostile feed could spell them. */
const hostileRecords: readonly string[] = [
  ...rawTimes.map((time) => `{"priority":"low","employee_id":1,"timestamp":${time}}`),
  ...rawEmployees.map((id) => `{"priority":"high","employee_id":${id},"timestamp":1700000001}`),
  String.raw`{"priority":"low","employee_id":2,"timestamp":1700000002,"a":"\u0000","\u0000":"\ud800\udc00\udc00\ud800"}`,
  String.raw`{"priority":"low","employee_id":2,"timestamp":1700000003,"__proto__":{"x":1},"\u005f_proto__":2,"constructor":3}`,
  '{"priority":"high","priority":"low","employee_id":9,"employee_id":2,"timestamp":1,"timestamp":1700000004}',
  '{"priority":"low","employee_id":2,"timestamp":1700000005,"type":"denial","count":7,"toJSON":1,"id":"inc_1"}',
  `{"priority":"low","employee_id":2,"timestamp":1700000006,"a":"\u202e\u2028${EMOJI}\u007f\ufffe"}`,
  `{"priority":"low","employee_id":2,"timestamp":1700000007,"a":"${EMOJI.repeat(4_000)}"}`,
  `{"priority":"low","employee_id":2,"timestamp":1700000008,"a":"${EMOJI.repeat(5_000)}"}`,
  `{"priority":"low","employee_id":2,"timestamp":1700000009,"a":${'['.repeat(28)}${']'.repeat(28)}}`,
  String.raw`{"priority":"low\u0000","employee_id":2,"timestamp":1700000010}`,
  `"${'x'.repeat(100_000)}"`,
  '[]',
  'null',
  '{}',
  '{}',
];

const SANE = '{"priority":"critical","employee_id":31337,"timestamp":1700000099}';
const listOf = (records: readonly string[]) =>
  ({ kind: 'answer', body: `{"results":[${records.join(',')}]}` }) as const;
const addressed = (name: string, at: number) => (address: string) =>
  JSON.stringify({ priority: 'low', [name]: address, source_ip: address, timestamp: at });

const none = Object.fromEntries(elevateTypes.map(({ type }) => [type, []]));

/** What stands in the way of one incident stands in the way of all that come after it. */
function suite(env: () => Readonly<Record<string, string>>): void {
  let stage: IncidentStage;
  const files = mkdtempSync(join(tmpdir(), 'tocsin-poison-'));
  beforeAll(async () => {
    mkdirSync(files, { recursive: true });
    stage = await stageIncidents({
      upstream: { data: { lists: none, identities: {} } },
      env: env(),
      feed: `
  - id: files
    kind: file
    path: ${files}
    every: 100ms`,
    });
    await until('the first lists', async () => (await stage.events('type=incident.backlog')).length === 2);
  });
  afterAll(() => rmSync(files, { recursive: true, force: true }));

  const stored = async (query: string): Promise<readonly unknown[]> =>
    listAt((await stage.there.operator('GET', `/api/v1/incidents${query}`)).json, 'items');
  const told = async (employee: string): Promise<boolean> =>
    (await stage.events(`subject=${employee}`)).length === 1;

  it('no record keeps those behind it from being stored and told', async () => {
    stage.upstream.fail('misuse', listOf([...hostileRecords, SANE]));
    await until('the last one is told', () => told('31337'));
    await stage.refreshed();
    expect(await stored('?type=misuse&limit=200')).toHaveLength(27);
    expect(await stored('/invalid?type=misuse&limit=200')).toHaveLength(14);
    expect(stage.there.service.stdout()).not.toContain('was not stored');
    expect((await stage.document()).status).toBe(200);
  });

  it('no address does, known or not', async () => {
    stage.upstream.fail(
      'intrusion',
      listOf([...hostileAddresses, tooLong].map(addressed('internal_ip', 1_700_000_020))),
    );
    await until('all of them', async () => (await stored('?type=intrusion')).length === 11);
    stage.upstream.fail('identities', {
      kind: 'answer',
      body: JSON.stringify(
        Object.fromEntries([...hostileAddresses, tooLong].map((address) => [address, 4_711])),
      ),
    });
    await until('whose they are', async () => (await stored('?employee=4711')).length === 10);
    for (const address of hostileAddresses.filter((one) => !/[\u2028\u2029]/.test(one))) {
      const found = await stored(`?address=${encodeURIComponent(address)}`);
      expect(found, address).toMatchObject([{ address, employee: '4711' }]);
    }
    for (const event of await stage.events('type=incident.intrusion'))
      expect(String(at(event, 'title'))).toMatch(/^[^\p{Cc}\p{Cs}\u2028-\u202e\u2066-\u2069]{1,256}$/u);
    expect(stage.there.service.stdout()).not.toContain('was not stored');
  });

  it('no file does, whatever bytes it has', async () => {
    const row = (note: string, time: number): string => `misuse,low,${time},77,"${note}"\n`;
    const csv = `type,priority,timestamp,employee_id,"no\0te"\n${row('\0\u202e', 1)}${row('x\uffff', 2)}`;
    writeFileSync(join(files, 'a.csv'), csv);
    writeFileSync(join(files, 'b.ndjson'), `\0\0\u0007\n{"half": "${EMOJI}\n${'['.repeat(99)}\n`);
    writeFileSync(
      join(files, 'c.json'),
      '[{"type":"misuse","priority":"low","timestamp":3,"employee_id":78}]',
    );
    await until('the last one is told', () => told('78'));
    expect(await stored('?employee=77')).toHaveLength(2);
    expect(await stored('/invalid?feed=files')).toHaveLength(3);
    expect(stage.there.service.stdout()).not.toContain('was not stored');
  });
}

describe('a feed of hostile records, over SQLite', () => suite(() => ({})));

await describeWith('postgres', 'a feed of hostile records, over PostgreSQL', async () => {
  const database = await createDatabase();
  afterAll(() => database.drop());
  suite(() => ({ DATABASE_URL: database.url }));
});
