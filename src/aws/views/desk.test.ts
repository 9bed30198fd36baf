import { describe, expect, test } from 'vitest';
import { tagOf } from '../../kernel/entity-tag.ts';
import { anInterface, aSecurityGroup, aVolume, aVpc, REGION } from '../checks/test-inventory.ts';
import type { FailureKind } from '../inventory/reading.ts';
import { READER_IDLE_MS } from './kept/open-readers.ts';
import { DENIAL_KEPT_MS, KEPT_MS } from './kept/shelf.ts';
import type { Question } from './question.ts';
import { fullAccount } from './test-account.ts';
import { CONFIGURED, rowsOf, TestDesk } from './test-desk.ts';
import { aCluster, aService } from './test-things.ts';

const VOLUMES: Question = { name: 'volumes', region: REGION };
const configured = { principal: CONFIGURED, owner: 'account live' };
const window = { since: 0, until: 3_600_000, periodSeconds: 60 };

const volumesDesk = (itemsMax?: number): TestDesk =>
  new TestDesk({ regions: { [REGION]: { volumes: [aVolume(), aVolume({ id: 'vol-2' })] } } }, itemsMax);

/** Waiting until it is opened. */
function gate(): { readonly opened: Promise<void>; readonly open: () => void } {
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => void (open = resolve));
  return { opened, open };
}

test('an answer brings the tag of its bytes: who sends it has not to go through them', async () => {
  const answer = await volumesDesk().ask(VOLUMES);
  if (answer.kind !== 'answered') throw new TypeError(answer.kind);
  expect(answer.tag).toBe(tagOf(answer.body));
});

describe('what was read', () => {
  test('answers filters, pages and the summary for a minute, and says how old it is', async () => {
    const desk = volumesDesk();
    const begun = desk.clock.now();
    await desk.ask(VOLUMES);
    await desk.clock.advance(KEPT_MS - 1);
    const list = { where: { state: 'in-use' }, limit: 1 };
    const answer = await desk.ask({ ...VOLUMES, list });
    await desk.ask({ name: 'summary', region: REGION });
    expect(answer).toMatchObject({ kind: 'answered', readAt: begun });
    expect(desk.times('volumes')).toBe(1);
    await desk.clock.advance(1);
    const later = await desk.ask(VOLUMES);
    expect(desk.times('volumes')).toBe(2);
    expect(later).toMatchObject({ readAt: begun + KEPT_MS });
  });

  test('is told with the age of its oldest part', async () => {
    const desk = new TestDesk(fullAccount());
    const begun = desk.clock.now();
    await desk.ask({ name: 'subnets', region: REGION, vpc: 'vpc-1' });
    await desk.clock.advance(5_000);
    expect(await desk.ask({ name: 'topology', region: REGION, vpc: 'vpc-1' })).toMatchObject({
      readAt: begun,
    });
  });

  test('is read again for whoever insists, and then kept for the others', async () => {
    const desk = volumesDesk();
    await desk.ask(VOLUMES);
    await desk.clock.advance(10);
    expect(await desk.ask(VOLUMES, { isForced: true })).toMatchObject({ readAt: desk.clock.now() });
    expect(desk.times('volumes')).toBe(2);
    await desk.ask(VOLUMES);
    expect(desk.times('volumes')).toBe(2);
  });

  test('is nobody else’s', async () => {
    const desk = volumesDesk();
    await desk.ask(VOLUMES, { owner: 'a' });
    await desk.ask(VOLUMES, { owner: 'b' });
    await desk.ask(VOLUMES, { owner: 'a","b' });
    expect(desk.times('volumes')).toBe(3);
  });

  test('is forgotten with its owner, and with no other', async () => {
    const desk = volumesDesk();
    await desk.ask(VOLUMES, { owner: 'a' });
    await desk.ask(VOLUMES, { owner: 'b' });
    desk.desk.forget('a');
    await desk.ask(VOLUMES, { owner: 'b' });
    expect(desk.times('volumes')).toBe(2);
    await desk.ask(VOLUMES, { owner: 'a' });
    expect(desk.times('volumes')).toBe(3);
  });

  test('makes room for what is newer, and what is larger than the room is not kept', async () => {
    const desk = volumesDesk(4);
    await desk.ask(VOLUMES, { owner: 'a' });
    await desk.ask({ name: 'regions' }, { owner: 'a' });
    await desk.ask(VOLUMES, { owner: 'a' });
    expect(desk.times('volumes')).toBe(2);
    const small = volumesDesk(2);
    await small.ask(VOLUMES);
    await small.ask(VOLUMES);
    expect(small.times('volumes')).toBe(2);
  });

  test('with a clock that went back lasts no longer', async () => {
    const desk = volumesDesk();
    const now = desk.clock.now();
    const { principal, owner } = configured;
    await desk.desk.answer(principal, owner, VOLUMES, false, now);
    await desk.desk.answer(principal, owner, VOLUMES, false, now - 3_600_000);
    expect(desk.times('volumes')).toBe(2);
  });

  test.each<[FailureKind, number]>([
    ['throttled', 2],
    ['unreachable', 2],
    ['failed', 2],
    ['refused', 2],
    ['denied', 1],
  ])('what failed is asked again at once, but for a moment what was denied: %s', async (kind, times) => {
    const desk = volumesDesk().fail('volumes', 'ec2:DescribeVolumes', kind);
    await desk.ask(VOLUMES);
    expect(await desk.ask(VOLUMES)).toMatchObject({ kind: 'failed', failure: { kind } });
    expect(desk.times('volumes')).toBe(times);
    desk.failing.clear();
    await desk.clock.advance(DENIAL_KEPT_MS);
    expect(await desk.ask(VOLUMES)).toMatchObject({ kind: 'answered' });
  });
});

