import type * as S3 from '@aws-sdk/client-s3';
import { type Listing, read, type ReadFailure, type Reading } from '../inventory/reading.ts';
import { type BucketName, NO_BLOCK, type PublicAccessBlock } from '../inventory/s3.ts';
import type { Caller } from './call.ts';
import { GLOBAL } from './failure.ts';
import { instant, list, textOrNull } from './fields.ts';
import { inTurn } from './in-turn.ts';
import { allPages, type Page } from './pages.ts';

const PAGE = 1_000;
const AT_ONCE = 32;
const NO_BLOCK_CODE = 'NoSuchPublicAccessBlockConfiguration';

/** Of all regions, with the region of each. */
export async function bucketNames(caller: Caller, region: string): Promise<Listing<BucketName>> {
  const attempted = { action: 's3:ListAllMyBuckets', region: GLOBAL } as const;
  const listed = await allPages(attempted, (token) =>
    caller.call(
      attempted,
      caller.clients.s3(region),
      async ({ sdk, client }, options): Promise<Page<Nameless>> => {
        // Asked without a size S3 answers with all at once, and without the buckets' regions.
        const command = new sdk.ListBucketsCommand({ MaxBuckets: PAGE, ContinuationToken: token });
        const answer = await client.send(command, options);
        return { items: list(answer.Buckets).flatMap(namelessOf), next: answer.ContinuationToken };
      },
    ),
  );
  const placed = await inTurn(listed.items, AT_ONCE, (bucket) => placedBucket(caller, region, bucket));
  return {
    items: placed.flatMap((one) => (one.kind === 'read' ? [one.value] : [])),
    failures: [...listed.failures, ...placed.flatMap((one) => (one.kind === 'unread' ? [one.failure] : []))],
  };
}

/** A bucket as it is listed: some stores do not say where it is. */
interface Nameless {
  readonly name: string;
  readonly region: string | null;
  readonly createdAt: number | null;
}

function namelessOf({ Name, BucketRegion, CreationDate }: S3.Bucket): readonly Nameless[] {
  const name = textOrNull(Name, 255);
  if (name === null) return [];
  return [{ name, region: textOrNull(BucketRegion, 64), createdAt: instant(CreationDate) }];
}

async function placedBucket(caller: Caller, region: string, bucket: Nameless): Promise<Reading<BucketName>> {
  if (bucket.region !== null) return read({ ...bucket, region: bucket.region });
  const attempted = { action: 's3:GetBucketLocation', region: GLOBAL } as const;
  return caller.call(attempted, caller.clients.s3(region), async ({ sdk, client }, options) => {
    const answer = await client.send(new sdk.GetBucketLocationCommand({ Bucket: bucket.name }), options);
    return { ...bucket, region: regionOf(answer.LocationConstraint) };
  });
}

/** S3's two oldest regions have no name, and one of their own. */
function regionOf(constraint: string | undefined): string {
  if (constraint === 'EU') return 'eu-west-1';
  return textOrNull(constraint, 64) ?? 'us-east-1';
}

export async function accountPublicAccessBlock(
  caller: Caller,
  region: string,
  AccountId: string,
): Promise<Reading<PublicAccessBlock>> {
  const attempted = { action: 's3:GetAccountPublicAccessBlock', region: GLOBAL } as const;
  const answer = await caller.call(
    attempted,
    caller.clients.s3control(region),
    async ({ sdk, client }, options) => {
      const answer = await client.send(new sdk.GetPublicAccessBlockCommand({ AccountId }), options);
      return blockOf(answer.PublicAccessBlockConfiguration);
    },
  );
  return orNone(answer, { [NO_BLOCK_CODE]: NO_BLOCK });
}

/** What there is none of is an answer, and S3 gives it as an error. */
export function orNone<T>(reading: Reading<T>, answers: Readonly<Record<string, T>>): Reading<T> {
  if (reading.kind === 'read') return reading;
  const code: ReadFailure['code'] = reading.failure.code;
  const value = Object.hasOwn(answers, code) ? answers[code] : undefined;
  return value === undefined ? reading : read(value);
}

export const noBlock = { [NO_BLOCK_CODE]: NO_BLOCK };

export const blockOf = (block: S3.PublicAccessBlockConfiguration | undefined): PublicAccessBlock => ({
  blockPublicAcls: block?.BlockPublicAcls === true,
  ignorePublicAcls: block?.IgnorePublicAcls === true,
  blockPublicPolicy: block?.BlockPublicPolicy === true,
  restrictPublicBuckets: block?.RestrictPublicBuckets === true,
});
