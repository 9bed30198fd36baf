import type { RegionInventory } from '../../inventory/account.ts';
import type { Service } from '../../inventory/ecs.ts';
import { fail, pass, unknown, type Verdict } from '../check.ts';
import { defineServiceCheck } from './service-check.ts';
import { lastPart } from './within-clusters.ts';

export const execEnabled = defineServiceCheck({
  id: 'ecs.exec-enabled',
  title: 'Nobody gets into containers without what they do being logged',
  severity: 'medium',
  why: 'ECS Exec opens a shell in a running container. Without a logging configuration of the cluster, nothing tells what was done there.',
  fix: {
    console:
      'ECS > Clusters > the cluster > Update cluster > Monitoring > ECS Exec encryption and logging: a log group or bucket of its own. Or turn ECS Exec off for the service.',
    cli: 'aws ecs update-cluster --cluster <CLUSTER> --configuration \'{"executeCommandConfiguration":{"logging":"OVERRIDE","logConfiguration":{"cloudWatchLogGroupName":"<LOG_GROUP>"}}}\'',
  },
  references: [
    'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html',
    'https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ExecuteCommandConfiguration.html',
  ],
  controls: [],
  reads: [],
  judge: (service, { ecs }) =>
    service.isExecEnabled ? judgeCluster(service, ecs) : pass('ECS Exec is off for it.'),
});

function judgeCluster({ clusterArn }: Service, { clusters }: RegionInventory['ecs']): Verdict {
  const cluster = clusters.items.find(({ arn }) => arn === clusterArn);
  if (!cluster) return unlistedCluster(clusterArn, clusters.failures);
  const { execLogging, name } = cluster;
  if (execLogging === 'DEFAULT' || execLogging === 'OVERRIDE')
    return pass(`ECS Exec is on; ${name} logs it (${execLogging}).`, { execLogging });
  return fail(`ECS Exec is on, and ${name} does not log it.`, { evidence: { execLogging } });
}

const unlistedCluster = (arn: string, failures: Parameters<typeof unknown>[0]): Verdict =>
  failures.length > 0
    ? unknown(failures)
    : { status: 'UNKNOWN', reason: `Not judged: its cluster ${lastPart(arn)} was not listed.` };
