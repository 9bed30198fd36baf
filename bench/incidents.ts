import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { brotliDecompressSync } from 'node:zlib';
import { elevateTypes } from '../src/incidents/feeds/presets.ts';
import {
  fixtureData,
  type IncidentRecord,
  type UpstreamData,
} from '../tests/support/incident-upstream-data.ts';
import { IncidentUpstream } from '../tests/support/incident-upstream.ts';
import { RowBook, type Benchmark, type BenchOptions } from './benchmark.ts';
import { Child, portOf } from './child.ts';
import type { LoadResult } from './generator/load-plan.ts';
import { closedLoop, load, openLoop } from './load.ts';
import { processUsage } from './process-usage.ts';
import { atLeast, atMost, type Report } from './report/report.ts';
import { Service } from './service.ts';
import { onStage, type Stage } from './stage.ts';
import { stallsOf, stallsProbe } from './stalls.ts';

const METHOD =
  'A stand-in of the incident API answers at once; each refresh finds new incidents, so that each makes another ' +
  'document. GET /incidents with brotli: at 200/s, and on 16 connections as fast as can be, beside raw node:http that ' +
  'answers the same bytes under the same headers.';
const RAW_CONNECTIONS = 16;
const PATH = '/incidents';
const BROTLI = ['Accept-Encoding: br'];
const READY_MS_MAX = 120_000;

interface Size {
  readonly name: string;
  readonly title: string;
  readonly incidents: number;
  readonly every: string;
  /** Requests a second of the open loop. */
  readonly perSecond: number;
  readonly rawPerSecondMax: number;
}

const small: Size = {
  name: 'incidents-2100',
  title: 'GET /incidents of 2,100 incidents',
  incidents: 2_100,
  every: '1s',
  perSecond: 200,
  rawPerSecondMax: 40_000,
};
const large: Size = {
  name: 'incidents-210000',
  title: 'GET /incidents of 210,000 incidents',
  incidents: 210_000,
  every: '8s',
  perSecond: 5,
  rawPerSecondMax: 2_000,
};

export const incidentBenchmarks: readonly Benchmark[] = [small, large].map((size) => ({
  name: size.name,
  title: size.title,
  method: METHOD,
  run: (options) => onStage((stage) => run(stage, size, options)),
}));

async function run(stage: Stage, size: Size, options: BenchOptions): Promise<Report> {
  const upstream = stage.use(await IncidentUpstream.start({ data: dataOf(size.incidents) }));
  const service = stage.use(await startService(upstream, size));
  options.say('waits for the first list to be stored');
  const filledMs = await filled(service);
  const ticker = stage.use(newIncidents(upstream));
  const book = new RowBook(size.name);
  book.add('first', 'from the start to the first list stored and told', 'ms', filledMs);
  for (let round = 1; round <= options.rounds; round++) {
    options.say(`round ${round} of ${options.rounds}`);
    await playRound(book, service, size, ticker, options);
  }
  book.add('rss', 'resident memory at the end', 'MB', processUsage(service.pid).rssMb);
  return {
    name: size.name,
    title: size.title,
    rows: book.rows(),
    notes: [`${ticker.added()} incidents came meanwhile`],
  };
}

async function playRound(
  book: RowBook,
  service: Service,
  size: Size,
  news: News,
  options: BenchOptions,
): Promise<void> {
  const { seconds } = options;
  const plan = { port: service.port, seconds, path: PATH, shape: 'get' } as const;
  await stallsOf(service);
  const cpu = processUsage(service.pid).cpuMs;
  await sleep(16_000);
  const idle = await stallsOf(service);
  book.add(
    'cpu',
    'CPU of all threads for a refresh with news',
    'ms',
    ((processUsage(service.pid).cpuMs - cpu) / 16_000) * msOf(size.every),
  );
  book.add('stall', 'longest hold-up of the main thread, nobody asking', 'ms', idle.max, atMost(5));
  const refresh = await statusOf(service);
  book.add('refresh', 'a refresh, asked and read', 'ms', refresh.durationMs, atMost(8_000));
  const open = await load({ ...plan, connections: 16, pace: openLoop(size.perSecond), headers: BROTLI });
  addLatency(book, 'open', `at ${size.perSecond}/s`, open);
  const busy = await stallsOf(service);
  book.add('stall.busy', `longest hold-up of the main thread at ${size.perSecond}/s`, 'ms', busy.max);
  news.pause(true);
  // The last news is in the document once another refresh has found none.
  await sleep(2 * msOf(size.every));
  const etag = String((await answerOf(service)).headers.etag);
  const known = await load({
    ...plan,
    connections: 16,
    pace: openLoop(200),
    headers: [...BROTLI, `If-None-Match: ${etag}`],
    status: 304,
  });
  book.add('known.p99', 'p99 of 304, at 200/s', 'ms', known.latency.p99, atMost(5));
  await besideRaw(book, service, size, plan);
  news.pause(false);
}

function addLatency(
  book: RowBook,
  key: string,
  words: string,
  { latency, firstByte, accepted, sent }: LoadResult,
): void {
  book.add(`${key}.p99`, `p99 of the whole answer, ${words}`, 'ms', latency.p99, atMost(5));
  book.add(`${key}.first.p99`, `p99 to the first byte, ${words}`, 'ms', firstByte.p99, atMost(5));
  book.add('refused', 'not answered 200', 'requests', sent - accepted, atMost(0));
}

