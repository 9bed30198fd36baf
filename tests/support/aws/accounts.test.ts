import { expect, test } from 'vitest';
import type { Account, Region } from './account.ts';
import { aDemoAccount } from './demo-account.ts';
import { demoChanges } from './demo-changes.ts';
import { home } from './demo/places.ts';
import { aLargeAccount, largeCounts } from './large-account.ts';

const over = (account: Account, count: (region: Region) => number): number =>
  Object.values(account.regions).reduce((sum, region) => sum + count(region), 0);

/** Every id there is twice in a list of things. */
function twice(account: Account): string[] {
  const lists = Object.values(account.regions).flatMap(({ ebs, network, ecs }) => [
    ebs.volumes.map(({ VolumeId }) => VolumeId),
    ebs.snapshots.map(({ SnapshotId }) => SnapshotId),
    network.vpcs.map(({ VpcId }) => VpcId),
    network.subnets.map(({ SubnetId }) => SubnetId),
    network.securityGroups.map(({ GroupId }) => GroupId),
    network.routeTables.map(({ RouteTableId }) => RouteTableId),
    network.networkInterfaces.map(({ NetworkInterfaceId }) => NetworkInterfaceId),
    ecs.services.map(({ serviceArn }) => serviceArn),
    ecs.tasks.map(({ taskArn }) => taskArn),
    ecs.containerInstances.map(({ containerInstanceArn }) => containerInstanceArn),
    ecs.taskDefinitions.map(({ taskDefinitionArn }) => taskDefinitionArn),
  ]);
  return lists.flatMap((ids) => {
    const seen = new Set<unknown>();
    return ids.filter((id) => seen.has(id) || !seen.add(id)).map(String);
  });
}

/** Whatever a service, a task or an interface names and the account does not have. */
function dangling(account: Account): string[] {
  return Object.values(account.regions).flatMap(({ network, ecs }) => {
    const groups = new Set(network.securityGroups.map(({ GroupId }) => GroupId));
    const subnets = new Set(network.subnets.map(({ SubnetId }) => SubnetId));
    const definitions = new Set(ecs.taskDefinitions.map(({ taskDefinitionArn }) => taskDefinitionArn));
    const clusters = new Set(ecs.clusters.map(({ clusterArn }) => clusterArn));
    const interfaces = network.networkInterfaces.filter(
      ({ SubnetId, Groups = [] }) =>
        !subnets.has(SubnetId) || Groups.some(({ GroupId }) => !groups.has(GroupId)),
    );
    const services = ecs.services.filter(
      ({ taskDefinition, clusterArn }) => !definitions.has(taskDefinition) || !clusters.has(clusterArn),
    );
    return [
      ...interfaces.map(({ Description }) => Description),
      ...services.map(({ serviceArn }) => serviceArn),
    ].map(String);
  });
}

test('the large account is as large as what others were measured with, and the same every time', () => {
  const account = aLargeAccount();
  expect({
    buckets: account.s3.buckets.length,
    volumes: over(account, ({ ebs }) => ebs.volumes.length),
    snapshots: over(account, ({ ebs }) => ebs.snapshots.length),
    services: over(account, ({ ecs }) => ecs.services.length),
    taskDefinitions: over(account, ({ ecs }) => ecs.taskDefinitions.length),
    vpcs: over(account, ({ network }) => network.vpcs.length),
    securityGroups: over(account, ({ network }) => network.securityGroups.length),
  }).toEqual(largeCounts);
  expect(Object.keys(account.regions)).toHaveLength(4);
  expect(aLargeAccount()).toEqual(account);
});

test('nothing is there twice, and nothing names what is not there', () => {
  for (const account of [aLargeAccount(), aDemoAccount()]) {
    expect(twice(account)).toEqual([]);
    expect(dangling(account)).toEqual([]);
  }
});

const pairs = [
  ['openSsh', 'closeSsh'],
  ['publishInvoices', 'mendInvoices'],
  ['breakFrontend', 'healFrontend'],
] as const;

test.each(pairs)('%s changes the account of the demo, and %s makes it what it was', (change, undo) => {
  const account = aDemoAccount(0);
  const changed = demoChanges[change](account);
  expect(changed).not.toEqual(account);
  expect(demoChanges[change](changed)).toEqual(changed);
  expect(demoChanges[undo](changed)).toEqual(account);
});

test("a broken front end is told by its cluster's counts and tasks too", () => {
  const ecsOf = (account: Account): Region['ecs'] | undefined => account.regions[home.region]?.ecs;
  const [before, after] = [aDemoAccount(0), demoChanges.breakFrontend(aDemoAccount(0))].map(ecsOf);
  const lost = (before?.tasks.length ?? 0) - (after?.tasks.length ?? 0);
  const counted =
    (before?.clusters[0]?.runningTasksCount ?? 0) - (after?.clusters[0]?.runningTasksCount ?? 0);
  expect([lost, counted]).toEqual([3, 3]);
});
