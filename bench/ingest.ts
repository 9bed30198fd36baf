import { RowBook, type Benchmark, type BenchOptions } from './benchmark.ts';
import { Child, portOf } from './child.ts';
import { closedLoop, load, openLoop, SIGNATURE_KEY } from './load.ts';
import type { LoadResult } from './generator/load-plan.ts';
import { createDatabase, postgresVersion, whyNoPostgres } from './postgres.ts';
import { processUsage } from './process-usage.ts';
import { atLeast, atMost, median, type Report } from './report/report.ts';
import { Service, type ServiceOptions } from './service.ts';
import { buildSlowSync } from './slow-sync.ts';
import { onStage, type Stage } from './stage.ts';
import { TempDir } from './temp-dir.ts';

const METHOD =
  'Signed webhooks of one notification each, every one a new event: verified, parsed, deduplicated, matched, ' +
  'committed to disk with its delivery, then answered (role api alone, nothing is sent on). The no-op limit answers ' +
  'the same requests on raw node:http after signature and JSON.parse; both take turns within one run, and the ratio ' +
  'is taken round by round.';

/** More than either takes in on any machine seen so far. */
const NOOP_PER_SECOND_MAX = 60_000;
const SERVICE_PER_SECOND_MAX = 30_000;
const OPEN_PER_SECOND = 1_000;
const SLOW_SYNC_MS = 2;

interface Variant {
  readonly name: string;
  readonly title: string;
  /** Of the no-op limit. */
  readonly ratioGoal?: number;
  readonly p99GoalMs: number;
  /** Sets up what the store needs; or says why it cannot be measured here. */
  prepare(stage: Stage): Promise<Prepared | string>;
}
interface Prepared {
  readonly options: Partial<ServiceOptions>;
  readonly notes: readonly string[];
}

const sqlite: Variant = {
  name: 'ingest-sqlite',
  title: 'webhooks onto disk, SQLite',
  ratioGoal: 0.45,
  p99GoalMs: 10,
  prepare: () => Promise.resolve({ options: {}, notes: [] }),
};

const postgresql: Variant = {
  name: 'ingest-postgresql',
  title: 'webhooks onto disk, PostgreSQL',
  ratioGoal: 0.4,
  p99GoalMs: 10,
  async prepare(stage) {
    const missing = await whyNoPostgres();
    if (missing) return missing;
    const note = `PostgreSQL ${await postgresVersion()}, its settings as found; its CPU is not in "CPU per request"`;
    return { options: { databaseUrl: stage.use(await createDatabase()).url }, notes: [note] };
  },
};

const sqliteSlowDisk: Variant = {
  name: 'ingest-sqlite-slow-disk',
  title: `webhooks onto disk, SQLite, ${SLOW_SYNC_MS} ms added to every fsync`,
  p99GoalMs: 25,
  async prepare(stage) {
    const slow = buildSlowSync(stage.use(new TempDir()), SLOW_SYNC_MS);
    if (slow.kind === 'unavailable') return slow.reason;
    const note = `one fdatasync takes ${slow.plainMs.toFixed(2)} ms here, ${slow.slowMs.toFixed(2)} ms with the shim`;
    return { options: { env: slow.env }, notes: [note] };
  },
};

function benchmarkOf(variant: Variant): Benchmark {
  const { name, title } = variant;
  return { name, title, method: METHOD, run: (options) => run(variant, options) };
}

function run(variant: Variant, options: BenchOptions): Promise<Report> {
  const { name, title } = variant;
  return onStage(async (stage) => {
    const prepared = await variant.prepare(stage);
    if (typeof prepared === 'string') return { name, title, rows: [], notes: [`skipped: ${prepared}`] };
    const noop = await Child.start('./noop.js', [SIGNATURE_KEY]);
    stage.use(noop.child);
    const noopPort = portOf(noop.hello);
    // Role api alone: the http target is configured and never dialled.
    const service = stage.use(await Service.start({ roles: 'api', sinkPort: noopPort, ...prepared.options }));
    const book = new RowBook(name);
    await fullSpeed(book, variant, service, noopPort, options);
    await steady(book, variant, service, noopPort, options);
    book.add('rss', 'resident memory at the end', 'MB', processUsage(service.pid).rssMb);
    return { name, title, rows: book.rows(), notes: prepared.notes };
  });
}

/** Closed loop: the service and the no-op limit by turns. */
async function fullSpeed(
  book: RowBook,
  variant: Variant,
  service: Service,
  noopPort: number,
  { seconds, connections, rounds, say }: BenchOptions,
): Promise<void> {
  const goal = variant.ratioGoal === undefined ? undefined : atLeast(variant.ratioGoal);
  for (let round = 1; round <= rounds; round++) {
    say(`full speed, round ${round} of ${rounds}`);
    const limit = await load({
      port: noopPort,
      seconds,
      connections,
      pace: closedLoop(seconds, NOOP_PER_SECOND_MAX),
    });
    const cpuBefore = processUsage(service.pid).cpuMs;
    const pace = closedLoop(seconds, SERVICE_PER_SECOND_MAX);
    const result = await load({ port: service.port, seconds, connections, pace });
    const cpuMs = processUsage(service.pid).cpuMs - cpuBefore;
    book.add('ratio', 'share of the no-op limit', 'ratio', result.perSecond / limit.perSecond, goal);
    book.add('rate', 'accepted, closed loop', '1/s', result.perSecond);
    book.add('noop', 'no-op limit', '1/s', limit.perSecond);
    book.add('p50', 'p50, closed loop', 'ms', result.latency.p50);
    book.add('p99', 'p99, closed loop', 'ms', result.latency.p99);
    book.add('cpu', 'CPU per request', 'µs', (cpuMs * 1e3) / result.sent);
    book.add(
      'generator',
      'generator, share of a core',
      'ratio',
      Math.max(result.generatorCpu, limit.generatorCpu),
    );
    addRefused(book, result);
  }
}

/** Open loop, at a fixed rate and at half of what full speed showed. */
async function steady(
  book: RowBook,
  variant: Variant,
  service: Service,
  noopPort: number,
  { seconds, connections, rounds, say }: BenchOptions,
): Promise<void> {
  const half = median(book.values('rate')) / 2;
  const paces = [
    { key: 'open-1000', words: 'open loop 1,000/s', perSecond: OPEN_PER_SECOND },
    { key: 'open-half', words: 'open loop, half the maximum', perSecond: half },
  ];
  for (let round = 1; round <= rounds; round++) {
    say(`open loop, round ${round} of ${rounds}`);
    for (const { key, words, perSecond } of paces) {
      const pace = openLoop(perSecond);
      // The same pace against the no-op limit is the noise of the machine: no service can do better here and now.
      const floor = await load({ port: noopPort, seconds, connections, pace });
      const result = await load({ port: service.port, seconds, connections, pace });
      book.add(`${key}.p50`, `p50, ${words}`, 'ms', result.latency.p50);
      book.add(`${key}.p99`, `p99, ${words}`, 'ms', result.latency.p99, atMost(variant.p99GoalMs));
      book.add(`${key}.noop.p99`, `p99 of the no-op limit, ${words}`, 'ms', floor.latency.p99);
      addRefused(book, result);
    }
  }
}

function addRefused(book: RowBook, result: LoadResult): void {
  book.add('refused', 'not answered 200', 'requests', result.sent - result.accepted, atMost(0));
}

export const ingestBenchmarks: readonly Benchmark[] = [sqlite, postgresql, sqliteSlowDisk].map(benchmarkOf);
