import type { Listing, Reading } from './reading.ts';

export interface PublicAccessBlock {
  readonly blockPublicAcls: boolean;
  readonly ignorePublicAcls: boolean;
  readonly blockPublicPolicy: boolean;
  readonly restrictPublicBuckets: boolean;
}
/** What there is without a configuration. */
export const NO_BLOCK: PublicAccessBlock = {
  blockPublicAcls: false,
  ignorePublicAcls: false,
  blockPublicPolicy: false,
  restrictPublicBuckets: false,
};

export interface BucketName {
  readonly name: string;
  readonly region: string;
  readonly createdAt: number | null;
}

export interface AclGrant {
  /** A canonical user's id, a group's URI or an address. */
  readonly grantee: string;
  readonly granteeKind: 'user' | 'group' | 'email';
  /** `READ`, `WRITE`, `READ_ACP`, `WRITE_ACP`, `FULL_CONTROL`. */
  readonly permission: string;
}

export interface LifecycleRule {
  readonly id: string | null;
  readonly isEnabled: boolean;
  readonly transitions: readonly {
    readonly days: number | null;
    readonly date: number | null;
    readonly storageClass: string;
  }[];
  readonly noncurrentTransitions: readonly { readonly days: number | null; readonly storageClass: string }[];
  readonly expirationDays: number | null;
  readonly noncurrentExpirationDays: number | null;
  readonly abortsIncompleteUploadsAfterDays: number | null;
  readonly prefix: string | null;
}

export interface BucketEncryption {
  /** `AES256`, `aws:kms`, `aws:kms:dsse`. */
  readonly algorithm: string;
  readonly kmsKeyId: string | null;
  readonly usesBucketKey: boolean;
}

/** CloudWatch's daily figures. */
export interface BucketStorage {
  /** Bytes by storage type as CloudWatch names it (`StandardStorage`), overheads included. */
  readonly bytesByType: Readonly<Record<string, number>>;
  readonly objects: number | null;
  /** Unix ms of the day they are of. */
  readonly at: number | null;
}

/** A bucket with what is configured of it; null is AWS's "there is none". */
export interface Bucket extends BucketName {
  readonly publicAccessBlock: Reading<PublicAccessBlock>;
  /** The policy document, at most 20 KiB of JSON. */
  readonly policy: Reading<string | null>;
  /** Null: not said (no policy, or a store that does not know). */
  readonly isPolicyPublic: Reading<boolean | null>;
  readonly acl: Reading<{ readonly ownerId: string | null; readonly grants: readonly AclGrant[] }>;
  /** `BucketOwnerEnforced`, `BucketOwnerPreferred`, `ObjectWriter`; null: not configured. */
  readonly ownership: Reading<string | null>;
  readonly versioning: Reading<{
    readonly status: 'Enabled' | 'Suspended' | 'Never';
    readonly isMfaDelete: boolean;
  }>;
  readonly encryption: Reading<BucketEncryption | null>;
  readonly lifecycle: Reading<readonly LifecycleRule[]>;
  /** Where access logs go; null: off. */
  readonly logging: Reading<{ readonly bucket: string; readonly prefix: string } | null>;
  /** Null: CloudWatch has no figures of it, which is not zero. */
  readonly storage: Reading<BucketStorage | null>;
}

/** What of a bucket can be read, for whoever needs only some. */
export type BucketPart = Exclude<keyof Bucket, keyof BucketName>;

export interface S3Inventory {
  readonly accountPublicAccessBlock: Reading<PublicAccessBlock>;
  /** Of all regions. */
  readonly buckets: Listing<Bucket>;
}
