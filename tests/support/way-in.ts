import { join } from 'node:path';
import { sha256Hex } from '../../src/kernel/secret.ts';
import { Database } from '../../src/storage/sqlite/database.ts';
import type { Answer } from './ask.ts';
import { secret } from './witness.ts';

/** A token that a test writes straight into a running service's store; times in Unix ms. */
export interface WrittenToken {
  readonly scope: 'read' | 'operate' | 'admin';
  readonly expiresAt?: number;
  readonly revokedAt?: number;
}

let written = 0;

/** Writes a token and returns its secret. */
export function writeToken(directory: string, { scope, expiresAt, revokedAt }: WrittenToken): string {
  const token = secret(`tocsin_a-${scope}-token-of-a-test-${++written}`);
  const database = new Database(join(directory, 'data/tocsin.db'), [], { readOnly: false });
  database.query(
    `INSERT INTO tokens (id, name, hash, scope, created_at, expires_at, revoked_at) VALUES (?, ?, ?, ?, ?, ?, ?)`,
    [`tok_test_${written}`, scope, sha256Hex(token), scope, 0, expiresAt ?? null, revokedAt ?? null],
  );
  database.close();
  return token;
}

/** The cookie of an answer, as a browser sends it back. */
export const cookieOf = (answer: Answer): string =>
  (answer.headers['set-cookie']?.[0] ?? '').split(';', 1)[0] ?? '';
