import type { Bucket, Metric } from '../account.ts';
import {
  aBucket,
  everybody,
  policyOf,
  publicByAcl,
  publicByPolicy,
  storageMetrics,
  tlsOnly,
  untouched,
} from '../builders.ts';
import { europe, home, unused } from './places.ts';

const GIB = 2 ** 30;
const PARTNER = 'arn:aws:iam::271828182845:root';

/** From good to bad; who reads the findings sees each kind once. */
export const demoBuckets: readonly Bucket[] = [
  aBucket('harbour-invoices', { region: home.region }),
  aBucket('harbour-access-logs', { region: home.region, logging: undefined }),
  aBucket('harbour-website', { region: home.region, ...publicByPolicy('harbour-website') }),
  aBucket('harbour-uploads', { region: home.region, ...publicByAcl }),
  aBucket('harbour-dropbox', {
    region: home.region,
    publicAccessBlock: undefined,
    ownership: 'ObjectWriter',
    grants: [everybody('READ'), everybody('WRITE')],
    versioning: 'Suspended',
  }),
  aBucket('harbour-partner-exchange', {
    region: home.region,
    policy: policyOf([
      tlsOnly('harbour-partner-exchange'),
      {
        Effect: 'Allow',
        Principal: { AWS: PARTNER },
        Action: ['s3:GetObject', 's3:PutBucketPolicy', 's3:PutBucketAcl'],
        Resource: ['arn:aws:s3:::harbour-partner-exchange', 'arn:aws:s3:::harbour-partner-exchange/*'],
      },
    ]),
  }),
  aBucket('harbour-terraform-state', { region: unused.region, ...untouched }),
  aBucket('harbour-analytics-eu', { region: europe.region }),
  aBucket('harbour-old-intranet', {
    region: europe.region,
    ...untouched,
    publicAccessBlock: {
      BlockPublicAcls: true,
      IgnorePublicAcls: true,
      BlockPublicPolicy: false,
      RestrictPublicBuckets: false,
    },
    ownership: 'BucketOwnerPreferred',
    grants: [everybody('READ')],
  }),
];

const sizes: Readonly<Record<string, readonly [gib: Readonly<Record<string, number>>, objects: number]>> = {
  'harbour-invoices': [{ StandardStorage: 42, StandardIAStorage: 118 }, 96_412],
  'harbour-access-logs': [{ StandardStorage: 9 }, 1_204_771],
  'harbour-website': [{ StandardStorage: 3 }, 18_220],
  'harbour-uploads': [{ StandardStorage: 260, GlacierStorage: 780, GlacierObjectOverhead: 1 }, 2_310_554],
  'harbour-dropbox': [{ StandardStorage: 1 }, 312],
  'harbour-partner-exchange': [{ StandardStorage: 12 }, 4_410],
  'harbour-analytics-eu': [{ StandardStorage: 512, IntelligentTieringFAStorage: 1_480 }, 77_102],
  'harbour-old-intranet': [{ StandardStorage: 6 }, 20_018],
};

/** Daily figures of the buckets of a region. CloudWatch has none of the newest one: it is a day old at most. */
export const storageOf = (region: string): Metric[] =>
  demoBuckets
    .filter((bucket) => bucket.region === region)
    .flatMap(({ name }) => {
      const [gib, objects] = sizes[name] ?? [{}, 0];
      const bytes = Object.fromEntries(Object.entries(gib).map(([type, size]) => [type, size * GIB]));
      return objects === 0 ? [] : storageMetrics(name, bytes, objects);
    });
