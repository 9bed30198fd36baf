import { setTimeout as sleep } from 'node:timers/promises';
import { type Benchmark, type BenchOptions, RowBook } from './benchmark.ts';
import { Child } from './child.ts';
import { load, openLoop } from './load.ts';
import { processUsage } from './process-usage.ts';
import { atMost, type Report } from './report/report.ts';
import { Service } from './service.ts';
import { onStage, type Stage } from './stage.ts';
import { stallsOf, stallsProbe } from './stalls.ts';

const METHOD =
  'A stand-in of AWS in a process of its own answers each call after 50 ms, on the same two cores: 391 buckets, 13,433 ' +
  'volumes, 5,000 snapshots, 500 services, 800 revisions of task definitions, 50 VPCs and 398 security groups in four ' +
  'regions. The scan reads and judges it with all checks, below the rates that AWS lets an account ask at (careful) or beyond them for a moment (fast); the first one stores what it finds, the ones behind it find it ' +
  'again. Meanwhile GET /api/v1/ebs/volumes is answered from the cache at 50/s.';

type Pace = 'careful' | 'fast';
const nameOf = (pace: Pace): string => `aws-scan-${pace}`;
const titleOf = (pace: Pace): string => `scan of a large AWS account, pace ${pace}`;

export const awsScans: readonly Benchmark[] = (['careful', 'fast'] as const).map((pace) => ({
  name: nameOf(pace),
  title: titleOf(pace),
  method: METHOD,
  run: (options) => onStage((stage) => run(stage, pace, options)),
}));

const LATENCY_MS = 50;
const SCAN_MS_MAX = 300_000;
const CACHED = '/api/v1/ebs/volumes?limit=100';
const TOKEN = 'a-token-of-the-benchmark-000000000000';
const AUTHORIZATION = `Authorization: Bearer ${TOKEN}`;

async function run(stage: Stage, pace: Pace, options: BenchOptions): Promise<Report> {
  const { child, hello } = await Child.start('../tests/support/aws/serve.js', ['large', String(LATENCY_MS)]);
  stage.use(child);
  const service = stage.use(await startService(hello, pace));
  const book = new RowBook(nameOf(pace));
  await warm(service);
  for (let round = 0; round <= options.rounds; round++) {
    options.say(round === 0 ? 'the first scan' : `round ${round} of ${options.rounds}`);
    await playRound(book, service, child, round === 0 ? 'first' : 'again');
  }
  return { name: nameOf(pace), title: titleOf(pace), rows: book.rows(), notes: [] };
}

async function playRound(
  book: RowBook,
  service: Service,
  aws: Child,
  which: 'first' | 'again',
): Promise<void> {
  const words = which === 'first' ? 'first scan' : 'scan that finds the same again';
  await stallsOf(service);
  await sleep(5_000);
  const idle = await stallsOf(service);
  await aws.ask({ ask: 'tally' });
  const cpu = processUsage(service.pid).cpuMs;
  const watched = watchScan(service);
  const asked = load({
    port: service.port,
    seconds: 5,
    path: CACHED,
    shape: 'get',
    connections: 8,
    pace: openLoop(50),
    headers: [AUTHORIZATION],
  });
  const [scan, cached] = [await watched, await asked];
  const busy = await stallsOf(service);
  const { calls, mostInFlight } = (await aws.ask({ ask: 'tally' })) as Tally;
  book.add(`${which}.read`, `${words}: read and judged`, 's', scan.readMs / 1_000, atMost(10));
  book.add(`${which}.all`, `${words}: and stored and told`, 's', scan.allMs / 1_000);
  book.add(`${which}.calls`, `${words}: calls to AWS`, 'calls', calls, atMost(4_100));
  book.add(`${which}.flight`, `${words}: most calls at once`, 'calls', mostInFlight);
  book.add(
    `${which}.cpu`,
    `${words}: CPU of all threads`,
    's',
    (processUsage(service.pid).cpuMs - cpu) / 1_000,
  );
  book.add(`${which}.rss`, `${words}: most resident memory`, 'MB', scan.rssMb);
  book.add('stall.idle', 'longest hold-up of the main thread in 5 s, nothing to do', 'ms', idle.max);
  book.add(`${which}.stall`, `${words}: longest hold-up of the main thread`, 'ms', busy.max, atMost(5));
  book.add('cached.p99', 'p99 of a cached answer meanwhile, at 50/s', 'ms', cached.latency.p99, atMost(5));
}

interface Tally {
  readonly calls: number;
  readonly mostInFlight: number;
}

interface Watched {
  readonly readMs: number;
  readonly allMs: number;
  readonly rssMb: number;
}

async function watchScan(service: Service): Promise<Watched> {
  const startedAt = performance.now();
  const { id } = (await api(service, 'POST', '/api/v1/scans')) as Scan;
  let readMs = 0;
  let rssMb = 0;
  for (;;) {
    const scan = (await api(service, 'GET', `/api/v1/scans/${id}`)) as Scan;
    const ms = performance.now() - startedAt;
    rssMb = Math.max(rssMb, processUsage(service.pid).rssMb);
    if (readMs === 0 && !['waiting', 'reading', 'judging'].includes(scan.progress.phase)) readMs = ms;
    if (scan.endedAt !== null) {
      if (scan.state !== 'done') throw new Error(`the scan ended as ${scan.state}: ${scan.detail ?? ''}`);
      return { readMs, allMs: ms, rssMb };
    }
    if (ms > SCAN_MS_MAX) throw new Error('the scan took too long');
    await sleep(100);
  }
}

interface Scan {
  readonly id: string;
  readonly state: string;
  readonly endedAt: string | null;
  readonly detail: string | null;
  readonly progress: { readonly phase: string };
}

/** So that the answer is kept. */
async function warm(service: Service): Promise<void> {
  await api(service, 'GET', CACHED);
}

async function api(service: Service, method: 'GET' | 'POST', path: string): Promise<unknown> {
  const response = await fetch(`http://127.0.0.1:${service.port}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${TOKEN}`,
      ...(method === 'POST' ? { 'content-type': 'application/json' } : {}),
    },
    ...(method === 'POST' ? { body: '{}' } : {}),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return response.json();
}

function startService(hello: unknown, pace: Pace): Promise<Service> {
  const { url, accessKeyId, secretAccessKey } = hello as Hello;
  return Service.start({
    roles: 'api,deliver,collect',
    sinkPort: 1,
    preload: [stallsProbe],
    env: {
      TOCSIN_TOKEN: TOKEN,
      TOCSIN_AWS_ENDPOINT: url,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
    },
    config: [
      'http: { requestsPerMinute: 0 }',
      `aws: { freshFor: 1h, pace: ${pace} }`,
      'accounts: [{ id: large, credentials: environment, scanEvery: 0s }]',
    ],
  });
}

interface Hello {
  readonly url: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}
