import type { Check } from '../check.ts';
import { accessLogging } from './access-logging.ts';
import { accountBpa } from './account-bpa.ts';
import { aclDisabled } from './acl-disabled.ts';
import { bucketBpa } from './bucket-bpa.ts';
import { crossAccountAdmin } from './cross-account-admin.ts';
import { dnsName } from './dns-name.ts';
import { encryptionEnforced } from './encryption-enforced.ts';
import { encryptionKms } from './encryption-kms.ts';
import { lifecycle } from './lifecycle.ts';
import { mfaDelete } from './mfa-delete.ts';
import { publicAclRead } from './public-acl-read.ts';
import { publicPolicy } from './public-policy.ts';
import { publicWrite } from './public-write.ts';
import { tlsOnly } from './tls-only.ts';
import { versionedLifecycle } from './versioned-lifecycle.ts';
import { versioning } from './versioning.ts';

export const s3Checks = [
  publicPolicy,
  publicAclRead,
  publicWrite,
  accountBpa,
  bucketBpa,
  tlsOnly,
  crossAccountAdmin,
  aclDisabled,
  encryptionKms,
  versioning,
  accessLogging,
  lifecycle,
  versionedLifecycle,
  mfaDelete,
  encryptionEnforced,
  dnsName,
] as const satisfies readonly Check[];
