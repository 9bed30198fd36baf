import { afterAll, describe, expect, it } from 'vitest';
import { at, listAt } from '../support/ask.ts';
import { type AwsStage, endOfAws, stageAws } from '../support/aws-stage.ts';
import { aBucket, anAccount, aRegion, aVolume, publicByPolicy, withBucket } from '../support/aws/builders.ts';
import type { Account } from '../support/aws/account.ts';
import { EventSource } from '../support/event-source.ts';
import { until } from '../support/until.ts';
import { endOfVisits } from '../support/visitor.ts';

afterAll(async () => {
  await endOfVisits();
  await endOfAws();
});

const HOME = 'us-west-2';
const types = (events: readonly unknown[]) => events.map((event) => at(event, 'type')).toReversed();
const checksOf = (findings: readonly unknown[]) => findings.map((finding) => at(finding, 'check')).sort();

/** One bucket, one volume, one group; as it should be but for what every account has. */
const account = (): Account =>
  anAccount({
    regions: { [HOME]: aRegion({ ebs: { volumes: [aVolume('data')] } }) },
    s3: { publicAccessBlock: undefined, buckets: [aBucket('papers')] },
  });

const makePublic = ({ aws }: AwsStage): void =>
  aws.change(account().id, (now) => withBucket(now, 'papers', publicByPolicy('papers')));

describe('a scan', () => {
  it('tells of what was there before with one event, and then of each change with one', async () => {
    const stage = await stageAws({ accounts: [account()] });
    expect(at(await stage.scan(), 'state')).toBe('done');
    expect(types(await stage.events())).toEqual(['aws.finding.backlog']);
    const before = await stage.findings('state=open');
    await stage.scan();
    expect(types(await stage.events())).toEqual(['aws.finding.backlog']);

    makePublic(stage);
    await stage.scan();
    const open = await stage.findings('state=open');
    const added = open.filter((one) => !before.some((known) => at(known, 'id') === at(one, 'id')));
    expect(checksOf(added)).toContain('s3.public-policy');
    expect(types(await stage.events()).slice(1)).toEqual(added.map(() => 'aws.finding.opened'));
    const event = (await stage.events()).find((one) => at(one, 'labels', 'check') === 's3.public-policy');
    expect(event).toMatchObject({ severity: 'critical', labels: { account: account().id } });

    stage.aws.change(account().id, () => account());
    await stage.scan();
    expect(await stage.findings('state=open')).toHaveLength(before.length);
    const last = (await stage.events()).slice(0, added.length);
    expect(types(last)).toEqual(added.map(() => 'aws.finding.resolved'));
  });

  it('that could not read something closes nothing, and says what it could not', async () => {
    const stage = await stageAws({ accounts: [account()] });
    makePublic(stage);
    await stage.scan();
    const open = await stage.findings('state=open');
    expect(checksOf(open)).toContain('s3.public-policy');
    for (const action of ['s3:ListAllMyBuckets', 'ec2:DescribeVolumes']) stage.aws.faults.deny(action);
    stage.aws.change(account().id, () => account());
    const scan = await stage.scan();
    expect(await stage.findings('state=open')).toHaveLength(open.length);
    const failures = listAt(scan, 'coverage', 'failures').map((one) => [at(one, 'action'), at(one, 'kind')]);
    expect(failures).toEqual(
      expect.arrayContaining([
        ['s3:ListAllMyBuckets', 'denied'],
        ['ec2:DescribeVolumes', 'denied'],
      ]),
    );
    stage.aws.faults.clear();
    await stage.scan();
    expect(checksOf(await stage.findings('state=open'))).not.toContain('s3.public-policy');
  });

  it('of an account that refuses the keys fails, is told of once, and closes nothing', async () => {
    const stage = await stageAws({ accounts: [account()] });
    await stage.scan();
    const open = await stage.findings('state=open');
    stage.aws.faults.deny('sts:GetCallerIdentity');
    const failed = await stage.scan();
    expect(at(failed, 'state')).toBe('failed');
    expect(String(at(failed, 'detail'))).toContain('sts:GetCallerIdentity');
    await stage.scan();
    expect(types(await stage.events()).filter((type) => type === 'tocsin.aws.scan_failed')).toHaveLength(1);
    expect(await stage.findings('state=open')).toEqual(open);
  });

  it('is made at the start and by the schedule', async () => {
    const stage = await stageAws({ accounts: [account()], account: '    scanEvery: 1m' });
    await until('a scan by the schedule', async () => {
      const { json } = await stage.there.operator('GET', '/api/v1/scans?state=done');
      return listAt(json, 'items').some((scan) => at(scan, 'trigger') === 'schedule');
    });
  });

  it('says how far it is until it is over, and can be cancelled', async () => {
    const stage = await stageAws({ accounts: [account()] });
    stage.aws.faults.latencyMs = 400;
    const asked = (await stage.there.operator('POST', '/api/v1/scans', {})).json;
    const again = await stage.there.operator('POST', '/api/v1/scans', {});
    expect(again.status).toBe(409);
    const path = `/api/v1/scans/${String(at(asked, 'id'))}`;
    const progress = await EventSource.open(stage.there.url, { path: `${path}/progress` });
    await until('the first call', () => stage.aws.log.calls.length > 0);
    expect((await stage.there.operator('POST', `${path}/cancel`)).status).toBe(200);
    expect((await stage.there.operator('POST', `${path}/cancel`)).status).toBe(409);
    await until('the end of the stream', () => progress.isOver);
    expect(progress.messages.at(-1)).toMatchObject({ event: 'over' });
    expect(progress.messages.at(-1)?.['data']).toContain('"state":"cancelled"');
    expect(await stage.findings()).toEqual([]);
    const calls = stage.aws.log.calls.length;
    stage.aws.faults.latencyMs = 0;
    expect(at(await stage.scan(), 'state')).toBe('done');
    expect(stage.aws.log.calls.length).toBeGreaterThan(calls);
  });

  it('whose process is killed half-way is made again by the next one, and nothing is told twice', async () => {
    const first = await stageAws({ accounts: [account()] });
    await first.scan();
    const open = await first.findings('state=open');
    makePublic(first);
    first.aws.faults.latencyMs = 300;
    const { json } = await first.there.operator('POST', '/api/v1/scans', {});
    await until('calls', () => first.aws.log.calls.length > 30);
    const stage = await first.again((there) => there.service.kill());
    stage.aws.faults.latencyMs = 0;
    expect(at(await stage.over(at(json, 'id')), 'state')).toBe('abandoned');
    await until('the scan that takes its place', async () => {
      const scans = listAt((await stage.there.operator('GET', '/api/v1/scans')).json, 'items');
      return at(scans[0], 'state') === 'done' && scans.length === 3;
    });
    const now = await stage.findings('state=open');
    expect(now.length).toBeGreaterThan(open.length);
    await stage.scan();
    const opened = (await stage.events()).filter((event) => at(event, 'type') === 'aws.finding.opened');
    expect(opened).toHaveLength(now.length - open.length);
  });
});
