import type {
  FlowLog,
  ManagedPrefixList,
  NetworkAcl,
  NetworkInterface,
  PrefixListEntry,
  RouteTable,
  SecurityGroup,
  Snapshot,
  Subnet,
  Volume,
  VolumeStatusItem,
  Vpc,
} from '@aws-sdk/client-ec2';
import type { Cluster, ContainerInstance, Service, Task, TaskDefinition, Tag } from '@aws-sdk/client-ecs';
import type {
  Grant,
  LifecycleRule,
  LoggingEnabled,
  PublicAccessBlockConfiguration,
  ServerSideEncryptionRule,
} from '@aws-sdk/client-s3';

/**
 * An AWS account as data, in AWS's own output shapes. It is never changed in place: a change is another account, so that
 * answers can be kept as bytes for as long as an account is the account.
 */
export interface Account {
  /** Twelve digits. */
  readonly id: string;
  /** S3's name of the owner: 64 hex digits. */
  readonly canonicalId: string;
  /** The enabled ones, by name. */
  readonly regions: Readonly<Record<string, Region>>;
  /** Known of, but not opted in. */
  readonly disabledRegions: readonly string[];
  readonly roles: readonly Role[];
  readonly s3: {
    /** Undefined: none was ever configured. */
    readonly publicAccessBlock: PublicAccessBlockConfiguration | undefined;
    readonly buckets: readonly Bucket[];
  };
}

export interface Role {
  readonly name: string;
  /** ARNs of principals, or whole accounts by their id, that may assume it. */
  readonly trusts: readonly string[];
  readonly externalId?: string;
  /** IAM actions it has; all without it. */
  readonly allows?: readonly string[];
}

export interface Region {
  readonly ebs: Ebs;
  readonly network: Network;
  readonly ecs: Ecs;
  readonly metrics: readonly Metric[];
}

export interface Ebs {
  readonly volumes: readonly Volume[];
  /** Of those that are not `ok`: the others have a status of their own making. */
  readonly volumeStatuses: readonly VolumeStatusItem[];
  /** Own ones. */
  readonly snapshots: readonly Snapshot[];
  /** Ids of those that everybody may restore. */
  readonly publicSnapshotIds: readonly string[];
  readonly isEncryptedByDefault: boolean;
  readonly snapshotSharing: 'unblocked' | 'block-new-sharing' | 'block-all-sharing';
}

export interface Network {
  readonly vpcs: readonly Vpc[];
  readonly subnets: readonly Subnet[];
  readonly securityGroups: readonly SecurityGroup[];
  readonly networkAcls: readonly NetworkAcl[];
  readonly routeTables: readonly RouteTable[];
  readonly flowLogs: readonly FlowLog[];
  readonly networkInterfaces: readonly NetworkInterface[];
  readonly prefixLists: readonly (ManagedPrefixList & { readonly entries: readonly PrefixListEntry[] })[];
}

/** A service with its tags: they are told only where they are asked for. */
export interface Ecs {
  readonly clusters: readonly Cluster[];
  readonly services: readonly Service[];
  readonly tasks: readonly Task[];
  readonly containerInstances: readonly ContainerInstance[];
  readonly taskDefinitions: readonly (TaskDefinition & { readonly tags?: readonly Tag[] })[];
}

/** What is undefined is not configured, and S3 answers with its error for that. */
export interface Bucket {
  readonly name: string;
  readonly region: string;
  readonly createdAt: Date;
  readonly publicAccessBlock: PublicAccessBlockConfiguration | undefined;
  readonly policy: string | undefined;
  /** What S3 makes of the policy; undefined with a policy: a store that does not know. */
  readonly isPolicyPublic: boolean | undefined;
  readonly grants: readonly Grant[];
  readonly ownership: 'BucketOwnerEnforced' | 'BucketOwnerPreferred' | 'ObjectWriter' | undefined;
  readonly versioning: 'Enabled' | 'Suspended' | undefined;
  readonly isMfaDelete: boolean;
  readonly encryption: ServerSideEncryptionRule | undefined;
  readonly lifecycle: readonly LifecycleRule[] | undefined;
  readonly logging: LoggingEnabled | undefined;
}

/** One series of CloudWatch. */
export interface Metric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** How often there is a point, from midnight UTC on: 86400 for storage figures, 300 or 60 for others. */
  readonly everySeconds: number;
  /** Points go up and down around `mean` by that part of it, each day alike. */
  readonly mean: number;
  readonly swing: number;
}
