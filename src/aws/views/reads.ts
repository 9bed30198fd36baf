import type { AccountReader } from '../collect/port.ts';
import type { Bucket, BucketName, BucketPart } from '../inventory/s3.ts';

/** What decides about who gets at a bucket, and what its row in the list tells. */
export const postureParts = [
  'publicAccessBlock',
  'isPolicyPublic',
  'acl',
  'ownership',
  'versioning',
  'encryption',
] as const satisfies readonly BucketPart[];

/** What is told of one bucket beyond that. */
export const detailParts = ['policy', 'lifecycle', 'logging'] as const satisfies readonly BucketPart[];

export type BucketPosture = BucketName & Pick<Bucket, (typeof postureParts)[number]>;
export type BucketDetail = BucketName & Pick<Bucket, (typeof detailParts)[number]>;
export type BucketPolicy = BucketName & Pick<Bucket, 'policy'>;

/** What questions are answered from: an account's reads, some of them made for another question a moment ago. */
export interface Reads extends Pick<
  AccountReader,
  | 'identity'
  | 'regions'
  | 'volumes'
  | 'volumeStatuses'
  | 'snapshots'
  | 'publicSnapshotIds'
  | 'snapshotSharing'
  | 'volumeMetrics'
  | 'vpcs'
  | 'subnets'
  | 'securityGroups'
  | 'prefixLists'
  | 'networkAcls'
  | 'routeTables'
  | 'flowLogs'
  | 'networkInterfaces'
  | 'clusters'
  | 'services'
  | 'tasks'
  | 'containerInstances'
  | 'ecsUtilisation'
  | 'accountPublicAccessBlock'
  | 'bucketNames'
  | 'bucketStorage'
> {
  bucketPosture(bucket: BucketName): Promise<BucketPosture>;
  bucketDetail(bucket: BucketName): Promise<BucketDetail>;
  bucketPolicy(bucket: BucketName): Promise<BucketPolicy>;
}
