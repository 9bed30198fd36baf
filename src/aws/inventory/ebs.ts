import type { Listing, Reading } from './reading.ts';

/** Of DescribeVolumes. Instants are Unix ms, here and in all of the inventory. */
export interface Volume {
  readonly id: string;
  readonly sizeGib: number;
  /** `gp3`, `io2`, … */
  readonly type: string;
  /** `in-use`, `available`, … */
  readonly state: string;
  readonly iops: number | null;
  /** MiB/s. */
  readonly throughput: number | null;
  readonly availabilityZone: string;
  readonly isEncrypted: boolean;
  readonly kmsKeyId: string | null;
  readonly createdAt: number | null;
  readonly snapshotId: string | null;
  readonly isMultiAttach: boolean;
  /** By device. */
  readonly attachments: readonly VolumeAttachment[];
  readonly tags: Tags;
}
export interface VolumeAttachment {
  readonly instanceId: string;
  readonly device: string;
  readonly state: string;
  readonly attachedAt: number | null;
  readonly deleteOnTermination: boolean;
}
export type Tags = Readonly<Record<string, string>>;

/** Of DescribeVolumeStatus. */
export interface VolumeStatus {
  readonly volumeId: string;
  /** `ok`, `warning`, `impaired`, `insufficient-data`. */
  readonly status: string;
  /** `io-enabled`: `passed` or `failed`, and whatever else AWS names. */
  readonly details: Readonly<Record<string, string>>;
  readonly events: readonly string[];
  readonly actions: readonly string[];
}

/** Of DescribeSnapshots, owned by the account. */
export interface Snapshot {
  readonly id: string;
  readonly volumeId: string | null;
  readonly sizeGib: number;
  /** `completed`, `pending`, `error`, … */
  readonly state: string;
  readonly isEncrypted: boolean;
  readonly startedAt: number | null;
  /** `standard` or `archive`. */
  readonly tier: string;
  readonly description: string;
  readonly tags: Tags;
}

/** `unblocked`, `block-new-sharing`, `block-all-sharing`. */
export type SnapshotSharing = string;

export interface EbsInventory {
  readonly volumes: Listing<Volume>;
  readonly volumeStatuses: Listing<VolumeStatus>;
  readonly snapshots: Listing<Snapshot>;
  /** Ids of own snapshots that everybody may restore, but for what the region blocks. */
  readonly publicSnapshotIds: Listing<string>;
  readonly encryptionByDefault: Reading<boolean>;
  readonly snapshotSharing: Reading<SnapshotSharing>;
}

/** A figure of CloudWatch's. */
export interface MetricPoint {
  /** Unix ms: where its period begins. */
  readonly at: number;
  readonly value: number;
}

/** Of one volume, ascending by time; periods without data are left out. */
export interface VolumeMetrics {
  readonly periodSeconds: number;
  /** Sums over the period. */
  readonly readOps: readonly MetricPoint[];
  readonly writeOps: readonly MetricPoint[];
  readonly readBytes: readonly MetricPoint[];
  readonly writeBytes: readonly MetricPoint[];
  /** Seconds, sums over the period. */
  readonly readTime: readonly MetricPoint[];
  readonly writeTime: readonly MetricPoint[];
  readonly idleTime: readonly MetricPoint[];
  /** Averages over the period. */
  readonly queueLength: readonly MetricPoint[];
  /** Per cent; only volumes that burst have it. */
  readonly burstBalance: readonly MetricPoint[];
}
