import { RowBook, type Benchmark, type BenchOptions } from './benchmark.ts';
import { closedLoop, load } from './load.ts';
import type { LoadPlan } from './generator/load-plan.ts';
import { startPeer, whyNoPeer } from './peers/link-and-lists/peer.ts';
import { processUsage } from './process-usage.ts';
import { atLeast, atMost, type Report } from './report/report.ts';
import { Service } from './service.ts';
import { onStage } from './stage.ts';

const NAME = 'messages-and-countries';
const TITLE = 'messages by link and the country lists, beside the originals on gunicorn';
const METHOD =
  'POST of a message of 140 characters, GET of one, and GET of the destination list, 64 connections. The originals: ' +
  'Flask under gunicorn (2 workers of 4 threads), messages in Redis. Tocsin in one process: messages in SQLite (a 200 ' +
  'is on disk), in memory and in Redis. All take turns within a round, and the ratio is taken round by round.';

const PEER_PER_SECOND_MAX = 12_000;
const SERVICE_PER_SECOND_MAX = 40_000;
const COUNTRIES = '/v1/countries?target=destination';
const REDIS_URL = process.env['BENCH_REDIS_URL'] ?? 'redis://127.0.0.1:6379';

interface Contender {
  readonly key: string;
  readonly words: string;
  readonly port: number;
  readonly pid: number;
  readonly perSecondMax: number;
  /** Shares of the originals' rate; undefined for the originals themselves. */
  readonly goals?: { readonly post: number; readonly get: number; readonly countries: number };
}

export const linksAndLists: Benchmark = { name: NAME, title: TITLE, method: METHOD, run };

function run(options: BenchOptions): Promise<Report> {
  return onStage(async (stage) => {
    const missing = await whyNoPeer(REDIS_URL);
    if (missing !== undefined) return { name: NAME, title: TITLE, rows: [], notes: [`skipped: ${missing}`] };
    const peer = stage.use(await startPeer(REDIS_URL));
    const services = [
      { key: 'sqlite', words: 'SQLite', goals: { post: 3, get: 4, countries: 4 }, env: {} },
      {
        key: 'memory',
        words: 'memory',
        goals: { post: 4, get: 4, countries: 4 },
        env: { TOCSIN_MESSAGES_STORE: 'memory' },
      },
      { key: 'redis', words: 'Redis', goals: { post: 4, get: 4, countries: 4 }, env: { REDIS_URL } },
    ];
    const contenders: Contender[] = [
      {
        key: 'original',
        words: 'the originals',
        port: peer.port,
        pid: peer.pid,
        perSecondMax: PEER_PER_SECOND_MAX,
      },
    ];
    for (const { env, ...about } of services) {
      const service = stage.use(await startService(env));
      contenders.push({
        ...about,
        port: service.port,
        pid: service.pid,
        perSecondMax: SERVICE_PER_SECOND_MAX,
      });
    }
    const book = new RowBook(NAME);
    for (let round = 1; round <= options.rounds; round++) {
      options.say(`round ${round} of ${options.rounds}`);
      await playRound(book, contenders, options);
    }
    for (const { key, words, pid } of contenders) {
      book.add(`${key}.rss`, `resident memory at the end, ${words}`, 'MB', processUsage(pid).rssMb);
    }
    return { name: NAME, title: TITLE, rows: book.rows(), notes: ["Redis's CPU and memory are not counted"] };
  });
}

/** Without the limits on what one client may do: here one client is all there is. */
const startService = (env: Readonly<Record<string, string>>): Promise<Service> =>
  Service.start({
    roles: 'api',
    sinkPort: 1,
    env,
    config: [
      'http: { requestsPerMinute: 0 }',
      'messages: { createdPerMinute: 0, messagesMax: 10000000, totalBytesMax: 4294967296 }',
    ],
  });

async function playRound(
  book: RowBook,
  contenders: readonly Contender[],
  options: BenchOptions,
): Promise<void> {
  const floor = { post: NaN, get: NaN, countries: NaN };
  for (const contender of contenders) {
    const paths = { post: '/', get: await pathOfOne(contender.port), countries: COUNTRIES };
    for (const work of ['post', 'get', 'countries'] as const) {
      // The lists are the same whatever keeps the messages.
      if (work === 'countries' && contender.key !== 'original' && contender.key !== 'sqlite') continue;
      const plan = { shape: work === 'post' ? 'message' : 'get', path: paths[work] } as const;
      const rate = await measure(book, contender, work, plan, options);
      if (contender.goals === undefined) floor[work] = rate;
      else {
        const what = `${work} to the originals', ${contender.words}`;
        book.add(
          `${contender.key}.${work}.ratio`,
          what,
          'ratio',
          rate / floor[work],
          atLeast(contender.goals[work]),
        );
      }
    }
  }
}

async function measure(
  book: RowBook,
  { key, words, port, perSecondMax }: Contender,
  work: string,
  plan: Pick<LoadPlan, 'shape' | 'path'>,
  { seconds, connections }: BenchOptions,
): Promise<number> {
  const pace = closedLoop(seconds, perSecondMax);
  const result = await load({ port, seconds, connections, pace, ...plan });
  book.add(`${key}.${work}.rate`, `${work}, ${words}`, '1/s', result.perSecond);
  book.add(`${key}.${work}.p99`, `p99 of ${work}, ${words}`, 'ms', result.latency.p99);
  book.add('refused', 'not answered 200', 'requests', result.sent - result.accepted, atMost(0));
  return result.perSecond;
}

/** Where a message is that was made for this. */
async function pathOfOne(port: number): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${port}/`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ message: 'Take care. '.repeat(13) }),
  });
  const answer: unknown = await response.json();
  if (typeof answer !== 'object' || answer === null || !('message_id' in answer)) {
    throw new TypeError(`no message was made: ${response.status}`);
  }
  return `/msg/${String(answer.message_id)}`;
}
