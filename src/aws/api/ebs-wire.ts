import { Type } from 'typebox';
import { instant, nullable, type Static } from '../../kernel/schema.ts';
import { count, listOf, placeAndName, seriesWire, tagsWire, unreadable, windowWire } from './wire-parts.ts';

const text = Type.String();

export const attachmentWire = Type.Object({
  instance_id: text,
  device: text,
  state: text,
  attached_at: nullable(instant()),
  delete_on_termination: Type.Boolean(),
});

export const volumeWire = Type.Object({
  volume_id: text,
  size: count('GiB.'),
  volume_type: text,
  state: text,
  iops: nullable(count()),
  throughput: nullable(count('MiB/s.')),
  attached_instance: nullable(
    Type.String({ description: 'Of several the first by device; all are in `attachments`.' }),
  ),
  device: nullable(text),
  availability_zone: text,
  encrypted: Type.Boolean(),
  ...placeAndName,
  status: nullable(
    Type.String({ description: '`ok`, `warning`, `impaired`, `insufficient-data`. Null: not known.' }),
  ),
  status_details: nullable(
    Type.Object({
      checks: Type.Record(Type.String(), Type.String(), { description: '`io-enabled`: `passed`.' }),
      events: Type.Array(text),
      actions: Type.Array(text),
    }),
  ),
  kms_key_id: nullable(text),
  created_at: nullable(instant()),
  snapshot_id: nullable(text),
  multi_attach: Type.Boolean(),
  attachments: Type.Array(attachmentWire),
  tags: tagsWire,
  ...unreadable,
});
export const volumesWire = listOf('volumes', volumeWire);

/** The contracted series are what AWS counts in a period: sums, and the average of the queue's length. */
export const volumeMetricsWire = Type.Object({
  volume_id: text,
  region: text,
  ...windowWire,
  metrics: Type.Object({
    read_ops: seriesWire,
    write_ops: seriesWire,
    read_bytes: seriesWire,
    write_bytes: seriesWire,
    queue_length: seriesWire,
    read_time: seriesWire,
    write_time: seriesWire,
    idle_time: seriesWire,
    burst_balance: seriesWire,
    iops: seriesWire,
    throughput_bytes_per_second: seriesWire,
    busy_percent: seriesWire,
    average_latency_ms: seriesWire,
  }),
  provisioned: Type.Object({
    iops: nullable(count()),
    throughput: nullable(count('MiB/s.')),
  }),
});

export const snapshotWire = Type.Object({
  snapshot_id: text,
  volume_id: nullable(text),
  size: count('GiB.'),
  state: text,
  encrypted: Type.Boolean(),
  started_at: nullable(instant()),
  storage_tier: text,
  description: text,
  public: nullable(
    Type.Boolean({
      description: 'Whether everybody may restore it, after what the region blocks. Null: not known.',
    }),
  ),
  shared_with_all: nullable(Type.Boolean({ description: 'Whether or not the region lets them have it.' })),
  ...placeAndName,
  tags: tagsWire,
  ...unreadable,
});
export const snapshotsWire = listOf('snapshots', snapshotWire);

export type VolumeWire = Static<typeof volumeWire>;
export type VolumesWire = Static<typeof volumesWire>;
export type VolumeMetricsWire = Static<typeof volumeMetricsWire>;
export type SnapshotWire = Static<typeof snapshotWire>;
export type SnapshotsWire = Static<typeof snapshotsWire>;
