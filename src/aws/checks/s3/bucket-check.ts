import type { AccountInventory } from '../../inventory/account.ts';
import type { ReadFailure, Reading } from '../../inventory/reading.ts';
import type { Bucket, PublicAccessBlock } from '../../inventory/s3.ts';
import {
  type Check,
  type CheckFacts,
  defineAccountCheck,
  type Resource,
  unknown,
  type Verdict,
} from '../check.ts';

interface BucketCheck extends Omit<CheckFacts, 'service'> {
  judge(bucket: Bucket, block: Reading<PublicAccessBlock>, account: AccountInventory): Verdict;
}

/** A check of each bucket, whatever its region; the account's block on public access is handed in beside it. */
export const defineBucketCheck = ({ judge, ...facts }: BucketCheck): Check =>
  defineAccountCheck<Bucket>({
    ...facts,
    service: 's3',
    reads: ['buckets', ...facts.reads],
    subjects: ({ s3 }) => s3.buckets,
    resource: bucketResource,
    judge: (bucket, account) => judge(bucket, account.s3.accountPublicAccessBlock, account),
  });

const bucketResource = (bucket: Bucket, { identity }: AccountInventory): Resource => ({
  type: 'bucket',
  arn: bucketArn(bucket, identity.partition),
  name: bucket.name,
  region: bucket.region,
});

export const bucketArn = ({ name }: Pick<Bucket, 'name'>, partition: string): string =>
  `arn:${partition}:s3:::${name}`;

/** A verdict on a value that one read gives. */
export const judgeReading = <T>(reading: Reading<T>, judge: (value: T) => Verdict): Verdict =>
  reading.kind === 'read' ? judge(reading.value) : unknown([reading.failure]);

/** What was decided, or all that had to be read for it and could not be. */
export function judgeDecided(
  decided: Reading<boolean>,
  judge: (isSo: boolean) => Verdict,
  ...behind: readonly Reading<unknown>[]
): Verdict {
  if (decided.kind === 'read') return judge(decided.value);
  return unknown(
    distinct([decided, ...behind].flatMap((one) => (one.kind === 'unread' ? [one.failure] : []))),
  );
}

const distinct = (failures: readonly ReadFailure[]): readonly ReadFailure[] => [...new Set(failures)];
