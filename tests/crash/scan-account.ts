import type { Account } from '../support/aws/account.ts';
import {
  aBucket,
  anAccount,
  aRegion,
  aVolume,
  publicByPolicy,
  unencrypted,
} from '../support/aws/builders.ts';

const HOME = 'us-west-2';
const BUCKETS = 40;
const VOLUMES = 70;

/** Numbers from the first up to, not including, the second. */
type Range = readonly [number, number];

/** What is wrong in an account that has 40 buckets and 70 volumes, all else as it should be or the same for ever. */
export interface Wrongs {
  readonly publicBuckets: Range;
  readonly plainVolumes: Range;
}

const isIn = ([first, end]: Range, number: number): boolean => number >= first && number < end;
const numbers = (count: number): number[] => Array.from({ length: count }, (_, number) => number);
const bucketName = (number: number): string => `shelf-${String(number).padStart(2, '0')}`;

/** The account with that wrong in it. */
export function accountWith({ publicBuckets, plainVolumes }: Wrongs): Account {
  return anAccount({
    regions: { [HOME]: aRegion({ ebs: { volumes: numbers(VOLUMES).map((n) => volume(n, plainVolumes)) } }) },
    s3: {
      publicAccessBlock: undefined,
      buckets: numbers(BUCKETS).map((number) => {
        const name = bucketName(number);
        return aBucket(name, isIn(publicBuckets, number) ? publicByPolicy(name) : {});
      }),
    },
  });
}

const volume = (number: number, plain: Range) =>
  aVolume(`disk-${number}`, isIn(plain, number) ? unencrypted : {});

/** A bucket that is public so has nothing that blocks it, and a policy without the statement that asks for TLS. */
const ofPublicBucket = ['s3.public-policy', 's3.bucket-bpa', 's3.tls-only'];
const ofPlainVolume = 'ebs.volume-encrypted';

/** Checks whose findings are all told by `callsFor`. */
export const watchedChecks: ReadonlySet<string> = new Set([...ofPublicBucket, ofPlainVolume]);

/** What is wrong as findings, without asking the checks: `check arn`. */
export function callsFor({ publicBuckets, plainVolumes }: Wrongs): ReadonlySet<string> {
  const buckets = numbers(BUCKETS).filter((number) => isIn(publicBuckets, number));
  const volumes = numbers(VOLUMES).filter((number) => isIn(plainVolumes, number));
  return new Set([
    ...buckets.flatMap((number) =>
      ofPublicBucket.map((check) => `${check} arn:aws:s3:::${bucketName(number)}`),
    ),
    ...volumes.map(
      (number) =>
        `${ofPlainVolume} arn:aws:ec2:${HOME}:${anAccount().id}:volume/${aVolume(`disk-${number}`).VolumeId}`,
    ),
  ]);
}
