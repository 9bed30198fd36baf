import type { Benchmark, BenchOptions } from './benchmark.ts';
import { deliveryRounds, type DeliverySubject } from './delivery-run.ts';
import { createDatabase, whyNoPostgres } from './postgres.ts';
import type { Report } from './report/report.ts';
import { Service } from './service.ts';
import type { Stage } from './stage.ts';

const METHOD =
  'Signed webhooks of one notification each go to the service with all its roles; rules, journal and the http ' +
  'target run, and a sink process on the same machine takes the deliveries. Latency is from the intended send time ' +
  'of the webhook to the arrival of its delivery, on one monotonic clock.';

/** More than the service takes in on any machine seen so far. */
const PER_SECOND_MAX = 30_000;
const GOALS = { openP99Ms: 50, rssMb: 300 };

type Store = 'sqlite' | 'postgresql';

function endToEnd(store: Store, title: string): Benchmark {
  const name = `end-to-end-${store}`;
  return { name, title, method: METHOD, run: (options) => run(name, title, store, options) };
}

async function run(name: string, title: string, store: Store, options: BenchOptions): Promise<Report> {
  const missing = store === 'postgresql' ? await whyNoPostgres() : undefined;
  if (missing) return { name, title, rows: [], notes: [`skipped: ${missing}`] };
  const rows = await deliveryRounds(name, (stage, sinkPort) => start(store, stage, sinkPort), options, GOALS);
  return { name, title, rows, notes: [] };
}

async function start(store: Store, stage: Stage, sinkPort: number): Promise<DeliverySubject> {
  const database = store === 'postgresql' ? stage.use(await createDatabase()) : undefined;
  const settings = { roles: 'api,deliver,collect', sinkPort } as const;
  const service = await Service.start({ ...settings, ...(database && { databaseUrl: database.url }) });
  const { port, pid } = stage.use(service);
  return { port, pid, shape: 'webhook', perSecondMax: PER_SECOND_MAX };
}

export const endToEndBenchmarks: readonly Benchmark[] = [
  endToEnd('sqlite', 'webhook to HTTP target, SQLite'),
  endToEnd('postgresql', 'webhook to HTTP target, PostgreSQL'),
];