describe('what is being read', () => {
  test('is read once for all who ask for it, of one owner', async () => {
    const desk = volumesDesk();
    const { opened, open } = gate();
    desk.opened = opened;
    const both = [desk.ask(VOLUMES), desk.ask({ name: 'summary', region: REGION })];
    const other = desk.ask(VOLUMES, { owner: 'other' });
    open();
    const answers = await Promise.all([...both, other]);
    expect(answers.map(({ kind }) => kind)).toEqual(['answered', 'answered', 'answered']);
    expect(desk.times('volumes')).toBe(2);
  });

  test('is not enough for whoever insists; those who insist together share theirs, which is then kept', async () => {
    const desk = volumesDesk();
    const { opened, open } = gate();
    desk.opened = opened;
    const first = desk.ask(VOLUMES, configured);
    await desk.clock.advance(10);
    const forced = [1, 2].map(() => desk.ask(VOLUMES, { ...configured, isForced: true }));
    await desk.clock.advance(0);
    expect(desk.times('volumes')).toBe(2);
    open();
    const [before, ...after] = await Promise.all([first, ...forced]);
    const begun = desk.clock.now();
    expect(before).toMatchObject({ readAt: begun - 10 });
    expect(after).toMatchObject([{ readAt: begun }, { readAt: begun }]);
    expect(await desk.ask(VOLUMES, configured)).toMatchObject({ readAt: begun });
    expect(desk.times('volumes')).toBe(2);
  });

  test('ends when its owner is forgotten, is kept for nobody, and comes before no later answer', async () => {
    const desk = volumesDesk();
    const { opened, open } = gate();
    desk.opened = opened;
    const before = desk.ask(VOLUMES);
    desk.desk.forget('someone');
    desk.opened = Promise.resolve();
    expect(await desk.ask(VOLUMES)).toMatchObject({ kind: 'answered' });
    open();
    expect(await before).toMatchObject({ kind: 'failed', failure: { kind: 'unreachable' } });
    await desk.ask(VOLUMES);
    expect(desk.readers[0]?.isClosed).toBe(true);
    expect(desk.times('volumes')).toBe(2);
  });
});

