import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { describe } from 'vitest';

/** What a test can need beyond Node. Each says what is missing, for the last lines of `npm test`. */
const needs = {
  postgres: {
    missing: 'no PostgreSQL at 127.0.0.1:5432 (or TOCSIN_TEST_POSTGRES)',
    isThere: canConnect,
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
} as const;
export type Need = keyof typeof needs;

export const postgresUrl =
  process.env['TOCSIN_TEST_POSTGRES'] ?? 'postgres://postgres@127.0.0.1:5432/postgres';

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