async function besideRaw(
  book: RowBook,
  service: Service,
  { rawPerSecondMax }: Size,
  plan: { readonly port: number; readonly seconds: number; readonly path: string; readonly shape: 'get' },
): Promise<void> {
  const answer = await answerOf(service);
  const file = service.file('document.br');
  writeFileSync(file, answer.bytes);
  const head = Object.fromEntries(Object.entries(answer.headers).filter(([name]) => !hopByHop.has(name)));
  const { child, hello } = await Child.start('./raw-document.js', [file, JSON.stringify(head)]);
  try {
    const pace = closedLoop(plan.seconds, rawPerSecondMax);
    const shared = { ...plan, connections: RAW_CONNECTIONS, pace, headers: BROTLI };
    const raw = await load({ ...shared, port: portOf(hello) });
    const ours = await load(shared);
    book.add('bytes', 'of the brotli body', 'kB', answer.bytes.length / 1e3);
    book.add('plain', 'of the plain body', 'kB', brotliDecompressSync(answer.bytes).length / 1e3);
    book.add('raw', 'answers of raw node:http', '1/s', raw.perSecond);
    book.add('rate', 'answers of Tocsin', '1/s', ours.perSecond);
    book.add('ratio', 'of raw node:http', 'ratio', ours.perSecond / raw.perSecond, atLeast(0.9));
  } finally {
    await child.close();
  }
}

const hopByHop: ReadonlySet<string> = new Set(['connection', 'keep-alive', 'date', 'content-length']);

/** As many as wanted, by repeating what was captured at other times. */
function dataOf(incidents: number): UpstreamData {
  const { lists, identities } = fixtureData();
  const times = Math.round(incidents / 2_100);
  const repeated = elevateTypes.map(({ type }) => {
    const records = (lists[type] ?? []) as readonly IncidentRecord[];
    const copies = Array.from({ length: times }, (_, copy) => records.map((record) => later(record, copy)));
    return [type, copies.flat()] as const;
  });
  return { lists: Object.fromEntries(repeated), identities };
}

interface News {
  close(): void;
  added(): number;
  /** Without news the document stays as it is. */
  pause(paused: boolean): void;
}

/** Another incident alike: no two have the same digits, so that it compresses as real ones do. */
function later(record: IncidentRecord, copy: number): IncidentRecord {
  if (copy === 0) return record;
  const timestamp = Number(record['timestamp']) + copy * 1_000_003.141_592_6;
  const address = `${(copy * 7) % 223}.${(copy * 131) % 251}.${Math.floor(timestamp) % 253}.${copy % 241}`;
  return { ...record, timestamp, ...('source_ip' in record ? { source_ip: address } : {}) };
}

function newIncidents(upstream: IncidentUpstream): News {
  let added = 0;
  let isPaused = false;
  const timer = setInterval(() => {
    if (isPaused) return;
    upstream.add('misuse', { priority: 'low', employee_id: added % 900, timestamp: 1_790_000_000 + added });
    added += 1;
  }, 900);
  return {
    close: () => clearInterval(timer),
    added: () => added,
    pause: (paused) => void (isPaused = paused),
  };
}

function startService(upstream: IncidentUpstream, { every }: Size): Promise<Service> {
  return Service.start({
    roles: 'api,deliver,collect',
    sinkPort: 1,
    preload: [stallsProbe],
    env: {
      TOCSIN_INCIDENTS_URL: upstream.url,
      TOCSIN_INCIDENTS_EVERY: every,
      TOCSIN_INCIDENTS_PUBLIC: 'true',
      ELEVATE_API_USER: upstream.user,
      ELEVATE_API_PASSWORD: upstream.password,
      TOCSIN_TOKEN: TOKEN,
    },
    config: ['http: { requestsPerMinute: 0 }'],
  });
}

const TOKEN = 'a-token-of-the-benchmark-000000000000';
const msOf = (every: string): number => Number.parseInt(every, 10) * 1_000;

interface Status {
  readonly refreshedAt: string;
  readonly durationMs: number;
}

async function statusOf(service: Service): Promise<Status> {
  const response = await fetch(`http://127.0.0.1:${service.port}/api/v1/incidents/status`, {
    headers: { authorization: `Bearer ${TOKEN}` },
  });
  const { feeds } = (await response.json()) as { feeds: readonly Status[] };
  return feeds[0] ?? { refreshedAt: '', durationMs: NaN };
}

/** Until the second refresh is there: then all of the first one is stored. */
async function filled(service: Service): Promise<number> {
  const startedAt = performance.now();
  let first = '';
  while (performance.now() - startedAt < READY_MS_MAX) {
    const { refreshedAt } = await statusOf(service);
    if (refreshedAt && first !== '' && refreshedAt !== first) return performance.now() - startedAt;
    first ||= refreshedAt ?? '';
    await sleep(100);
  }
  throw new Error('the first list was not stored in time');
}

/** The compressed bytes themselves, which fetch would not give. */
async function answerOf(service: Service): Promise<Answer> {
  const asked = get({ port: service.port, path: PATH, headers: { 'accept-encoding': 'br' } });
  const [response]: IncomingMessage[] = await once(asked, 'response');
  if (response === undefined) throw new TypeError('no answer');
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(Buffer.from(chunk));
  return { headers: response.headers, bytes: Buffer.concat(chunks) };
}

interface Answer {
  readonly headers: IncomingMessage['headers'];
  readonly bytes: Buffer;
}
