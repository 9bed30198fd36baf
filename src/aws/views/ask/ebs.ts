import type { Volume, VolumeStatus } from '../../inventory/ebs.ts';
import { read, unread, type Listing, type Reading } from '../../inventory/reading.ts';
import { documentOf, failed, found, wholeOf, worstOf, type Found } from '../answer.ts';
import { nameOf, regionOf, unknownName } from '../names.ts';
import { isSnapshotPublic, snapshotList, type SnapshotRow } from '../snapshots.ts';
import { unreadableOf } from '../unreadable.ts';
import { volumeMetricsDocument } from '../volume-metrics.ts';
import { volumeList, type VolumeRow } from '../volumes.ts';
import { settledWindow } from '../window.ts';
import type { Ask, Desk } from './asking.ts';
import { regionalList, type RegionRows } from './regions.ts';

export const askVolumes: Ask<'volumes'> = (desk, { region, list }) =>
  regionalList(desk, region, { shape: volumeList, readRows: volumeRows }, list);

async function volumeRows({ reads }: Desk, region: string): Promise<RegionRows<VolumeRow>> {
  const [volumes, statuses] = await Promise.all([reads.volumes(region), reads.volumeStatuses(region)]);
  const statusOf = statusReader(statuses);
  return {
    rows: {
      items: volumes.items.map((volume) => ({ region, volume, status: statusOf(volume) })),
      failures: volumes.failures,
    },
    unreadable: unreadableOf('volumes.status', statuses.failures),
  };
}

/** One that was read before the others failed is good all the same. */
function statusReader({
  items,
  failures,
}: Listing<VolumeStatus>): (volume: Volume) => Reading<VolumeStatus | null> {
  const known = new Map(items.map((status) => [status.volumeId, read(status)] as const));
  const failure = worstOf(failures);
  const other: Reading<null> = failure === undefined ? read(null) : unread(failure);
  return ({ id }) => known.get(id) ?? other;
}

export const askVolumeMetrics: Ask<'volumeMetrics'> = async (desk, question) => {
  const { region, volume: id } = question;
  const window = settledWindow(question.window, desk.now);
  if (window.kind !== 'found') return window;
  const volume = await volumeOf(desk, region, id);
  if (volume.kind !== 'found') return volume;
  const metrics = await desk.reads.volumeMetrics(region, id, window.value);
  if (metrics.kind === 'unread') return failed(metrics.failure);
  return documentOf(
    volumeMetricsDocument({ region, volume: volume.value, window: window.value, metrics: metrics.value }),
  );
};

/** CloudWatch has no figures of a volume that does not exist, and says no more than that: it is looked for first. */
async function volumeOf({ reads }: Desk, region: string, id: string): Promise<Found<Volume>> {
  const [place, name] = [regionOf(region), nameOf('volume', id)];
  if (place.kind !== 'found') return place;
  if (name.kind !== 'found') return name;
  const volumes = wholeOf(await reads.volumes(region, [id]), unknownName('volume', id).detail);
  if (volumes.kind !== 'found') return volumes;
  const volume = volumes.value.find((one) => one.id === id);
  return volume === undefined ? unknownName('volume', id) : found(volume);
}

export const askSnapshots: Ask<'snapshots'> = (desk, { region, list }) =>
  regionalList(desk, region, { shape: snapshotList, readRows: snapshotRows }, list);

async function snapshotRows({ reads }: Desk, region: string): Promise<RegionRows<SnapshotRow>> {
  const [snapshots, shared, sharing] = await Promise.all([
    reads.snapshots(region),
    reads.publicSnapshotIds(region),
    reads.snapshotSharing(region),
  ]);
  const ids = new Set(shared.items);
  const failure = worstOf(shared.failures);
  const others: Reading<boolean> = failure === undefined ? read(false) : unread(failure);
  const items = snapshots.items.map((snapshot) => {
    const isShared = ids.has(snapshot.id) ? read(true) : others;
    return { region, snapshot, isShared, isPublic: isSnapshotPublic(isShared, sharing) };
  });
  const undecided = items.flatMap(({ isPublic }) => (isPublic.kind === 'unread' ? [isPublic.failure] : []));
  return {
    rows: { items, failures: snapshots.failures },
    unreadable: unreadableOf('snapshots.public', undecided),
  };
}
