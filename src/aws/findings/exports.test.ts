import fc from 'fast-check';
import { expect, test } from 'vitest';
import { severities } from '../checks/check.ts';
import { csvExport } from './export-csv.ts';
import { complianceFinding, ocsfExport } from './export-ocsf.ts';
import { openExport } from './export.ts';
import { cursorOf } from './narrow.ts';
import type { StoredFinding } from './port.ts';
import { testCheck } from './test-checks.ts';
import { failure, newScanId, T } from './test-findings.ts';

const check = testCheck('s3.versioning', {
  title: 'Buckets keep versions',
  controls: [
    { framework: 'aws-fsbp', version: '2026-03', control: 'S3.14' },
    { framework: 'cis-aws', version: '6.0', control: '3.1' },
  ],
});
const checks = new Map([[check.id, check]]);

const stored = (name: string, over: Partial<StoredFinding> = {}): StoredFinding => ({
  ...failure(name),
  service: 's3',
  state: 'open',
  digest: '',
  firstSeenAt: T,
  lastSeenAt: T + 2_000,
  openedAt: T + 1_000,
  timesOpened: 1,
  resolvedAt: undefined,
  resolution: undefined,
  resolvedReason: undefined,
  mute: undefined,
  eventId: null,
  scanId: newScanId(),
  ...over,
});
const mute = { at: T, until: T + 9_000, by: 'tok_1', why: 'known' };

/** As a receiver reads it. */
const ocsf = (finding: StoredFinding, now = T): unknown => {
  const text = ocsfExport(checks, 'https://tocsin.example.com').line(finding, now);
  expect(text.endsWith('}\n')).toBe(true);
  return JSON.parse(text);
};

test('a finding is a Compliance Finding with its account, resource, controls and how to mend it', () => {
  expect(ocsf(stored('a'))).toMatchObject({
    category_uid: 2,
    class_uid: 2003,
    activity_id: 1,
    type_uid: 200301,
    severity_id: 3,
    severity: 'Medium',
    status_id: 1,
    status: 'New',
    time: T + 2_000,
    message: 'Buckets keep versions: a',
    compliance: {
      control: 's3.versioning',
      status_id: 3,
      status: 'Fail',
      requirements: ['aws-fsbp 2026-03 S3.14', 'cis-aws 6.0 3.1'],
      standards: ['aws-fsbp 2026-03', 'cis-aws 6.0'],
    },
    finding_info: {
      uid: stored('a').id,
      first_seen_time: T,
      last_seen_time: T + 2_000,
      created_time: T + 1_000,
    },
    remediation: { desc: 'Open the console.\naws s3api put <BUCKET>', references: check.references },
    resources: [
      { uid: 'arn:aws:s3:::a', name: 'a', type: 'bucket', region: 'eu-west-1', cloud_partition: 'aws' },
    ],
    cloud: { provider: 'AWS', account: { uid: '123456789012', type_id: 10 }, region: 'eu-west-1' },
    metadata: { version: '1.5.0', profiles: ['cloud'], product: { name: 'Tocsin' } },
  });
});

test('each severity has OCSF’s number for it', () => {
  const ids = severities.map(
    (severity) => Object(ocsf(stored('a', { severity }))) as { severity_id: number },
  );
  expect(ids.map(({ severity_id }) => severity_id)).toEqual([1, 2, 3, 4, 5]);
});

test('what is muted is suppressed for its time; what is resolved is closed, and says why', () => {
  expect(ocsf(stored('a', { mute }))).toMatchObject({
    status_id: 3,
    status: 'Suppressed',
    status_detail: 'known',
  });
  expect(ocsf(stored('a', { mute }), T + 9_000)).toMatchObject({ status_id: 1 });
  const over = { state: 'resolved', resolvedAt: T + 5_000, resolvedReason: 'mended', mute } as const;
  expect(ocsf(stored('a', { ...over, resolution: 'passed' }))).toMatchObject({
    activity_id: 3,
    type_uid: 200303,
    status_id: 4,
    time: T + 5_000,
    compliance: { status_id: 1, status: 'Pass', status_detail: 'mended' },
  });
  expect(ocsf(stored('a', { ...over, resolution: 'gone' }))).toMatchObject({ compliance: { status_id: 99 } });
});

test('a finding of a check that is no more is told all the same', () => {
  expect(complianceFinding(stored('a'), undefined, '', T)).toMatchObject({ message: 's3.versioning: a' });
});

test('a table has a header, a line for each finding, and empty cells for what is not there', () => {
  const csv = csvExport(checks);
  const [head, end] = csv.head.split('\r\n');
  expect(end).toBe('');
  const line = csv.line(stored('a', { mute: { ...mute, why: 'a, "b"' } }), T);
  expect(head?.split(',').slice(0, 10)).toEqual([
    'id',
    'accountId',
    'check',
    'title',
    'service',
    'severity',
    'state',
    'muted',
    'mutedUntil',
    'mutedWhy',
  ]);
  expect(line).toMatch(
    /^fnd_[0-9a-f]{32},123456789012,s3.versioning,Buckets keep versions,s3,medium,open,true,2026-01-31T12:00:09.000Z,"a, ""b""",eu-west-1,bucket,a,arn:aws:s3:::a,.*,1,,,aws-fsbp 2026-03 S3.14; cis-aws 6.0 3.1,"\{""versioning"":""Never""\}"\r\n$/,
  );
});

test('a spreadsheet takes no cell for a formula, whatever a resource is named', () => {
  const name = fc.string({ unit: fc.constantFrom('=', '+', '-', '@', '\t', '\r', '\n', '"', ',', 'a') });
  fc.assert(
    fc.property(name, (text) => {
      const finding = stored('a', {
        reason: text,
        resource: { type: 'bucket', arn: 'arn', name: text, region: 'r' },
      });
      const line = csvExport(checks).line(finding, T);
      const cells = [...line.matchAll(/(?:^|,)("(?:[^"]|"")*"|[^",\r\n]*)/g)].map(([, cell = '']) => cell);
      expect(cells).toHaveLength(23);
      for (const cell of cells) expect(cell.replace(/^"/, '')).not.toMatch(/^[=+\-@\t\r]/);
    }),
  );
});

test('an export holds every page, and asks for none once nobody is there to read it', async () => {
  const all = Array.from({ length: 450 }, (_, n) => stored(`b${n}`));
  let asked = 0;
  const reader = {
    async find(_filter: object, limit: number, after?: string) {
      asked += 1;
      const from = after === undefined ? 0 : Number(after.split('-')[1]);
      const next =
        from + limit < all.length ? cursorOf({ severity: 0, openedAt: from + limit, id: 'fnd_' }) : undefined;
      return { items: all.slice(from, from + limit), next };
    },
  };
  const textOf = async (isGone: () => boolean) => {
    const parts: string[] = [];
    const options = { reader, filter: {}, format: csvExport(checks), now: T, isGone };
    for await (const part of await openExport(options)) parts.push(part);
    return parts.join('');
  };
  expect((await textOf(() => false)).split('\r\n')).toHaveLength(452);
  asked = 0;
  await textOf(() => asked >= 2);
  expect(asked).toBe(2);
});
