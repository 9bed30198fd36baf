import { effectiveBlock } from '../analysis/bucket-public.ts';
import { worldGrants } from '../analysis/world-grants.ts';
import type { Reading } from '../inventory/reading.ts';
import type {
  AclGrant,
  Bucket,
  BucketEncryption,
  BucketStorage,
  LifecycleRule,
  PublicAccessBlock,
} from '../inventory/s3.ts';
import { bucketMembers } from './buckets.ts';
import { utc } from './instant.ts';
import { bytesByClass } from './storage-classes.ts';
import { UnreadMembers } from './unreadable.ts';

/** Grants that are listed: S3 takes at most a hundred. */
const GRANTS_MAX = 100;

/** One bucket with all that is configured of it. Null: there is none, unless `unreadable` names the member. */
export function bucketDetailsDocument(bucket: Bucket, account: Reading<PublicAccessBlock>) {
  const unread = new UnreadMembers();
  const members = {
    ...bucketMembers({ bucket, account }, unread),
    storage_class_summary: unread.of('storage_class_summary', bucket.storage, classSummary),
    lifecycle_rules: unread.of('lifecycle_rules', bucket.lifecycle, (rules) => rules.map(lifecycleWire)),
    encryption: unread.of('encryption', bucket.encryption, encryptionWire),
    versioning: unread.of('versioning', bucket.versioning, ({ status, isMfaDelete }) => ({
      status,
      mfa_delete: isMfaDelete,
    })),
    public_access_block: blockMembers(bucket, account, unread),
    policy: policyMember(bucket, unread),
    acl: unread.of('acl', bucket.acl, ({ grants }) => grants.slice(0, GRANTS_MAX).map(grantWire)),
    public_grants_count: unread.of(
      'public_grants_count',
      bucket.acl,
      ({ grants }) => worldGrants(grants).length,
    ),
    object_ownership: unread.of('object_ownership', bucket.ownership, (ownership) => ownership),
    access_logging: unread.of('access_logging', bucket.logging, (logging) => ({
      enabled: logging !== null,
      bucket: logging?.bucket ?? null,
      prefix: logging?.prefix ?? null,
    })),
  };
  return { ...members, unreadable: unread.list };
}

/** Without a figure there is none: an empty summary would say that the bucket is empty. */
function classSummary(storage: BucketStorage | null): Readonly<Record<string, number>> | null {
  if (storage === null || Object.keys(storage.bytesByType).length === 0) return null;
  return bytesByClass(storage.bytesByType);
}

const lifecycleWire = (rule: LifecycleRule) => ({
  id: rule.id,
  status: rule.isEnabled ? 'Enabled' : 'Disabled',
  transitions: rule.transitions.map(({ days, date, storageClass }) => ({
    days,
    date: utc(date),
    storage_class: storageClass,
  })),
  noncurrent_transitions: rule.noncurrentTransitions.map(({ days, storageClass }) => ({
    days,
    storage_class: storageClass,
  })),
  expiration_days: rule.expirationDays,
  noncurrent_expiration_days: rule.noncurrentExpirationDays,
  abort_incomplete_uploads_days: rule.abortsIncompleteUploadsAfterDays,
  prefix: rule.prefix,
});

const encryptionWire = (encryption: BucketEncryption | null) => ({
  enabled: encryption !== null,
  type: encryption?.algorithm ?? null,
  kms_key_id: encryption?.kmsKeyId ?? null,
  bucket_key_enabled: encryption?.usesBucketKey ?? false,
});

const grantWire = ({ grantee, granteeKind, permission }: AclGrant) => ({
  grantee,
  kind: granteeKind,
  permission,
});

function blockMembers(bucket: Bucket, account: Reading<PublicAccessBlock>, unread: UnreadMembers) {
  const member = (name: string, reading: Reading<PublicAccessBlock>) =>
    unread.of(`public_access_block.${name}`, reading, flagsWire);
  return {
    account: member('account', account),
    bucket: member('bucket', bucket.publicAccessBlock),
    effective: member('effective', effectiveBlock(bucket, account)),
  };
}

const flagsWire = (block: PublicAccessBlock) => ({
  block_public_acls: block.blockPublicAcls,
  ignore_public_acls: block.ignorePublicAcls,
  block_public_policy: block.blockPublicPolicy,
  restrict_public_buckets: block.restrictPublicBuckets,
});

/** The document itself is not told: it names accounts and roles that not everybody needs to know. */
function policyMember({ policy, isPolicyPublic }: Bucket, unread: UnreadMembers) {
  return unread.of('policy', policy, (text) => ({
    exists: text !== null,
    public: unread.of('policy.public', isPolicyPublic, (isPublic) => isPublic),
  }));
}
