import type { Check } from '../check.ts';
import { defaultEncryption } from './default-encryption.ts';
import { deleteOnTermination } from './delete-on-termination.ts';
import { gp2 } from './gp2.ts';
import { hasRecentSnapshot } from './has-recent-snapshot.ts';
import { impaired } from './impaired.ts';
import { oldSnapshot } from './old-snapshot.ts';
import { snapshotBpa } from './snapshot-bpa.ts';
import { snapshotEncrypted } from './snapshot-encrypted.ts';
import { snapshotPublic } from './snapshot-public.ts';
import { tags } from './tags.ts';
import { unattached } from './unattached.ts';
import { volumeEncrypted } from './volume-encrypted.ts';

export const ebsChecks = [
  volumeEncrypted,
  defaultEncryption,
  snapshotPublic,
  snapshotBpa,
  snapshotEncrypted,
  unattached,
  hasRecentSnapshot,
  impaired,
  gp2,
  deleteOnTermination,
  oldSnapshot,
  tags,
] as const satisfies readonly Check[];
