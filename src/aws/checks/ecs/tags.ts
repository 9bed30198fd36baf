import type { RegionInventory } from '../../inventory/account.ts';
import type { Tags } from '../../inventory/ebs.ts';
import type { Listing } from '../../inventory/reading.ts';
import { defineRegionCheck, fail, pass, type Resource } from '../check.ts';
import { fsbp } from '../controls.ts';
import { serviceName } from './service-check.ts';
import { withinClusters } from './within-clusters.ts';

interface Tagged extends Pick<Resource, 'type' | 'arn' | 'name'> {
  readonly tags: Tags;
}

export const tags = defineRegionCheck<Tagged>({
  id: 'ecs.tags',
  service: 'ecs',
  title: 'The cluster or service is tagged',
  severity: 'low',
  why: 'Without a tag nobody can tell whose it is when it costs, fails or leaks, nor bind rights to it.',
  fix: {
    console: 'ECS > Clusters > the cluster (or the service) > Tags > Manage tags: an owner at least.',
    cli: 'aws ecs tag-resource --resource-arn <ARN> --tags key=owner,value=<TEAM>',
  },
  references: [
    'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-using-tags.html',
    'https://docs.aws.amazon.com/securityhub/latest/userguide/ecs-controls.html#ecs-13',
    'https://docs.aws.amazon.com/securityhub/latest/userguide/ecs-controls.html#ecs-14',
  ],
  controls: fsbp('ECS.13', 'ECS.14'),
  reads: ['clusters', 'services'],
  subjects: taggedOf,
  resource: ({ type, arn, name }, { region }) => ({ type, arn, name, region }),
  judge: (tagged) => {
    const own = Object.keys(tagged.tags).filter((key) => !key.toLowerCase().startsWith('aws:'));
    return own.length > 0 ? pass(`It has ${own.length} tags.`) : fail('It has no tag of yours.');
  },
});

/** Tags that begin with `aws:` are made by AWS itself. */
function taggedOf({ ecs }: RegionInventory): Listing<Tagged> {
  const services = withinClusters(ecs, ecs.services);
  const items = [
    ...ecs.clusters.items.map(({ arn, name, tags }) => ({ type: 'ecs-cluster', arn, name, tags })),
    ...services.items.map((service) => ({
      type: 'ecs-service',
      arn: service.arn,
      name: serviceName(service),
      tags: service.tags,
    })),
  ];
  return { items, failures: services.failures };
}
