import type { Answer } from '../answer.ts';
import type { Question } from '../question.ts';
import type { Desk } from './asking.ts';
import { askSnapshots, askVolumeMetrics, askVolumes } from './ebs.ts';
import {
  askCluster,
  askClusters,
  askContainerInstances,
  askEcsMetrics,
  askService,
  askServices,
  askTasks,
} from './ecs.ts';
import {
  askFlowLogs,
  askNetworkAcls,
  askRouteTables,
  askSecurityGroups,
  askSubnets,
  askTopology,
  askVpcs,
} from './network.ts';
import { askRegions } from './regions.ts';
import { askBucket, askBuckets } from './s3.ts';
import { askSummary } from './summary.ts';

/** The answer to any question, before it is bytes. */
export function answerQuestion(desk: Desk, question: Question): Promise<Answer> {
  switch (question.name) {
    case 'clusters':
      return askClusters(desk, question);
    case 'cluster':
      return askCluster(desk, question);
    case 'services':
      return askServices(desk, question);
    case 'service':
      return askService(desk, question);
    case 'tasks':
      return askTasks(desk, question);
    case 'containerInstances':
      return askContainerInstances(desk, question);
    case 'ecsMetrics':
      return askEcsMetrics(desk, question);
    case 'buckets':
      return askBuckets(desk, question);
    case 'bucket':
      return askBucket(desk, question);
    case 'volumes':
      return askVolumes(desk, question);
    case 'volumeMetrics':
      return askVolumeMetrics(desk, question);
    case 'snapshots':
      return askSnapshots(desk, question);
    case 'vpcs':
      return askVpcs(desk, question);
    case 'securityGroups':
      return askSecurityGroups(desk, question);
    case 'subnets':
      return askSubnets(desk, question);
    case 'routeTables':
      return askRouteTables(desk, question);
    case 'networkAcls':
      return askNetworkAcls(desk, question);
    case 'flowLogs':
      return askFlowLogs(desk, question);
    case 'topology':
      return askTopology(desk, question);
    case 'regions':
      return askRegions(desk, question);
    case 'summary':
      return askSummary(desk, question);
  }
}
