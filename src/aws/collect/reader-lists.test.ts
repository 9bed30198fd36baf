import { expect, test } from 'vitest';
import {
  aBucket,
  aCluster,
  aContainerInstance,
  anAccount,
  aService,
  aSnapshot,
  aTask,
  aVolume,
  aVpc,
  ecsArn,
  here,
} from '../../../tests/support/aws/builders.ts';
import { aStage, many, REGION, withRegion } from './test-aws.ts';

test('lists every volume of a region, over all pages', async () => {
  const stage = await aStage(withRegion({ ebs: { volumes: many(2_345, (at) => aVolume(`v${at}`)) } }));
  const { items, failures } = await stage.reader().volumes(REGION);
  expect(failures).toEqual([]);
  expect(new Set(items.map(({ id }) => id)).size).toBe(2_345);
  expect(stage.aws.log.of('ec2:DescribeVolumes')).toHaveLength(3);
});

test('lists more than a hundred clusters, and more than ten services of one', async () => {
  const clusters = many(230, (at) => aCluster(`c${at}`));
  const services = many(134, (at) => aService('c0', `s${at}`));
  const stage = await aStage(withRegion({ ecs: { clusters, services } }));
  const reader = stage.reader();
  const found = await reader.clusters(REGION);
  expect(found.items).toHaveLength(230);
  expect(found.items[0]).toMatchObject({
    containerInsights: 'enabled',
    execLogging: 'DEFAULT',
    tags: { team: 'platform' },
  });
  const ofOne = await reader.services(REGION, ecsArn(here, 'cluster/c0'));
  expect(ofOne.items.map(({ name }) => name).toSorted()).toEqual(
    services.map(({ serviceName }) => serviceName).toSorted(),
  );
  expect(ofOne.items[0]?.tags).toEqual({ team: 'platform' });
  expect(stage.aws.log.of('ecs:ListServices')).toHaveLength(2);
  expect(stage.aws.log.of('ecs:DescribeServices')).toHaveLength(14);
});

test('lists tasks and container instances in hundreds', async () => {
  const service = aService('web', 'front');
  const tasks = many(150, (at) => aTask(service, at));
  const containerInstances = many(120, (at) => aContainerInstance('web', `i${at}`));
  const ecs = { clusters: [aCluster('web')], services: [service], tasks, containerInstances };
  const stage = await aStage(withRegion({ ecs }));
  const reader = stage.reader();
  const arn = ecsArn(here, 'cluster/web');
  const found = await reader.tasks(REGION, arn);
  expect(found).toMatchObject({ failures: [], items: { length: 150 } });
  expect(found.items[0]).toMatchObject({ clusterArn: arn, group: 'service:front', cpu: 256, memory: 512 });
  const instances = await reader.containerInstances(REGION, arn);
  expect(instances).toMatchObject({ failures: [], items: { length: 120 } });
  expect(instances.items[0]).toMatchObject({ cpu: { registered: 2_048, remaining: 1_536 }, clusterArn: arn });
  expect(stage.aws.log.of('ecs:DescribeTasks')).toHaveLength(2);
  expect(stage.aws.log.of('ecs:DescribeContainerInstances')).toHaveLength(2);
});

test('lists the buckets of all regions with the region of each', async () => {
  const buckets = many(1_203, (at) => aBucket(`b${at}`, { region: at % 2 === 0 ? REGION : 'eu-west-1' }));
  const stage = await aStage(anAccount({ s3: { publicAccessBlock: undefined, buckets } }));
  const { items, failures } = await stage.reader().bucketNames();
  expect(failures).toEqual([]);
  expect(items).toHaveLength(1_203);
  expect(items.find(({ name }) => name === 'b7')).toMatchObject({ region: 'eu-west-1' });
  expect(stage.aws.log.of('s3:GetBucketLocation')).toEqual([]);
});

test('asks where a bucket is only where the list does not say it', async () => {
  const buckets = [aBucket('old', { region: 'us-east-1' })];
  const account = anAccount({ s3: { publicAccessBlock: undefined, buckets } });
  const stage = await aStage(account);
  const body =
    '<ListAllMyBucketsResult><Buckets><Bucket><Name>old</Name></Bucket></Buckets></ListAllMyBucketsResult>';
  stage.aws.faults.add({ kind: 'answer', status: 200, body }, { action: 's3:ListAllMyBuckets' });
  const location = '<LocationConstraint xmlns="http://s3.amazonaws.com/doc/2006-03-01/"/>';
  stage.aws.faults.add({ kind: 'answer', status: 200, body: location }, { action: 's3:GetBucketLocation' });
  const { items, failures } = await stage.reader().bucketNames();
  expect(failures).toEqual([]);
  expect(items).toEqual([{ name: 'old', region: 'us-east-1', createdAt: null }]);
});

test('reads some volumes of many, and says which of those named are not there', async () => {
  const volumes = many(5, (at) => aVolume(`v${at}`));
  const stage = await aStage(withRegion({ ebs: { volumes } }));
  const wanted = volumes[3]?.VolumeId ?? '';
  const { items, failures } = await stage.reader().volumes(REGION, [wanted, 'vol-00000000000000000']);
  expect(items.map(({ id }) => id)).toEqual([wanted]);
  expect(failures).toEqual([
    { kind: 'missing', action: 'ec2:DescribeVolumes', region: REGION, code: 'InvalidVolume.NotFound' },
  ]);
});

test('an id that can be none is missing, for VPCs and clusters too', async () => {
  const stage = await aStage(withRegion({ network: { vpcs: [aVpc('main')] } }));
  const reader = stage.reader();
  expect((await reader.vpcs(REGION, ['no id'])).failures).toMatchObject([{ kind: 'missing' }]);
  expect((await reader.clusters(REGION, ['nowhere'])).failures).toMatchObject([{ kind: 'missing' }]);
  expect((await reader.services(REGION, 'nowhere')).failures).toMatchObject([
    { kind: 'missing', code: 'ClusterNotFoundException' },
  ]);
});

test('asks once for the snapshots that everybody may restore', async () => {
  const snapshots = many(20, (at) => aSnapshot(`s${at}`));
  const id = snapshots[7]?.SnapshotId ?? '';
  const stage = await aStage(withRegion({ ebs: { snapshots, publicSnapshotIds: [id] } }));
  const reader = stage.reader();
  expect(await reader.publicSnapshotIds(REGION)).toEqual({ items: [id], failures: [] });
  expect(stage.aws.log.calls).toHaveLength(1);
});
