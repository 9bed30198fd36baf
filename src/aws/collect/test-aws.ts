import { afterEach } from 'vitest';
import type { Account } from '../../../tests/support/aws/account.ts';
import { anAccount, aRegion } from '../../../tests/support/aws/builders.ts';
import { FakeAws } from '../../../tests/support/aws/fake-aws.ts';
import { type AccessKey, aKey } from '../../../tests/support/aws/keys.ts';
import type { AwsKeys, Principal } from '../principal.ts';
import { openReader, type ReaderOptions } from './open-reader.ts';
import type { AccountReader } from './port.ts';
import { FastClock } from './test-fast-clock.ts';

export const ACCOUNT = '123456789012';
export const REGION = 'us-west-2';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end();
});

/** Done after the test, the last first. */
export const atEnd = (end: () => unknown): void => {
  ends.push(end);
};

export interface Stage {
  readonly aws: FakeAws;
  readonly key: AccessKey;
  /** A reader with the stage's keys, or as somebody else. */
  reader(principal?: Partial<Principal>, options?: Partial<ReaderOptions>): AccountReader;
}

/** A fake AWS with that account, and readers of it whose clock goes fast. */
export async function aStage(account: Account = anAccount(), allows?: readonly string[]): Promise<Stage> {
  const key = aKey(account.id, 'auditor', allows && { allows });
  const aws = await FakeAws.start({ accounts: [account], keys: [key] });
  atEnd(() => aws.close());
  const own: Principal = { kind: 'keys', keys: keysOf(key), region: REGION };
  return {
    aws,
    key,
    reader(principal = {}, options = {}) {
      const reader = openReader(Object.assign({}, own, principal), {
        endpoints: { all: aws.url, pathStyle: true },
        clock: new FastClock(),
        attemptTimeoutMs: 1_000_000,
        ...options,
      });
      atEnd(() => reader.close());
      return reader;
    },
  };
}

export const keysOf = ({ id, secret, sessionToken }: AccessKey): AwsKeys => ({
  accessKeyId: id,
  secretAccessKey: secret,
  ...(sessionToken !== undefined && { sessionToken }),
});

/** An account with one region that has that. */
export const withRegion = (parts: Parameters<typeof aRegion>[0]): Account =>
  anAccount({ regions: { [REGION]: aRegion(parts) } });

export const many = <T>(count: number, make: (at: number) => T): T[] =>
  Array.from({ length: count }, (_, at) => make(at));
