import { expect, test } from 'vitest';
import { aContainer, aTaskDefinition, ecsArn, here } from '../../../tests/support/aws/builders.ts';
import { aStage, many, REGION, withRegion } from './test-aws.ts';

const arnOf = (name: string): string => ecsArn(here, `task-definition/${name}`);

test('reads the latest of each family and the older ones in use, each once', async () => {
  const taskDefinitions = [1, 2, 3].flatMap((revision) =>
    many(150, (at) => aTaskDefinition(`f${at}`, revision)),
  );
  const stage = await aStage(withRegion({ ecs: { taskDefinitions } }));
  const usedBy = new Map([
    [arnOf('f0:1'), ['service:old']],
    [arnOf('f1:3'), ['service:new']],
  ]);
  const { items, failures } = await stage.reader().taskDefinitions(REGION, usedBy);
  expect(failures).toEqual([]);
  expect(items).toHaveLength(151);
  expect(items.find(({ arn }) => arn === arnOf('f0:1'))).toMatchObject({ usedBy: ['service:old'] });
  expect(items.find(({ arn }) => arn === arnOf('f1:3'))).toMatchObject({
    usedBy: ['service:new'],
    revision: 3,
  });
  expect(items.find(({ arn }) => arn === arnOf('f2:3'))).toMatchObject({ usedBy: [] });
  expect(stage.aws.log.of('ecs:DescribeTaskDefinition')).toHaveLength(151);
});

test('one that is no longer active is read where something uses it', async () => {
  const taskDefinitions = [aTaskDefinition('web', 1, { status: 'INACTIVE' }), aTaskDefinition('web', 2)];
  const stage = await aStage(withRegion({ ecs: { taskDefinitions } }));
  const { items } = await stage.reader().taskDefinitions(REGION, new Map([[arnOf('web:1'), ['task:a']]]));
  expect(items.map(({ revision, status }) => [revision, status])).toEqual([
    [2, 'ACTIVE'],
    [1, 'INACTIVE'],
  ]);
});

test('a secret in a variable is told by its name, never by its value', async () => {
  const container = aContainer('app', {
    environment: [
      { name: 'DB_PASSWORD', value: 'correct horse battery' },
      { name: 'LOG_LEVEL', value: 'verbatim-value' },
    ],
    secrets: [{ name: 'API_TOKEN', valueFrom: 'arn:aws:ssm:us-west-2:123456789012:parameter/token' }],
  });
  const definition = aTaskDefinition('app', 1, { containerDefinitions: [container] });
  const stage = await aStage(withRegion({ ecs: { taskDefinitions: [definition] } }));
  const found = await stage.reader().taskDefinitions(REGION, new Map());
  const told = JSON.stringify(found);
  expect(found.items[0]?.containers[0]?.suspects.map(({ name }) => name)).toEqual(['DB_PASSWORD']);
  expect(told).not.toContain('correct horse');
  expect(told).not.toContain('verbatim-value');
});

test('reads what the checks of task definitions look at', async () => {
  const container = aContainer('app', {
    privileged: true,
    readonlyRootFilesystem: undefined,
    user: undefined,
  });
  const definition = aTaskDefinition('app', 4, {
    networkMode: 'host',
    pidMode: 'host',
    runtimePlatform: { operatingSystemFamily: 'WINDOWS_SERVER_2022_CORE' },
    volumes: [
      { name: 'safe', efsVolumeConfiguration: { fileSystemId: 'fs-1', transitEncryption: 'ENABLED' } },
      { name: 'open', efsVolumeConfiguration: { fileSystemId: 'fs-1' } },
      { name: 'plain' },
    ],
    containerDefinitions: [container],
  });
  const stage = await aStage(withRegion({ ecs: { taskDefinitions: [definition] } }));
  const { items } = await stage.reader().taskDefinitions(REGION, new Map());
  expect(items).toMatchObject([
    {
      family: 'app',
      revision: 4,
      networkMode: 'host',
      pidMode: 'host',
      isWindows: true,
      efsVolumes: [
        { name: 'safe', isEncryptedInTransit: true },
        { name: 'open', isEncryptedInTransit: false },
      ],
      containers: [
        {
          isPrivileged: true,
          isRootReadonly: null,
          user: null,
          logDriver: 'awslogs',
          logMode: 'non-blocking',
        },
      ],
    },
  ]);
});

test('a denied description is a failure for each, and the list says so', async () => {
  const taskDefinitions = many(3, (at) => aTaskDefinition(`f${at}`));
  const stage = await aStage(withRegion({ ecs: { taskDefinitions } }));
  stage.aws.faults.deny('ecs:DescribeTaskDefinition', { resource: 'f1' });
  const { items, failures } = await stage.reader().taskDefinitions(REGION, new Map());
  expect(items.map(({ family }) => family)).toEqual(['f0', 'f2']);
  expect(failures).toMatchObject([{ kind: 'denied', action: 'ecs:DescribeTaskDefinition' }]);
});
