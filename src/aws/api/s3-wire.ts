import { Type } from 'typebox';
import { instant, nullable, oneOf, type Static } from '../../kernel/schema.ts';
import { count, listOf, unreadable } from './wire-parts.ts';

const text = Type.String();

export const bucketWire = Type.Object({
  name: text,
  creation_date: nullable(instant()),
  region: text,
  object_count: nullable(
    count('Of the day of `storage_date`; null: CloudWatch has no figure, which is not 0.'),
  ),
  total_size_bytes: nullable(
    Type.Number({ minimum: 0, description: 'Over all storage classes, overheads included.' }),
  ),
  storage_date: nullable(instant('The day that the figures are of: CloudWatch counts once a day.')),
  versioning_enabled: nullable(Type.Boolean()),
  public_access_blocked: nullable(
    Type.Boolean({ description: 'Whether all four flags are in effect, of the account or of the bucket.' }),
  ),
  publicly_accessible: nullable(
    Type.Boolean({
      description: 'By its policy or its ACL, after all that blocks either. Null: not known.',
    }),
  ),
  encryption_enabled: nullable(Type.Boolean()),
  ...unreadable,
});
export const bucketsWire = listOf('buckets', bucketWire);

/** Null: not said, or of another sort. */
const days = nullable(Type.Integer());

export const lifecycleRuleWire = Type.Object({
  id: nullable(text),
  status: oneOf(['Enabled', 'Disabled']),
  transitions: Type.Array(Type.Object({ days, date: nullable(instant()), storage_class: text })),
  noncurrent_transitions: Type.Array(Type.Object({ days, storage_class: text })),
  expiration_days: days,
  noncurrent_expiration_days: days,
  abort_incomplete_uploads_days: days,
  prefix: nullable(text),
});

export const blockFlagsWire = Type.Object({
  block_public_acls: Type.Boolean(),
  ignore_public_acls: Type.Boolean(),
  block_public_policy: Type.Boolean(),
  restrict_public_buckets: Type.Boolean(),
});

/** One bucket with its configuration; null is "could not be read" where `unreadable` names the member, else "there is none". */
export const bucketDetailsWire = Type.Object({
  ...bucketWire.properties,
  storage_class_summary: nullable(
    Type.Record(Type.String(), Type.Number({ minimum: 0 }), {
      description: 'Bytes by storage class as S3 names it (`STANDARD_IA`). Null: CloudWatch has no figure.',
    }),
  ),
  lifecycle_rules: nullable(Type.Array(lifecycleRuleWire)),
  encryption: nullable(
    Type.Object({
      enabled: Type.Boolean(),
      type: nullable(Type.String({ description: '`AES256`, `aws:kms`, `aws:kms:dsse`.' })),
      kms_key_id: nullable(text),
      bucket_key_enabled: Type.Boolean(),
    }),
  ),
  versioning: nullable(
    Type.Object({ status: oneOf(['Enabled', 'Suspended', 'Never']), mfa_delete: Type.Boolean() }),
  ),
  public_access_block: Type.Object({
    account: nullable(blockFlagsWire),
    bucket: nullable(blockFlagsWire),
    effective: nullable(blockFlagsWire),
  }),
  policy: nullable(
    Type.Object({
      exists: Type.Boolean(),
      public: nullable(Type.Boolean({ description: 'As AWS judges it, blocks apart.' })),
    }),
  ),
  acl: nullable(
    Type.Array(Type.Object({ grantee: text, kind: oneOf(['user', 'group', 'email']), permission: text })),
  ),
  public_grants_count: nullable(count('Of the ACL, to everybody or to everybody with an AWS account.')),
  object_ownership: nullable(text),
  access_logging: nullable(
    Type.Object({ enabled: Type.Boolean(), bucket: nullable(text), prefix: nullable(text) }),
  ),
});

export type BucketWire = Static<typeof bucketWire>;
export type BucketsWire = Static<typeof bucketsWire>;
export type LifecycleRuleWire = Static<typeof lifecycleRuleWire>;
export type BucketDetailsWire = Static<typeof bucketDetailsWire>;
