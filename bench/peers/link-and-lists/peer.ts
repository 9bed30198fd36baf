import { execFileSync } from 'node:child_process';
import { connect } from 'node:net';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findProgram, freePort, Program } from '../../program.ts';
import { TempDir } from '../../temp-dir.ts';

const APP_DIR = dirname(
  fileURLToPath(new URL('../../../../bench/peers/link-and-lists/app.py', import.meta.url)),
);
/** The system's Python: the packages named below are its own. */
const PYTHON = '/usr/bin/python3';
const INSTALL = 'Debian and Ubuntu: apt-get install python3-flask gunicorn python3-redis redis-server';
const GUNICORN_WORKERS = 2;
const GUNICORN_THREADS = 4;

export interface Peer {
  readonly port: number;
  readonly pid: number;
  close(): Promise<void>;
}

/** The two originals in one application, over the Redis at this URL; its keys are removed when it is closed. */
export async function startPeer(redisUrl: string): Promise<Peer> {
  const dir = new TempDir();
  const port = await freePort();
  const env = {
    BENCH_PREFIX: `tocsin-bench-${process.pid}:`,
    BENCH_REDIS_URL: redisUrl,
    PYTHONDONTWRITEBYTECODE: '1',
  };
  const args = ['--workers', String(GUNICORN_WORKERS), '--threads', String(GUNICORN_THREADS)];
  const program = new Program({
    command: findProgram('gunicorn') ?? 'gunicorn',
    args: [...args, '--bind', `127.0.0.1:${port}`, '--log-level', 'warning', 'app:app'],
    cwd: APP_DIR,
    env,
    logFile: dir.file('output.log'),
  });
  await program.ready(`http://127.0.0.1:${port}/ready`);
  return {
    port,
    pid: program.pid,
    async close() {
      await program.close();
      execFileSync(PYTHON, ['-c', 'import app; app.forget()'], {
        cwd: APP_DIR,
        env: { ...process.env, ...env },
      });
      dir.close();
    },
  };
}

/** Undefined when all is there. */
export async function whyNoPeer(redisUrl: string): Promise<string | undefined> {
  if (!findProgram('gunicorn')) return `gunicorn is not installed (${INSTALL})`;
  try {
    execFileSync(PYTHON, ['-c', 'import flask, redis, gunicorn'], { stdio: 'ignore' });
  } catch {
    // The one way for this to fail is the missing import (or no Python at all).
    return `Flask or redis-py is not installed (${INSTALL})`;
  }
  const { hostname, port, host } = new URL(redisUrl);
  if (await listens(hostname, Number(port || 6379))) return undefined;
  return `no Redis at ${host} (${INSTALL})`;
}

function listens(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const end = (there: boolean): void => {
      socket.destroy();
      resolve(there);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
    socket.setTimeout(2_000, () => end(false));
  });
}
