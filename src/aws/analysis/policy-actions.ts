import type { Selection } from './policy-document.ts';
import { matches } from './policy-pattern.ts';

/** What a bucket policy can let somebody do (Service authorization reference, Amazon S3). */
const namesByVerb = {
  Get: `Object ObjectAcl ObjectAttributes ObjectLegalHold ObjectRetention ObjectTagging ObjectTorrent
    ObjectVersion ObjectVersionAcl ObjectVersionAttributes ObjectVersionForReplication ObjectVersionTagging
    ObjectVersionTorrent AccelerateConfiguration AnalyticsConfiguration BucketAcl BucketCORS BucketLocation
    BucketLogging BucketNotification BucketObjectLockConfiguration BucketOwnershipControls BucketPolicy
    BucketPolicyStatus BucketPublicAccessBlock BucketRequestPayment BucketTagging BucketVersioning BucketWebsite
    EncryptionConfiguration IntelligentTieringConfiguration InventoryConfiguration LifecycleConfiguration
    MetricsConfiguration ReplicationConfiguration`,
  List: 'Bucket BucketMultipartUploads BucketVersions MultipartUploadParts',
  Put: `Object ObjectAcl ObjectLegalHold ObjectRetention ObjectTagging ObjectVersionAcl ObjectVersionTagging
    AccelerateConfiguration AnalyticsConfiguration BucketAcl BucketCORS BucketLogging BucketNotification
    BucketObjectLockConfiguration BucketOwnershipControls BucketPolicy BucketPublicAccessBlock BucketRequestPayment
    BucketTagging BucketVersioning BucketWebsite EncryptionConfiguration IntelligentTieringConfiguration
    InventoryConfiguration LifecycleConfiguration MetricsConfiguration ReplicationConfiguration`,
  Delete: 'Bucket BucketPolicy BucketWebsite Object ObjectTagging ObjectVersion ObjectVersionTagging',
  Replicate: 'Object Delete Tags',
  Abort: 'MultipartUpload',
  Bypass: 'GovernanceRetention',
  Restore: 'Object',
  ObjectOwnerOverride: 'ToBucketOwner',
} as const;

/** Lower case, as IAM compares them. */
const actions = Object.entries(namesByVerb).flatMap(([verb, names]) =>
  names.split(/\s+/).map((name) => `s3:${verb}${name}`.toLowerCase()),
);

/** What is selected, action by action; one that is not known stands for itself. Nothing but S3's. */
export function selectedActions({ isAllBut, patterns }: Selection): readonly string[] {
  const wanted = patterns.map((pattern) => pattern.toLowerCase());
  if (isAllBut) return actions.filter((action) => !wanted.some((pattern) => matches(pattern, action)));
  return [...new Set(wanted.flatMap(knownActions))];
}

function knownActions(pattern: string): readonly string[] {
  const known = actions.filter((action) => matches(pattern, action));
  return known.length > 0 || !pattern.startsWith('s3:') ? known : [pattern];
}

const WRITES =
  /^s3:(?:put|delete|create|update|replicate|restore|abort|bypass|initiate|objectowneroverride|tag|untag|associate|dissociate)/;

/** Whether it adds, deletes or changes something; reading never does, whatever its pattern looks like. */
export const isWriteAction = (action: string): boolean => WRITES.test(action);
