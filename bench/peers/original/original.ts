import { execFileSync } from 'node:child_process';
import { connect } from 'node:net';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { RowBook, type Benchmark, type BenchOptions } from '../../benchmark.ts';
import { closedLoop, load, SIGNATURE_KEY } from '../../load.ts';
import { processUsage } from '../../process-usage.ts';
import { findProgram, freePort, Program } from '../../program.ts';
import { atMost, type Report } from '../../report/report.ts';
import { onStage } from '../../stage.ts';
import { TempDir } from '../../temp-dir.ts';

const NAME = 'original';
const TITLE = 'webhooks into RabbitMQ, the original on gunicorn';
const METHOD =
  'What Tocsin replaces: Flask under gunicorn (2 workers of 4 threads, the best of 1, 4 and 32), which verifies the signature and puts each ' +
  'notification into RabbitMQ as Celery tasks, one per backend: four as in the original, and one for comparison. ' +
  'No worker runs, as with the role api alone.';

const APP_DIR = dirname(fileURLToPath(new URL('../../../../bench/peers/original/app.py', import.meta.url)));
const BROKER_URL = process.env['BENCH_BROKER_URL'] ?? 'amqp://guest:guest@127.0.0.1:5672//';
/** The system's Python: the packages named below are its own. */
const PYTHON = '/usr/bin/python3';
const PACKAGES = 'python3-flask gunicorn python3-celery rabbitmq-server';
const PER_SECOND_MAX = 5_000;
const GUNICORN_WORKERS = 2;
const GUNICORN_THREADS = 4;

const VARIANTS = [
  { tasks: 4, key: 'four-tasks', words: 'four tasks a notification (the original)' },
  { tasks: 1, key: 'one-task', words: 'one task a notification' },
] as const;

export const original: Benchmark = { name: NAME, title: TITLE, method: METHOD, run };

async function run(options: BenchOptions): Promise<Report> {
  const missing = await whatIsMissing();
  const book = new RowBook(NAME);
  if (missing) return { name: NAME, title: TITLE, rows: [], notes: [`skipped: ${missing}`] };
  for (let round = 1; round <= options.rounds; round++) {
    for (const variant of VARIANTS) {
      options.say(`${variant.words}, round ${round} of ${options.rounds}`);
      await measure(book, variant, options);
    }
  }
  return {
    name: NAME,
    title: TITLE,
    rows: book.rows(),
    notes: ["the broker's CPU and memory are not counted"],
  };
}

/** A fresh application and an empty queue for every run. */
function measure(
  book: RowBook,
  { tasks, key, words }: (typeof VARIANTS)[number],
  { seconds, connections }: BenchOptions,
): Promise<void> {
  return onStage(async (stage) => {
    const dir = stage.use(new TempDir());
    const port = await freePort();
    const env = environmentFor(tasks);
    stage.use({ close: () => void python(`app.remove_queue()`, env) });
    const args = ['--workers', String(GUNICORN_WORKERS), '--threads', String(GUNICORN_THREADS)];
    const server = stage.use(
      new Program({
        command: findProgram('gunicorn') ?? 'gunicorn',
        args: [...args, '--bind', `127.0.0.1:${port}`, '--log-level', 'warning', 'app:app'],
        cwd: APP_DIR,
        env,
        logFile: dir.file('output.log'),
      }),
    );
    await server.ready(`http://127.0.0.1:${port}/ready`);
    const result = await load({ port, seconds, connections, pace: closedLoop(seconds, PER_SECOND_MAX) });
    book.add(`${key}.rate`, `accepted, closed loop, ${words}`, '1/s', result.perSecond);
    book.add(`${key}.p99`, `p99, closed loop, ${words}`, 'ms', result.latency.p99);
    book.add(`${key}.rss`, `resident memory of gunicorn, ${words}`, 'MB', processUsage(server.pid).rssMb);
    book.add('refused', 'not answered 200', 'requests', result.sent - result.accepted, atMost(0));
    const queued = Number(python('print(app.queued())', env));
    book.add(
      'unqueued',
      'tasks that are not in the queue',
      'tasks',
      Math.max(0, result.accepted * tasks - queued),
      atMost(0),
    );
  });
}

function environmentFor(tasks: number): Record<string, string> {
  return {
    SIGNATURE_KEY,
    BENCH_TASKS: String(tasks),
    BENCH_QUEUE: `tocsin-bench-${process.pid}`,
    BENCH_BROKER_URL: BROKER_URL,
    PYTHONDONTWRITEBYTECODE: '1',
  };
}

function python(statement: string, env: Readonly<Record<string, string>>): string {
  const options = { cwd: APP_DIR, env: { ...process.env, ...env }, encoding: 'utf8' } as const;
  return execFileSync(PYTHON, ['-c', `import app; ${statement}`], options).trim();
}

/** Undefined when all is there. */
async function whatIsMissing(): Promise<string | undefined> {
  const install = `Debian and Ubuntu: apt-get install ${PACKAGES}`;
  if (!findProgram('gunicorn')) return `gunicorn is not installed (${install})`;
  try {
    execFileSync(PYTHON, ['-c', 'import flask, celery, gunicorn'], { stdio: 'ignore' });
  } catch {
    // The one way for this to fail is the missing import (or no Python at all).
    return `Flask or Celery is not installed (${install})`;
  }
  if (!(await listens(new URL(BROKER_URL)))) return `no RabbitMQ at ${new URL(BROKER_URL).host} (${install})`;
  return undefined;
}

function listens(url: URL): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: url.hostname, port: Number(url.port || 5672) });
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('close', () => resolve(false));
    socket.setTimeout(2_000, () => socket.destroy());
    socket.once('connect', () => socket.end());
  });
}
