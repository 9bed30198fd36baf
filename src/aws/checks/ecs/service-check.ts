import type { RegionInventory } from '../../inventory/account.ts';
import type { Service } from '../../inventory/ecs.ts';
import { type Check, type CheckContext, type CheckFacts, defineRegionCheck, type Verdict } from '../check.ts';
import { lastPart, withinClusters } from './within-clusters.ts';

interface ServiceCheck extends Omit<CheckFacts, 'service'> {
  judge(service: Service, region: RegionInventory, context: CheckContext): Verdict;
}

/** A check of each ECS service. */
export const defineServiceCheck = ({ judge, ...facts }: ServiceCheck): Check =>
  defineRegionCheck<Service>({
    ...facts,
    service: 'ecs',
    reads: ['clusters', 'services', ...facts.reads],
    subjects: ({ ecs }) => withinClusters(ecs, ecs.services),
    resource: (service, { region }) => ({
      type: 'ecs-service',
      arn: service.arn,
      name: serviceName(service),
      region,
    }),
    judge,
  });

/** `production/web`: services of one name are in many clusters. */
export const serviceName = ({ clusterArn, name }: Pick<Service, 'clusterArn' | 'name'>): string =>
  `${lastPart(clusterArn)}/${name}`;
