import type { RegionInventory } from '../../inventory/account.ts';
import type { Service } from '../../inventory/ecs.ts';
import type { Listing } from '../../inventory/reading.ts';
import { defineRegionCheck, fail, notApplicable, pass } from '../check.ts';
import { fsbp } from '../controls.ts';
import { serviceName } from './service-check.ts';
import { withinClusters } from './within-clusters.ts';

interface ServiceTaskSet {
  readonly service: Service;
  readonly taskSet: Service['taskSets'][number];
}

export const tasksetPublicIp = defineRegionCheck<ServiceTaskSet>({
  id: 'ecs.taskset-public-ip',
  service: 'ecs',
  title: 'The task set gives its tasks no public addresses',
  severity: 'high',
  why: 'A task set of an external or blue/green deployment has a network configuration of its own: with a public address its tasks can be reached from the internet, whatever the service says.',
  fix: {
    console:
      'Task sets are made by the deployment: take the public address out of its AppSpec file or pipeline and deploy again.',
    cli: 'aws ecs create-task-set --cluster <CLUSTER> --service <SERVICE> --task-definition <TASK_DEFINITION> --network-configuration "awsvpcConfiguration={subnets=[<SUBNETS>],securityGroups=[<GROUPS>],assignPublicIp=DISABLED}"',
  },
  references: [
    'https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_TaskSet.html',
    'https://docs.aws.amazon.com/securityhub/latest/userguide/ecs-controls.html#ecs-16',
  ],
  controls: fsbp('ECS.16'),
  reads: ['clusters', 'services'],
  subjects: taskSetsOf,
  resource: ({ service, taskSet }, { region }) => ({
    type: 'task-set',
    arn: taskSetArn(service, taskSet.id),
    name: `${serviceName(service)}/${taskSet.id}`,
    region,
  }),
  judge: ({ taskSet: { assignsPublicIp } }) => {
    if (assignsPublicIp === null) return notApplicable('Its network mode is not awsvpc.');
    return assignsPublicIp
      ? fail('Its tasks get public addresses.')
      : pass('Its tasks get no public addresses.');
  },
});

function taskSetsOf({ ecs }: RegionInventory): Listing<ServiceTaskSet> {
  const { items, failures } = withinClusters(ecs, ecs.services);
  return {
    items: items.flatMap((service) => service.taskSets.map((taskSet) => ({ service, taskSet }))),
    failures,
  };
}

/** `arn:…:task-set/<cluster>/<service>/<id>`, which the inventory does not hold. */
const taskSetArn = (service: Service, id: string): string =>
  `${service.arn.split(':').slice(0, 5).join(':')}:task-set/${serviceName(service)}/${id}`;
