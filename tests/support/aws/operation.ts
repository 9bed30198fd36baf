import type { StaticOperationSchema } from '@smithy/types';
import type { Account, Region } from './account.ts';
import type { AccessKey } from './keys.ts';
import type { Parameters } from './parameters.ts';

/** As they stand in a signature's scope, but for S3 Control, which signs as S3. */
export type ServiceName = 'sts' | 'ec2' | 'ecs' | 's3' | 's3control' | 'monitoring';

/** Who asks, and what there is for them. */
export interface Caller {
  readonly key: AccessKey;
  readonly account: Account;
  readonly regionName: string;
  readonly region: Region;
  /** Unix ms. */
  readonly now: number;
  /** Temporary keys for a role of some account; throws where that may not be. */
  readonly assumeRole: (roleArn: string, asked: Parameters) => AccessKey;
  /** How many points one answer of CloudWatch holds; undefined: as many as with AWS. */
  readonly metricPointsMax: number | undefined;
  /** Of whichever account: bucket names are everybody's. */
  readonly accounts: ReadonlyMap<string, Account>;
}

/** One operation of AWS. */
export interface Operation {
  readonly service: ServiceName;
  /** `DescribeVolumes`. */
  readonly name: string;
  /** IAM's name of the right it takes, which is not always the operation's. */
  readonly action: string;
  readonly schema: StaticOperationSchema;
  /** Whether its answer is made of the account, the region and the parameters alone, and may be kept. */
  readonly isKept: boolean;
  /** Output by AWS's own names; throws a `Refusal`. */
  readonly answer: (asked: Parameters, caller: Caller) => object;
}
