import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { describe } from 'vitest';
import { canContain } from './contained.ts';

/** What a test can need beyond Node. Each says what is missing, for the last lines of `npm test`. */
const needs = {
  postgres: {
    missing: 'no PostgreSQL at 127.0.0.1:5432 (or TOCSIN_TEST_POSTGRES)',
    isThere: canConnect,
  },
  redis: {
    missing: 'no Redis at 127.0.0.1:6379 (or TOCSIN_TEST_REDIS)',
    isThere: () => answersTcp(redisUrl),
  },
  postgresServer: {
    missing: "no PostgreSQL server binaries (Debian's package postgresql)",
    isThere: async () => spawnSync('sh', ['-c', 'ls /usr/lib/postgresql/*/bin/initdb']).status === 0,
  },
  mount: {
    missing: 'no right to mount a small disk (root, or CAP_SYS_ADMIN)',
    isThere: canMount,
  },
  prlimit: {
    missing: "no prlimit (Debian's package util-linux)",
    isThere: async () => spawnSync('prlimit', ['--version']).status === 0,
  },
  image: {
    missing: "no npm registry, or no right to make namespaces (root; Debian's package util-linux)",
    isThere: async () => canContain() && spawnSync('npm', ['view', 'typebox', 'version']).status === 0,
  },
  systemd: {
    missing: "no systemd-analyze (Debian's package systemd)",
    isThere: async () => spawnSync('systemd-analyze', ['--version']).status === 0,
  },
  promtool: {
    missing: "no promtool (Debian's package prometheus)",
    isThere: async () => spawnSync('promtool', ['--version']).status === 0,
  },
  nginx: {
    missing: "no nginx (Debian's package nginx-light)",
    isThere: async () => spawnSync('nginx', ['-v']).status === 0,
  },
  rabbitmq: {
    missing: 'no RabbitMQ at 127.0.0.1:5672 (or TOCSIN_TEST_RABBITMQ)',
    isThere: () => answersTcp(rabbitmqUrl),
  },
  nats: {
    missing: 'no NATS at 127.0.0.1:4222 (or TOCSIN_TEST_NATS)',
    isThere: () => answersTcp(natsUrl),
  },
  natsServer: {
    missing: "no NATS server binary (Debian's package nats-server)",
    isThere: async () => spawnSync('nats-server', ['--version']).status === 0,
  },
  bash: { missing: 'no bash', isThere: async () => spawnSync('bash', ['--version']).status === 0 },
  zsh: {
    missing: "no zsh (Debian's package zsh)",
    isThere: async () => spawnSync('zsh', ['--version']).status === 0,
  },
  chromium: {
    missing: "no Chromium (Debian's package chromium, or TOCSIN_TEST_CHROMIUM)",
    isThere: async () => spawnSync(chromiumPath, ['--version']).status === 0,
  },
  fish: {
    missing: "no fish (Debian's package fish)",
    isThere: async () => spawnSync('fish', ['--version']).status === 0,
  },
  boto3: {
    missing: "no boto3 (Debian's package python3-boto3)",
    isThere: async () => spawnSync(debianPython, ['-c', 'import boto3']).status === 0,
  },
} as const;
export type Need = keyof typeof needs;

export const postgresUrl =
  process.env['TOCSIN_TEST_POSTGRES'] ?? 'postgres://postgres@127.0.0.1:5432/postgres';

export const redisUrl = process.env['TOCSIN_TEST_REDIS'] ?? 'redis://127.0.0.1:6379';

/** Whether somebody takes connections where a URL points. */
async function answersTcp(url: string): Promise<boolean> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(1_000) });
    return true;
  } catch {
    // Refused, or nobody there: what is missing is told by the caller.
    return false;
  } finally {
    socket.destroy();
  }
}

export const rabbitmqUrl = process.env['TOCSIN_TEST_RABBITMQ'] ?? 'amqp://guest:guest@127.0.0.1:5672';
/** Its program, by path or by name. */
export const chromiumPath = process.env['TOCSIN_TEST_CHROMIUM'] ?? 'chromium';
/** Debian's own: another python in the path would not see Debian's packages. */
export const debianPython = '/usr/bin/python3';
/** With JetStream. */
export const natsUrl = process.env['TOCSIN_TEST_NATS'] ?? 'nats://127.0.0.1:4222';

async function canMount(): Promise<boolean> {
  const directory = mkdtempSync(join(tmpdir(), 'tocsin-mount-'));
  try {
    const isMounted = spawnSync('mount', ['-t', 'tmpfs', 'tmpfs', directory]).status === 0;
    return isMounted && spawnSync('umount', [directory]).status === 0;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function canConnect(): Promise<boolean> {
  const client = new pg.Client({ connectionString: postgresUrl, connectionTimeoutMillis: 2_000 });
  try {
    await client.connect();
    await client.end();
    return true;
  } catch {
    // Refused or timed out: the tests that need it are skipped, and the run says so.
    return false;
  }
}

/**
 * `describe` for tests that need something. Where it is missing they are skipped with the reason in their
 * name; with TOCSIN_TEST_REQUIRE set that is a failure instead.
 */
export async function describeWith(need: Need, name: string, body: () => void): Promise<void> {
  if (await needs[need].isThere()) {
    describe(name, body);
    return;
  }
  const { missing } = needs[need];
  if (process.env['TOCSIN_TEST_REQUIRE'])
    throw new Error(`${name}: ${missing}, and TOCSIN_TEST_REQUIRE is set`);
  describe.skip(`${name} [skipped: ${missing}]`, body);
}
