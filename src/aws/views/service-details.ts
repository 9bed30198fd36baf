import type { ContainerInstance, EcsUtilisation, Service, Task } from '../inventory/ecs.ts';
import type { Reading } from '../inventory/reading.ts';
import { latestUtilisation } from './ecs-utilisation.ts';
import { deploymentWire, serviceEventWire, serviceWire, taskSetWire } from './services.ts';
import { distributionOf } from './tasks.ts';
import { UnreadMembers } from './unreadable.ts';

interface ServiceParts {
  readonly region: string;
  readonly service: Service;
  /** Its own. */
  readonly tasks: Reading<readonly Task[]>;
  /** Of its cluster. */
  readonly instances: Reading<readonly ContainerInstance[]>;
  readonly utilisation: Reading<EcsUtilisation>;
}

/** One service with its deployments and events, and how its tasks are spread. */
export function serviceDetailsDocument(
  { region, service, tasks, instances, utilisation }: ServiceParts,
  now: number,
) {
  const unread = new UnreadMembers();
  const members = {
    ...serviceWire({ region, value: service }, now),
    deployments: service.deployments.map(deploymentWire),
    task_sets: service.taskSets.map(taskSetWire),
    events: service.events.map(serviceEventWire),
    tasks: unread.of('tasks', tasks, (own) => distributionOf(own, instances)),
    utilization: unread.of('utilization', utilisation, latestUtilisation),
  };
  unread.of('tasks.by_container_instance', instances, Boolean);
  return { ...members, unreadable: unread.list };
}
