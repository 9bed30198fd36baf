import type * as S3 from '@aws-sdk/client-s3';
import type { AclGrant, Bucket, BucketEncryption, LifecycleRule } from '../inventory/s3.ts';
import { instant, list, numberOrNull, text, textOrNull } from './fields.ts';

type ValueOf<R> = R extends { readonly kind: 'read'; readonly value: infer T } ? T : never;

export const aclOf = ({ Owner, Grants }: S3.GetBucketAclCommandOutput): ValueOf<Bucket['acl']> => ({
  ownerId: textOrNull(Owner?.ID),
  grants: list(Grants).flatMap(grantOf),
});

/** A grantee of a kind that is not known is kept as a user: it must not look like nobody. */
function grantOf({ Grantee, Permission }: S3.Grant): readonly AclGrant[] {
  const permission = text(Permission);
  if (Grantee?.URI !== undefined) return [{ grantee: text(Grantee.URI), granteeKind: 'group', permission }];
  if (Grantee?.ID !== undefined) return [{ grantee: text(Grantee.ID), granteeKind: 'user', permission }];
  if (Grantee?.EmailAddress !== undefined)
    return [{ grantee: text(Grantee.EmailAddress), granteeKind: 'email', permission }];
  return [{ grantee: text(Grantee?.DisplayName), granteeKind: 'user', permission }];
}

export function versioningOf({
  Status,
  MFADelete,
}: S3.GetBucketVersioningCommandOutput): ValueOf<Bucket['versioning']> {
  const status = Status === 'Enabled' || Status === 'Suspended' ? Status : 'Never';
  return { status, isMfaDelete: MFADelete === 'Enabled' };
}

export function encryptionOf({
  ServerSideEncryptionConfiguration,
}: S3.GetBucketEncryptionCommandOutput): BucketEncryption | null {
  const rule = list(ServerSideEncryptionConfiguration?.Rules).find(
    ({ ApplyServerSideEncryptionByDefault }) => ApplyServerSideEncryptionByDefault !== undefined,
  );
  const applied = rule?.ApplyServerSideEncryptionByDefault;
  const algorithm = textOrNull(applied?.SSEAlgorithm);
  if (algorithm === null) return null;
  return {
    algorithm,
    kmsKeyId: textOrNull(applied?.KMSMasterKeyID),
    usesBucketKey: rule?.BucketKeyEnabled === true,
  };
}

export const lifecycleOf = ({
  Rules,
}: S3.GetBucketLifecycleConfigurationCommandOutput): readonly LifecycleRule[] => list(Rules).map(ruleOf);

const ruleOf = (rule: S3.LifecycleRule): LifecycleRule => ({
  id: textOrNull(rule.ID, 255),
  isEnabled: rule.Status === 'Enabled',
  transitions: list(rule.Transitions).map(({ Days, Date: date, StorageClass }) => ({
    days: numberOrNull(Days),
    date: instant(date),
    storageClass: text(StorageClass),
  })),
  noncurrentTransitions: list(rule.NoncurrentVersionTransitions).map(({ NoncurrentDays, StorageClass }) => ({
    days: numberOrNull(NoncurrentDays),
    storageClass: text(StorageClass),
  })),
  expirationDays: numberOrNull(rule.Expiration?.Days),
  noncurrentExpirationDays: numberOrNull(rule.NoncurrentVersionExpiration?.NoncurrentDays),
  abortsIncompleteUploadsAfterDays: numberOrNull(rule.AbortIncompleteMultipartUpload?.DaysAfterInitiation),
  prefix: textOrNull(rule.Filter?.Prefix ?? rule.Filter?.And?.Prefix ?? rule.Prefix, 1_024),
});

export function loggingOf({ LoggingEnabled }: S3.GetBucketLoggingCommandOutput): ValueOf<Bucket['logging']> {
  const bucket = textOrNull(LoggingEnabled?.TargetBucket, 255);
  return bucket === null ? null : { bucket, prefix: text(LoggingEnabled?.TargetPrefix, 1_024) };
}