describe('keys', () => {
  test('of a session rest in no reader once its last answer is made', async () => {
    const desk = volumesDesk();
    const { opened, open } = gate();
    desk.opened = opened;
    const slow = desk.ask(VOLUMES);
    const quick = desk.ask({ name: 'volumes', region: 'nowhere at all' });
    expect(await quick).toMatchObject({ kind: 'refused', status: 400 });
    expect(desk.readers.map(({ isClosed }) => isClosed)).toEqual([false]);
    open();
    await slow;
    expect(desk.readers.map(({ isClosed }) => isClosed)).toEqual([true]);
  });

  test('of a session go even if the answer is a bug', async () => {
    const desk = volumesDesk();
    desk.opened = Promise.reject(new Error('a bug'));
    await expect(desk.ask(VOLUMES)).rejects.toThrow('a bug');
    expect(desk.readers[0]?.isClosed).toBe(true);
  });

  test('of a configured account stay with its reader, until nobody has asked for long', async () => {
    const desk = volumesDesk();
    await desk.ask(VOLUMES, configured);
    await desk.clock.advance(KEPT_MS);
    await desk.ask(VOLUMES, configured);
    expect(desk.readers).toHaveLength(1);
    await desk.clock.advance(READER_IDLE_MS + KEPT_MS);
    expect(desk.readers[0]?.isClosed).toBe(true);
    await desk.ask(VOLUMES, configured);
    expect(desk.readers).toHaveLength(2);
  });

  test('of configured accounts stay with no more than so many', async () => {
    const desk = volumesDesk();
    for (let account = 0; account < 20; account++) {
      await desk.ask(VOLUMES, { principal: CONFIGURED, owner: `account ${account}` });
    }
    expect(desk.readers.filter(({ isClosed }) => !isClosed)).toHaveLength(16);
    expect(desk.readers[0]?.isClosed).toBe(true);
  });

  test('are in no answer', async () => {
    const answers = await Promise.all([
      volumesDesk().ask(VOLUMES),
      volumesDesk().fail('volumes', 'ec2:DescribeVolumes').ask(VOLUMES),
    ]);
    const told = answers.map((answer) =>
      answer.kind === 'answered' ? Buffer.from(answer.body).toString() : JSON.stringify(answer),
    );
    expect(told.join()).not.toMatch(/never told|AKIAEXAMPLE/);
  });
});

describe('what is not there', () => {
  const inVpc = { region: REGION, vpc: 'vpc-0nothere' };
  const inCluster = { region: REGION, cluster: 'nothere' };
  test.each<[string, Question]>([
    ['cluster nothere', { name: 'cluster', ...inCluster }],
    ['cluster nothere', { name: 'services', ...inCluster }],
    ['cluster nothere', { name: 'tasks', ...inCluster }],
    ['cluster nothere', { name: 'containerInstances', ...inCluster }],
    ['cluster nothere', { name: 'ecsMetrics', ...inCluster, window }],
    ['cluster nothere', { name: 'service', ...inCluster, service: 'web' }],
    ['service nothere', { name: 'service', region: REGION, cluster: 'live', service: 'nothere' }],
    ['service nothere', { name: 'ecsMetrics', region: REGION, cluster: 'live', service: 'nothere', window }],
    ['bucket nothere', { name: 'bucket', bucket: 'nothere' }],
    ['volume vol-0nothere', { name: 'volumeMetrics', region: REGION, volume: 'vol-0nothere', window }],
    ['VPC vpc-0nothere', { name: 'securityGroups', ...inVpc }],
    ['VPC vpc-0nothere', { name: 'subnets', ...inVpc }],
    ['VPC vpc-0nothere', { name: 'routeTables', ...inVpc }],
    ['VPC vpc-0nothere', { name: 'networkAcls', ...inVpc }],
    ['VPC vpc-0nothere', { name: 'flowLogs', ...inVpc }],
    ['VPC vpc-0nothere', { name: 'topology', ...inVpc }],
  ])('is not found: %s by $name', async (what, question) => {
    const answer = await new TestDesk(fullAccount()).ask(question);
    expect(answer).toEqual({ kind: 'refused', status: 404, detail: `There is no ${what} here.` });
  });

  test.each<Question>([
    { name: 'cluster', region: REGION, cluster: '<script>' },
    { name: 'service', region: REGION, cluster: 'live', service: 'a\nb' },
    { name: 'bucket', bucket: '../secrets' },
    { name: 'volumeMetrics', region: REGION, volume: `vol-${'0'.repeat(10_000)}`, window },
    { name: 'topology', region: REGION, vpc: 'sg-1' },
  ])('what can be no name is neither asked for nor said back: $name', async (question) => {
    const desk = new TestDesk(fullAccount());
    const answer = await desk.ask(question);
    expect(answer).toMatchObject({
      kind: 'refused',
      status: 404,
      detail: expect.stringMatching(/^There is no \w+ of that name here\.$/),
    });
  });

  test.each(['', 'evil.example/', '127.0.0.1', 'US-EAST-1', 'all ', 'us-east-1.evil', '*'])(
    'no region is made of what is none: %j',
    async (region) => {
      const desk = new TestDesk(fullAccount());
      for (const name of ['volumes', 'vpcs', 'clusters', 'snapshots', 'summary'] as const) {
        expect(await desk.ask({ name, region })).toMatchObject({ kind: 'refused', status: 400 });
      }
      expect(desk.times('volumes')).toBe(0);
    },
  );
});

