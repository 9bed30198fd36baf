import type { RegionInventory } from '../../inventory/account.ts';
import type { Snapshot } from '../../inventory/ebs.ts';
import { valueOf, type Listing, type ReadFailure } from '../../inventory/reading.ts';
import { defineRegionCheck, fail, pass, unknown, type Verdict } from '../check.ts';
import { fsbp } from '../controls.ts';
import { snapshotResource } from './ebs-resource.ts';

export const snapshotPublic = defineRegionCheck<SharedSnapshot>({
  id: 'ebs.snapshot-public',
  service: 'ebs',
  title: 'No EBS snapshot of ours can be restored by everybody',
  severity: 'critical',
  why: 'Anybody with an AWS account can copy a public snapshot, mount it and read the whole disk: code, keys and customer data. New ones are looked for all the time.',
  fix: {
    console: 'EC2 > Snapshots > the snapshot > Snapshot settings > Modify permissions > Private.',
    cli: 'aws ec2 modify-snapshot-attribute --region <REGION> --snapshot-id <SNAPSHOT_ID> --attribute createVolumePermission --operation-type remove --group-names all',
  },
  references: [
    'https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html#ec2-1',
    'https://docs.aws.amazon.com/ebs/latest/userguide/ebs-modifying-snapshot-permissions.html',
    'https://docs.aws.amazon.com/ebs/latest/userguide/block-public-access-snapshots.html',
  ],
  controls: fsbp('EC2.1'),
  reads: ['snapshots', 'publicSnapshots', 'snapshotBlockPublicAccess'],
  subjects: sharedSnapshots,
  resource: ({ id, snapshot }, region, context) =>
    snapshotResource({ id, tags: snapshot?.tags ?? {} }, region, context),
  judge: ({ id, isShared, snapshot }, { ebs: { publicSnapshotIds, snapshotSharing } }) => {
    if (!isShared) return unshared(id, publicSnapshotIds.failures, valueOf(snapshotSharing));
    if (snapshotSharing.kind === 'unread') return unknown([snapshotSharing.failure]);
    if (snapshotSharing.value === ALL_BLOCKED) {
      return pass(`${id} is shared with everybody, but its region blocks all public sharing.`);
    }
    return fail(`Everybody can restore ${id}.`, {
      evidence: {
        sharing: snapshotSharing.value,
        isEncrypted: snapshot?.isEncrypted ?? null,
        volumeId: snapshot?.volumeId ?? null,
      },
    });
  },
});

export const ALL_BLOCKED = 'block-all-sharing';

interface SharedSnapshot {
  readonly id: string;
  readonly isShared: boolean;
  /** Undefined where only the list of public ones could be read. */
  readonly snapshot: Snapshot | undefined;
}

/** All that is known of, from either list: a public one is told even where the other list could not be read. */
function sharedSnapshots({
  ebs: { snapshots, publicSnapshotIds },
}: RegionInventory): Listing<SharedSnapshot> {
  const shared = new Set(publicSnapshotIds.items);
  const listed = new Set(snapshots.items.map(({ id }) => id));
  const own = snapshots.items.map((snapshot) => ({
    id: snapshot.id,
    isShared: shared.has(snapshot.id),
    snapshot,
  }));
  const others = [...shared].filter((id) => !listed.has(id));
  return {
    items: [...own, ...others.map((id) => ({ id, isShared: true, snapshot: undefined }))],
    failures: snapshots.failures,
  };
}

function unshared(id: string, failures: readonly ReadFailure[], sharing: string | undefined): Verdict {
  if (failures.length === 0) return pass(`${id} is not shared with everybody.`);
  return sharing === ALL_BLOCKED ? pass(`The region of ${id} blocks all public sharing.`) : unknown(failures);
}
