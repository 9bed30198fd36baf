import { expect, it, test } from 'vitest';
import { whole } from '../../inventory/reading.ts';
import { aCluster, aContainer, aService, aTaskDefinition } from '../test-ecs.ts';
import { accountOf, contextOf, regionOf, resultIn, unlisted } from '../test-inventory.ts';
import { execEnabled } from './exec-enabled.ts';
import { servicePublicIp } from './service-public-ip.ts';
import { tasksetPublicIp } from './taskset-public-ip.ts';
import { tdEnvSecrets } from './td-env-secrets.ts';
import { tdPrivileged } from './td-privileged.ts';

test('services and task sets are named with their cluster', () => {
  const taskSets = [{ id: 'ecs-svc/42', assignsPublicIp: true, taskDefinition: null }];
  const region = regionOf({ services: [aService({ taskSets })] });
  expect(resultIn(servicePublicIp, region).resource).toMatchObject({
    name: 'production/web',
    arn: 'arn:aws:ecs:eu-west-1:123456789012:service/production/web',
  });
  expect(resultIn(tasksetPublicIp, region).resource).toMatchObject({
    name: 'production/web/ecs-svc/42',
    arn: 'arn:aws:ecs:eu-west-1:123456789012:task-set/production/web/ecs-svc/42',
  });
});

test('a secret is told by its name, its container and a hash prefix, and nothing else', () => {
  const suspects = [{ name: 'API_TOKEN', because: 'token', hashPrefix: 'deadbeef' }] as const;
  const region = regionOf({
    taskDefinitions: [aTaskDefinition({ containers: [aContainer({ name: 'web', suspects })] })],
  });
  const { reason, evidence } = resultIn(tdEnvSecrets, region);
  expect(reason).toContain('API_TOKEN of web');
  expect(reason).toContain('in use by service:web');
  expect(evidence?.['variables']).toEqual([
    { container: 'web', variable: 'API_TOKEN', because: 'token', hashPrefix: 'deadbeef' },
  ]);
});

it('keeps its words short and harmless, however long the names of others are', () => {
  const suspects = Array.from({ length: 500 }, (_, index) => ({
    name: `${'N'.repeat(5_000)}\u0000${index}`,
    because: 'name' as const,
    hashPrefix: '0'.repeat(64),
  }));
  const containers = Array.from({ length: 50 }, () =>
    aContainer({ name: 'c\n'.repeat(5_000), suspects, isPrivileged: true }),
  );
  const usedBy = Array.from({ length: 500 }, () => 'service:'.repeat(1_000));
  const region = regionOf({ taskDefinitions: [aTaskDefinition({ containers, usedBy })] });
  for (const check of [tdEnvSecrets, tdPrivileged]) {
    const { reason, evidence } = resultIn(check, region);
    expect(reason.length).toBeLessThanOrEqual(500);
    expect(reason).not.toMatch(/\p{Cc}/u);
    expect(JSON.stringify(evidence).length).toBeLessThan(8_000);
  }
});

it('judges revisions in use, also inactive ones, beside the latest of a family', () => {
  const old = aTaskDefinition({
    arn: 'arn:aws:ecs:eu-west-1:123456789012:task-definition/web:3',
    revision: 3,
    status: 'INACTIVE',
    containers: [aContainer({ isPrivileged: true })],
  });
  const region = regionOf({ taskDefinitions: [old, aTaskDefinition({ usedBy: [] })] });
  const [run] = tdPrivileged.run(contextOf(accountOf({ regions: [region] })));
  expect(run?.results.map(({ status, resource }) => `${resource.name} ${status}`)).toEqual([
    'web FAIL',
    'web PASS',
  ]);
  expect(run?.results[0]).toMatchObject({
    reason: expect.stringMatching(/^Revision 3: /),
    evidence: { revision: 3 },
  });
});

it('takes a new revision for the same thing as the one before', () => {
  const arnOf = (revision: number) => {
    const arn = `arn:aws:ecs:eu-west-1:123456789012:task-definition/web:${revision}`;
    return resultIn(tdPrivileged, regionOf({ taskDefinitions: [aTaskDefinition({ arn, revision })] }))
      .resource;
  };
  expect(arnOf(8)).toEqual(arnOf(7));
  expect(arnOf(8).arn).toBe('arn:aws:ecs:eu-west-1:123456789012:task-definition/web');
});

it('lets no family pass while a revision of it that is in use may not have been read', () => {
  const containers = [aContainer({ isPrivileged: true })];
  const taskDefinitions = (definition = aTaskDefinition()) =>
    unlisted('ecs:DescribeTaskDefinition', [definition]);
  const of = (definition?: ReturnType<typeof aTaskDefinition>) =>
    tdPrivileged
      .run(contextOf(accountOf({ regions: [regionOf({ taskDefinitions: taskDefinitions(definition) })] })))
      .flatMap(({ results }) => results.map(({ status }) => status));
  expect(of()).toEqual(['UNKNOWN', 'UNKNOWN']);
  expect(of(aTaskDefinition({ containers }))).toEqual(['FAIL', 'UNKNOWN']);
});

it('calls no task definition gone while services or tasks could not be listed', () => {
  for (const given of [
    { clusters: unlisted<never>('ecs:ListClusters') },
    { services: unlisted<never>('ecs:ListServices') },
    { tasks: unlisted<never>('ecs:DescribeTasks') },
  ]) {
    const region = regionOf({ ...given, taskDefinitions: [aTaskDefinition()] });
    const [run] = tdPrivileged.run(contextOf(accountOf({ regions: [region] })));
    expect(run).toMatchObject({ isWhole: false, results: [{ status: 'UNKNOWN' }, { status: 'UNKNOWN' }] });
  }
});

it('tells one failure once, however many lists hang on it', () => {
  const clusters = unlisted<never>('ecs:ListClusters');
  const region = regionOf({ clusters, services: clusters, tasks: clusters, taskDefinitions: clusters });
  expect(resultIn(tdPrivileged, region).failures).toHaveLength(1);
});

it("judges ECS Exec by the service's own cluster", () => {
  const quiet = aCluster({
    arn: 'arn:aws:ecs:eu-west-1:123456789012:cluster/other',
    name: 'other',
    execLogging: 'NONE',
  });
  const services = [aService({ isExecEnabled: true, clusterArn: quiet.arn })];
  expect(resultIn(execEnabled, regionOf({ clusters: [aCluster(), quiet], services })).status).toBe('FAIL');
  expect(resultIn(execEnabled, regionOf({ clusters: whole([aCluster()]), services }))).toMatchObject({
    status: 'UNKNOWN',
    reason: 'Not judged: its cluster other was not listed.',
  });
});
