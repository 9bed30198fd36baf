import type { Cluster, EcsInventory, Service, Task, TaskDefinition } from '../inventory/ecs.ts';
import type { Listing, ReadFailure } from '../inventory/reading.ts';
import { type ReadName, reads } from '../inventory/reads.ts';
import { asked, type Ledger } from './ledger.ts';
import { inTurn } from './in-turn.ts';
import { bounded, joined } from './pages.ts';
import type { AccountReader } from './port.ts';

const CLUSTERS_AT_ONCE = 20;

/** From the clusters down to the task definitions. What could not be read above leaves gaps in all that is below it. */
export async function collectEcs(
  reader: AccountReader,
  region: string,
  ledger: Ledger,
): Promise<EcsInventory> {
  const clusters = await ledger.listing(
    'clusters',
    region,
    () => reader.clusters(region),
    ledger.needs('clusters', 'services', 'tasks', 'containerInstances', 'taskDefinitions'),
  );
  const of = <T>(name: ReadName, ask: Ask<T>, isNeeded = ledger.needs(name)) =>
    ofClusters(clusters, ledger, { name, region, ask, isNeeded });
  const areInUseNeeded = ledger.needs('taskDefinitions');
  const [services, tasks, containerInstances] = await Promise.all([
    of('services', (arn) => reader.services(region, arn), ledger.needs('services') || areInUseNeeded),
    of('tasks', (arn) => reader.tasks(region, arn), ledger.needs('tasks') || areInUseNeeded),
    of('containerInstances', (arn) => reader.containerInstances(region, arn)),
  ]);
  const taskDefinitions = await collectDefinitions(reader, region, ledger, { services, tasks });
  return { clusters, services, tasks, containerInstances, taskDefinitions };
}

type Ask<T> = (clusterArn: string) => Promise<Listing<T>>;
interface AskOfClusters<T> {
  readonly name: ReadName;
  readonly region: string;
  readonly ask: Ask<T>;
  readonly isNeeded: boolean;
}

/** What all clusters have; each cluster's is one read. */
async function ofClusters<T>(
  clusters: Listing<Cluster>,
  ledger: Ledger,
  { name, region, ask, isNeeded }: AskOfClusters<T>,
): Promise<Listing<T>> {
  if (!isNeeded) return ledger.listing(name, region, neverAsked, false);
  const arns = clusters.items.map(({ arn }) => arn);
  const listings = await inTurn(arns, CLUSTERS_AT_ONCE, (arn) =>
    ledger.listing(name, region, async () => withoutGone(await ask(arn)), true),
  );
  const { items, failures } = joined(listings);
  const all = { items, failures: [...clusters.failures, ...failures] };
  return bounded(all, { action: reads[name][0], region });
}

const neverAsked = (): Promise<Listing<never>> => Promise.resolve({ items: [], failures: [] });

/** A cluster that was deleted meanwhile has nothing any more. */
const withoutGone = <T>({ items, failures }: Listing<T>): Listing<T> => ({
  items,
  failures: failures.filter(({ kind }) => kind !== 'missing'),
});

/** What uses task definitions. */
interface Users {
  readonly services: Listing<Service>;
  readonly tasks: Listing<Task>;
}

async function collectDefinitions(
  reader: AccountReader,
  region: string,
  ledger: Ledger,
  users: Users,
): Promise<Listing<TaskDefinition>> {
  const { items, failures } = await ledger.listing('taskDefinitions', region, () =>
    reader.taskDefinitions(region, usersOf(users)),
  );
  return { items, failures: [...failures, ...gapsOf(users)] };
}

/** One that only an unread service uses is not among them. */
const gapsOf = ({ services, tasks }: Users): readonly ReadFailure[] => [
  ...new Set(asked([...services.failures, ...tasks.failures])),
];

const USERS_MAX = 20;

/** By the ARN of a task definition the names of its services and groups of tasks, the first twenty. */
function usersOf({ services, tasks }: Users): ReadonlyMap<string, readonly string[]> {
  const users = new Map<string, Set<string>>();
  const note = (definition: string | null, user: string) => {
    if (!definition) return;
    const known = users.get(definition) ?? new Set();
    if (known.size < USERS_MAX) known.add(user);
    users.set(definition, known);
  };
  for (const service of services.items) {
    const user = `service:${service.name}`;
    note(service.taskDefinition, user);
    // A deployment that rolls on or back still runs the one before.
    for (const { taskDefinition, running, pending } of service.deployments)
      if (running + pending > 0) note(taskDefinition, user);
    for (const { taskDefinition } of service.taskSets) note(taskDefinition, user);
  }
  for (const { taskDefinition, group, arn } of tasks.items)
    note(taskDefinition, group ?? `task:${arn.slice(arn.lastIndexOf('/') + 1)}`);
  return new Map([...users].map(([definition, names]) => [definition, [...names]]));
}
