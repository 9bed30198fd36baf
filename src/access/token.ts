import { randomBytes } from 'node:crypto';
import { uuidv7 } from '../kernel/ids.ts';
import type { Scope } from '../kernel/route.ts';
import { sha256Hex } from '../kernel/secret.ts';

/** An operators' token as it is kept: its secret only as a hash. Times are Unix ms. */
export interface Token {
  readonly id: string;
  readonly name: string;
  /** SHA-256 of the secret, hex. */
  readonly hash: string;
  readonly scope: Scope;
  readonly createdAt: number;
  /** The actor who made it; undefined for the one of the first start. */
  readonly createdBy: string | undefined;
  readonly expiresAt: number | undefined;
  readonly rotatedAt: number | undefined;
  /** The secret before, valid until `previousUntil`. */
  readonly previousHash: string | undefined;
  readonly previousUntil: number | undefined;
  readonly lastUsedAt: number | undefined;
  readonly revokedAt: number | undefined;
}

/** Why a token, or a session, that was good once is so no more. */
export type Ending = 'expired' | 'revoked';

export const TOKEN_ID_PATTERN = '^tok_[a-z0-9_-]{1,64}$';
export const NAME_LENGTH_MAX = 100;
/** Tokens that live at once, roughly: more is a program that makes them and forgets them. */
export const TOKENS_MAX = 1_000;

const SECRET_BYTES = 32;
/** Enough to tell one secret from the next, too little to find it. */
const MARK_LENGTH = 16;

/** A new secret. The prefix is for those who look for secrets where none should be. */
export const newSecret = (): string => `tocsin_${randomBytes(SECRET_BYTES).toString('base64url')}`;

export const newTokenId = (now: number): string => `tok_${uuidv7(now)}`;

/** What a session remembers of the secret that it was exchanged for. */
export const markOf = (hash: string): string => hash.slice(0, MARK_LENGTH);

export const hashOf = (secret: string): string => sha256Hex(secret);

/** Undefined while the token can be used. */
export function endingOf(token: Token, now: number): Ending | undefined {
  if (token.revokedAt !== undefined) return 'revoked';
  return token.expiresAt !== undefined && token.expiresAt <= now ? 'expired' : undefined;
}

/** Until when a secret with this mark opens the token, as far as rotation goes; undefined: it does not any more. */
export function secretEnds(token: Token, mark: string, now: number): number | undefined {
  if (markOf(token.hash) === mark) return Infinity;
  const { previousHash, previousUntil = 0 } = token;
  if (previousHash === undefined || markOf(previousHash) !== mark) return undefined;
  return previousUntil > now ? previousUntil : undefined;
}