describe('a failure is never none', () => {
  test.each<[Question, string]>([
    [{ name: 'clusters', region: REGION }, 'clusters'],
    [{ name: 'services', region: REGION, cluster: 'live' }, 'services'],
    [{ name: 'services', region: REGION, cluster: 'live' }, 'clusters'],
    [{ name: 'tasks', region: REGION, cluster: 'live' }, 'tasks'],
    [{ name: 'buckets' }, 'bucketNames'],
    [{ name: 'bucket', bucket: 'assets' }, 'bucketNames'],
    [{ name: 'bucket', bucket: 'nothere' }, 'bucketNames'],
    [{ name: 'volumes', region: REGION }, 'volumes'],
    [{ name: 'volumes', region: 'all' }, 'volumes'],
    [{ name: 'volumes', region: 'all' }, 'regions'],
    [{ name: 'volumeMetrics', region: REGION, volume: 'vol-1', window }, 'volumeMetrics'],
    [{ name: 'snapshots', region: REGION }, 'snapshots'],
    [{ name: 'vpcs', region: REGION }, 'vpcs'],
    [{ name: 'securityGroups', region: REGION, vpc: 'vpc-1' }, 'securityGroups'],
    [{ name: 'subnets', region: REGION, vpc: 'vpc-1' }, 'subnets'],
    [{ name: 'flowLogs', region: REGION, vpc: 'vpc-1' }, 'flowLogs'],
    [{ name: 'topology', region: REGION, vpc: 'vpc-1' }, 'vpcs'],
    [{ name: 'regions' }, 'regions'],
  ])('%j fails without %s, by the name of the action', async (question, method) => {
    const desk = new TestDesk(fullAccount()).fail(method, 'ec2:DescribeVpcs');
    const failure = { kind: 'denied', action: 'ec2:DescribeVpcs' };
    expect(await desk.ask(question)).toMatchObject({ kind: 'failed', failure });
  });

  test('of all regions the good ones are told, with which are missing; they count for themselves', async () => {
    const account = fullAccount();
    account.regions['us-east-1'] = { volumes: [aVolume({ id: 'vol-us' })] };
    const desk = new TestDesk(account).fail(`volumes ${REGION}`, 'ec2:DescribeVolumes', 'throttled');
    const document = await desk.document({ name: 'volumes', region: 'all' });
    expect(rowsOf(document, 'volumes')).toMatchObject([{ volume_id: 'vol-us', region: 'us-east-1' }]);
    expect(document).toMatchObject({
      total: 1,
      unreadable: [{ member: 'volumes', action: 'ec2:DescribeVolumes', region: REGION, reason: 'throttled' }],
    });
  });

  test('groups of a VPC are told though VPCs may not be looked at; none at all is a failure', async () => {
    const groups: Question = { name: 'securityGroups', region: REGION, vpc: 'vpc-1' };
    const desk = new TestDesk({ regions: { [REGION]: { securityGroups: [aSecurityGroup()] } } });
    desk.fail('vpcs', 'ec2:DescribeVpcs');
    expect(rowsOf(await desk.document(groups), 'security_groups')).toHaveLength(1);
    const empty = new TestDesk({ regions: { [REGION]: { vpcs: [aVpc()] } } }).fail(
      'vpcs',
      'ec2:DescribeVpcs',
    );
    expect(await empty.ask(groups)).toMatchObject({ kind: 'failed' });
  });

  test('a cluster that goes while it is asked about is not there', async () => {
    const desk = new TestDesk({ regions: { [REGION]: { clusters: [aCluster()], services: [aService()] } } });
    desk.fail('services', 'ecs:ListServices', 'missing');
    const answer = await desk.ask({ name: 'services', region: REGION, cluster: 'live' });
    expect(answer).toMatchObject({ kind: 'refused', status: 404 });
  });

  test('who may see neither interfaces nor lists gets the rules of groups all the same', async () => {
    const desk = new TestDesk({
      regions: {
        [REGION]: { vpcs: [aVpc()], securityGroups: [aSecurityGroup()], networkInterfaces: [anInterface()] },
      },
    }).fail('networkInterfaces', 'ec2:DescribeNetworkInterfaces');
    const document = await desk.document({ name: 'securityGroups', region: REGION, vpc: 'vpc-1' });
    const unreadable = [{ member: 'interfaces_count', action: 'ec2:DescribeNetworkInterfaces' }];
    expect(rowsOf(document, 'security_groups')).toMatchObject([{ interfaces_count: null, unreadable }]);
  });
});
