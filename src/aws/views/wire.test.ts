import { Value } from 'typebox/value';
import { describe, expect, test } from 'vitest';
import { aVolume, aVpc, REGION } from '../checks/test-inventory.ts';
import { answerWires } from '../api/inventory-wire.ts';
import type { Question, QuestionName } from './question.ts';
import { everyQuestion, fullAccount } from './test-account.ts';
import { TestDesk } from './test-desk.ts';
import { anAccount, type TestAccount } from './test-reader.ts';
import { aBucket, aCluster, aService } from './test-things.ts';

const questions = Object.values(everyQuestion);

async function faultsOf(desk: TestDesk, question: Question): Promise<readonly unknown[]> {
  const document = await desk.document(question);
  return [...Value.Errors(answerWires[question.name], document)].slice(0, 5);
}

/** As little as there can be for the question to be answered. */
const bareAccount = (): TestAccount =>
  anAccount({
    regions: {
      [REGION]: {
        volumes: [aVolume({ attachments: [], iops: null, throughput: null })],
        vpcs: [aVpc()],
        clusters: [aCluster()],
        services: [aService({ deployments: [], events: [] })],
      },
    },
    buckets: [aBucket({ createdAt: null })],
  });

describe('every document is what the API says of it', () => {
  test.each(questions)('$name of an account that has everything', async (question) => {
    expect(await faultsOf(new TestDesk(fullAccount()), question)).toEqual([]);
  });

  test.each(questions)('$name of an account that has next to nothing', async (question) => {
    expect(await faultsOf(new TestDesk(bareAccount()), question)).toEqual([]);
  });
});

/** What can be denied without taking the whole answer with it. */
const members: Readonly<Partial<Record<QuestionName, readonly string[]>>> = {
  cluster: ['services', 'tasks', 'containerInstances', 'ecsUtilisation'],
  service: ['tasks', 'containerInstances', 'ecsUtilisation'],
  tasks: ['containerInstances'],
  buckets: ['bucketStorage', 'accountPublicAccessBlock', 'identity'],
  bucket: ['bucketStorage', 'accountPublicAccessBlock', 'identity'],
  volumes: ['volumeStatuses'],
  snapshots: ['publicSnapshotIds', 'snapshotSharing'],
  vpcs: ['subnets', 'securityGroups', 'flowLogs'],
  securityGroups: ['prefixLists', 'networkInterfaces'],
  subnets: ['routeTables'],
  flowLogs: ['subnets', 'networkInterfaces'],
  topology: ['subnets', 'securityGroups', 'networkAcls', 'routeTables', 'networkInterfaces', 'prefixLists'],
  summary: [
    'clusters',
    'services',
    'bucketNames',
    'bucketStorage',
    'volumes',
    'vpcs',
    'subnets',
    'securityGroups',
    'routeTables',
  ],
};

describe('what is denied of an answer is named in it, and the answer is still what the API says', () => {
  const cases = Object.values(everyQuestion).flatMap((question) =>
    (members[question.name] ?? []).map((denied) => ({ question, name: question.name, denied })),
  );
  test.each(cases)('$name without $denied', async ({ question, denied }) => {
    const desk = new TestDesk(fullAccount()).fail(denied, 'ecs:ListTasks');
    expect(await faultsOf(desk, question)).toEqual([]);
    const { unreadable } = await desk.document(question);
    const isNamed = JSON.stringify(await desk.document(question)).includes('"action":"ecs:ListTasks"');
    expect(isNamed, JSON.stringify(unreadable)).toBe(true);
  });
});
