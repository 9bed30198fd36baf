import type { Cluster } from '../../inventory/ecs.ts';
import { type Check, type CheckFacts, defineRegionCheck, notApplicable, type Verdict } from '../check.ts';

interface ClusterCheck extends Omit<CheckFacts, 'service'> {
  judge(cluster: Cluster): Verdict;
}

/** A check of each ECS cluster that is active: one that comes or goes is not finished yet. */
export const defineClusterCheck = ({ judge, ...facts }: ClusterCheck): Check =>
  defineRegionCheck<Cluster>({
    ...facts,
    service: 'ecs',
    reads: ['clusters', ...facts.reads],
    subjects: ({ ecs }) => ecs.clusters,
    resource: ({ arn, name }, { region }) => ({ type: 'ecs-cluster', arn, name, region }),
    judge: (cluster) =>
      cluster.status === 'ACTIVE' ? judge(cluster) : notApplicable(`It is ${cluster.status}.`),
  });
