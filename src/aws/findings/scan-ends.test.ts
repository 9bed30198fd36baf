import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ReadFailure } from '../inventory/reading.ts';
import { failureWords } from '../telling/scan-drafts.ts';
import type { Recorded } from './port.ts';
import { ScanEnds } from './scan-ends.ts';
import { TestBench } from './test-bench.ts';
import { failure, opened, outcomeOf, runningScan } from './test-findings.ts';

let bench: TestBench;
let ends: ScanEnds;
beforeEach(async () => {
  bench = await TestBench.open();
  ends = new ScanEnds({ ...bench, ingest: bench.ingest });
});
afterEach(() => bench.close());

const nothing: Recorded = { opened: 0, worse: 0, resolved: 0, told: 0 };
const denied = (action: ReadFailure['action'], region = 'eu-west-1'): ReadFailure & { times: number } => ({
  kind: 'denied',
  action,
  region,
  code: 'UnauthorizedOperation',
  times: 1,
});
const outcomeWith = (...failures: readonly (ReadFailure & { times: number })[]) => {
  const { coverage } = outcomeOf();
  return outcomeOf({ coverage: { ...coverage, denied: failures.length, failures } });
};

const begin = (over: Parameters<typeof runningScan>[1] = {}) => runningScan(bench.store, over);
const done = async (outcome = outcomeOf(), over = {}) => ends.done(await begin(over), outcome, nothing);
const failed = async (over = {}) => ends.failed(await begin(over), 'its credentials are refused');

describe('the end of a scan', () => {
  it('holds how findings stand then, for charts', async () => {
    const scan = await begin();
    const written = await bench.writer.write(scan, [
      [opened(failure('a')), opened(failure('b', { severity: 'critical' }))],
    ]);
    expect(await ends.done(scan, outcomeOf(), written ?? nothing)).toBe(true);
    expect((await bench.scans.get(scan.id))?.tally).toEqual({
      open: { informational: 0, low: 0, medium: 1, high: 0, critical: 1 },
      muted: 0,
      opened: 2,
      worse: 0,
      resolved: 0,
    });
  });

  it('tells that an account which worked cannot be scanned any more, once, and that it can again', async () => {
    await failed();
    expect(await bench.told()).toEqual([]);
    await done();
    await failed();
    await failed();
    await done();
    await done();
    const events = await bench.events();
    expect(events.map(({ type }) => type)).toEqual(['tocsin.aws.scan_failed', 'tocsin.aws.scan_recovered']);
    expect(events.map(({ state }) => state)).toEqual(['open', 'resolved']);
    expect(events[0]?.fingerprint).toBe(events[1]?.fingerprint);
    expect(events[0]).toMatchObject({
      title: 'The AWS account production cannot be scanned any more: its credentials are refused',
      severity: 'high',
      internalAlert: { account_name: 'production' },
    });
  });

  it('tells of reads that are denied and were not before, once', async () => {
    await done(outcomeWith(denied('s3:GetBucketAcl')));
    expect(await bench.told()).toEqual([]);
    const less = outcomeWith(denied('s3:GetBucketAcl'), denied('ec2:DescribeVolumes'));
    await done(less);
    await done(less);
    const [event, ...others] = await bench.events();
    expect([event?.type, event?.labels['denied'], others]).toEqual([
      'tocsin.aws.coverage_lost',
      'ec2:DescribeVolumes in eu-west-1',
      [],
    ]);
    await done(outcomeWith(denied('s3:GetBucketAcl')));
    expect(await bench.told()).toHaveLength(1);
    await done();
    expect((await bench.told()).slice(1)).toEqual(['tocsin.aws.coverage_recovered']);
  });

  it('does not take a scan of other regions for rights that came back', async () => {
    const of = (regions: readonly string[], ...failures: readonly (ReadFailure & { times: number })[]) => {
      const { coverage } = outcomeOf();
      return outcomeOf({ coverage: { ...coverage, regions, failures } });
    };
    const both = ['eu-west-1', 'us-east-1'];
    await done(of(both));
    await done(of(both, denied('ec2:DescribeVolumes', 'us-east-1')));
    await done(of(['eu-west-1']), { regions: ['eu-west-1'] });
    await done(of(both, denied('ec2:DescribeVolumes', 'us-east-1')));
    expect(await bench.told()).toEqual(['tocsin.aws.coverage_lost']);
    await done(of(['eu-west-1']), { regions: ['eu-west-1'] });
    await done(of(both));
    expect((await bench.told()).slice(1)).toEqual(['tocsin.aws.coverage_recovered']);
  });

  it('does not take a read that failed otherwise for a right that was lost', async () => {
    await done();
    await done(outcomeWith({ ...denied('ec2:DescribeVolumes'), kind: 'throttled' }));
    expect(await bench.told()).toEqual([]);
  });

  it('of a session tells nobody: who is logged in sees it', async () => {
    await done(outcomeOf(), { account: undefined });
    await done(outcomeWith(denied('s3:GetBucketAcl')), { account: undefined });
    await failed({ account: undefined });
    expect(await bench.told()).toEqual([]);
  });

  it('that somebody else ended is told by nobody', async () => {
    await done();
    const scan = await begin();
    await bench.scans.cancel(scan.id, bench.clock.now(), '');
    expect(await ends.failed(scan, 'x')).toBe(false);
    expect(await ends.done(scan, outcomeOf(), nothing)).toBe(false);
    expect(await bench.told()).toEqual([]);
    expect((await bench.scans.get(scan.id))?.state).toBe('cancelled');
  });
});

it('says in words why an account could not be read', () => {
  const refused = {
    ...denied('sts:GetCallerIdentity', 'global'),
    kind: 'refused',
    code: 'ExpiredToken',
  } as const;
  expect(failureWords(refused)).toBe(
    'its credentials are refused (sts:GetCallerIdentity in global: ExpiredToken)',
  );
});
