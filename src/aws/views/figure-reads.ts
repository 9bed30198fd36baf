import type { ReadName } from '../inventory/reads.ts';

/** What `figuresOf` counts: read by every scan, whatever checks are left out. */
export const figureReads: readonly ReadName[] = [
  'clusters',
  'services',
  'buckets',
  'accountPublicAccessBlock',
  'bucketPublicAccessBlock',
  'bucketPolicy',
  'bucketPolicyStatus',
  'bucketAcl',
  'bucketOwnership',
  'bucketEncryption',
  'bucketStorage',
  'volumes',
  'vpcs',
  'subnets',
  'securityGroups',
  'prefixLists',
  'routeTables',
];
