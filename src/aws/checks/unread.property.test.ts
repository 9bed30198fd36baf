import { expect, it } from 'vitest';
import type { AccountInventory, RegionInventory } from '../inventory/account.ts';
import { unread, type Listing, type ReadFailure, type Reading } from '../inventory/reading.ts';
import type { Check, CheckResult } from './check.ts';
import { ebsFixtures } from './ebs/test-fixtures.ts';
import { regionFixtures } from './ecs/test-fixtures.ts';
import { allChecks } from './index.ts';
import { netFixtures } from './net/test-fixtures.ts';
import { bucketFixtures, type BucketFixture } from './s3/test-fixtures.ts';
import { accountOf, contextOf, REGION } from './test-inventory.ts';

const throttled: ReadFailure = {
  kind: 'throttled',
  action: 'ec2:DescribeRegions',
  region: REGION,
  code: 'RequestLimitExceeded',
};

/** As it is where a throttled page cut a list short, or none of it came. */
const cutShort = <T>({ items, failures }: Listing<T>): readonly Listing<T>[] =>
  [items, []].map((left) => ({ items: left, failures: [...failures, throttled] }));

type Part = Listing<unknown> | Reading<unknown>;
const unreadOf = (part: Part): readonly Part[] => ('failures' in part ? cutShort(part) : [unread(throttled)]);

/** A region with each of its parts in turn not read, or not to the end. */
function* withoutOne(region: RegionInventory): Generator<RegionInventory> {
  for (const service of ['ebs', 'network', 'ecs'] as const) {
    const parts: Readonly<Record<string, Part>> = { ...region[service] };
    for (const [name, part] of Object.entries(parts)) {
      for (const left of unreadOf(part)) yield { ...region, [service]: { ...region[service], [name]: left } };
    }
  }
}

const bucketParts = ['publicAccessBlock', 'policy', 'isPolicyPublic', 'acl', 'ownership'] as const;
const otherParts = ['versioning', 'encryption', 'lifecycle', 'logging'] as const;

/** A bucket with each choice of what decides who gets at it not read, and each other part in turn. */
function* withoutSome({ bucket, block }: BucketFixture): Generator<AccountInventory> {
  const account = accountOf({ buckets: [bucket], ...(block && { accountPublicAccessBlock: block }) });
  const of = (parts: readonly string[], isBlockRead = true): AccountInventory => ({
    ...account,
    s3: {
      accountPublicAccessBlock: isBlockRead ? account.s3.accountPublicAccessBlock : unread(throttled),
      buckets: {
        items: [{ ...bucket, ...Object.fromEntries(parts.map((part) => [part, unread(throttled)])) }],
        failures: [],
      },
    },
  });
  for (let choice = 1; choice < 1 << (bucketParts.length + 1); choice++) {
    const parts = bucketParts.filter((_, index) => (choice >> index) & 1);
    yield of(parts, choice < 1 << bucketParts.length);
  }
  for (const part of otherParts) yield of([part]);
}

/** By resource; of several results of one the worst. */
function judged(check: Check, account: AccountInventory): ReadonlyMap<string, CheckResult> {
  const badness = ['NOT_APPLICABLE', 'PASS', 'UNKNOWN', 'FAIL'];
  const results = check.run(contextOf(account)).flatMap((run) => run.results);
  const sorted = results.toSorted((a, b) => badness.indexOf(a.status) - badness.indexOf(b.status));
  return new Map(sorted.map((result) => [result.resource.arn, result]));
}

/** Failures, or what nobody knows, that are calm now; and such as got worse by not being looked at. */
function falsely(
  check: Check,
  before: ReadonlyMap<string, CheckResult>,
  after: ReadonlyMap<string, CheckResult>,
): readonly string[] {
  return [...before].flatMap(([arn, { status, severity }]) => {
    const now = after.get(arn);
    if (now === undefined || (status !== 'FAIL' && status !== 'UNKNOWN')) return [];
    if (now.status === 'PASS' || now.status === 'NOT_APPLICABLE') return [`${arn}: ${now.reason}`];
    const isOther = (now.severity ?? check.severity) !== (severity ?? check.severity);
    const isTold = status === 'FAIL' && now.status === 'FAIL' && isOther && now.isSeverityOpen !== true;
    return isTold ? [`${arn}: ${now.severity ?? check.severity}, ${now.reason}`] : [];
  });
}

it.each(allChecks.map((check) => [check.id, check] as const))(
  '%s neither calms down nor gets worse by what could not be read',
  (id, check) => {
    const lies: string[] = [];
    for (const fixtures of [ebsFixtures, regionFixtures, netFixtures]) {
      for (const { region } of fixtures[id] ?? []) {
        const before = judged(check, accountOf({ regions: [region] }));
        for (const left of withoutOne(region))
          lies.push(...falsely(check, before, judged(check, accountOf({ regions: [left] }))));
      }
    }
    for (const fixture of bucketFixtures[id] ?? []) {
      const { bucket, block } = fixture;
      const whole = accountOf({ buckets: [bucket], ...(block && { accountPublicAccessBlock: block }) });
      const before = judged(check, whole);
      for (const left of withoutSome(fixture)) lies.push(...falsely(check, before, judged(check, left)));
    }
    expect(lies).toEqual([]);
  },
);
