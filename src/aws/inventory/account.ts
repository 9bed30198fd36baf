import type { EbsInventory } from './ebs.ts';
import type { EcsInventory } from './ecs.ts';
import type { NetworkInventory } from './network.ts';
import type { ReadFailure } from './reading.ts';
import type { S3Inventory } from './s3.ts';

export interface CallerIdentity {
  /** Twelve digits. */
  readonly accountId: string;
  readonly arn: string;
  /** `aws`, `aws-cn`, `aws-us-gov`: from the ARN. */
  readonly partition: string;
}

export interface RegionInventory {
  readonly region: string;
  readonly ebs: EbsInventory;
  readonly network: NetworkInventory;
  readonly ecs: EcsInventory;
}

/** What a scan has read. Plain data: it is judged, counted and dropped. */
export interface AccountInventory {
  readonly identity: CallerIdentity;
  /** Unix ms at which reading began. */
  readonly takenAt: number;
  readonly regions: readonly RegionInventory[];
  readonly s3: S3Inventory;
}

/** What became of the reads of a scan. */
export interface Coverage {
  /** Regions that were read, and those that are enabled but were left out. */
  readonly regions: readonly string[];
  readonly regionsLeftOut: readonly string[];
  /** Calls that reached AWS, each retry counted. */
  readonly calls: number;
  /** Reads (a list over all its pages is one) by what became of them. */
  readonly reads: number;
  readonly denied: number;
  readonly throttled: number;
  readonly failed: number;
  /** Each once for its action and region, with how often; the first 500. */
  readonly failures: readonly (ReadFailure & { readonly times: number })[];
}
