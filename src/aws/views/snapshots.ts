import type { Snapshot, SnapshotSharing } from '../inventory/ebs.ts';
import { read, type Reading } from '../inventory/reading.ts';
import { utc } from './instant.ts';
import type { ListShape } from './list.ts';
import { UnreadMembers } from './unreadable.ts';

export interface SnapshotRow {
  readonly region: string;
  readonly snapshot: Snapshot;
  /** Shared with everybody, whether or not the region lets them have it. */
  readonly isShared: Reading<boolean>;
  readonly isPublic: Reading<boolean>;
}

/** A snapshot that is shared with all is not public while its region blocks all sharing. */
export function isSnapshotPublic(
  isShared: Reading<boolean>,
  sharing: Reading<SnapshotSharing>,
): Reading<boolean> {
  if (isShared.kind === 'unread')
    return sharing.kind === 'read' && isBlocked(sharing.value) ? read(false) : isShared;
  if (!isShared.value) return isShared;
  return sharing.kind === 'read' ? read(!isBlocked(sharing.value)) : sharing;
}

const isBlocked = (sharing: SnapshotSharing): boolean => sharing === 'block-all-sharing';

/** `size` in GiB, of the volume. */
export function snapshotWire({ region, snapshot, isShared, isPublic }: SnapshotRow) {
  const unread = new UnreadMembers();
  return {
    snapshot_id: snapshot.id,
    volume_id: snapshot.volumeId,
    size: snapshot.sizeGib,
    state: snapshot.state,
    encrypted: snapshot.isEncrypted,
    started_at: utc(snapshot.startedAt),
    storage_tier: snapshot.tier,
    description: snapshot.description,
    shared_with_all: unread.of('shared_with_all', isShared, (value) => value),
    public: unread.of('public', isPublic, (value) => value),
    region,
    name: snapshot.tags['Name'] ?? null,
    tags: snapshot.tags,
    ...unread.member,
  };
}

export const snapshotList: ListShape<SnapshotRow> = {
  member: 'snapshots',
  name: ({ snapshot }) => snapshot.id,
  id: ({ region }) => region,
  words: ({ snapshot }) => [snapshot.tags['Name'] ?? '', snapshot.volumeId ?? ''],
  wire: snapshotWire,
};
