import type { RegionInventory } from '../../inventory/account.ts';
import type { Snapshot, Volume } from '../../inventory/ebs.ts';
import type { CheckContext, Resource } from '../check.ts';
import { ec2Resource, taggedName } from '../ec2-resource.ts';

export const volumeResource = (
  { id, tags }: Pick<Volume, 'id' | 'tags'>,
  { region }: RegionInventory,
  context: CheckContext,
): Resource => ec2Resource('volume', { id, name: taggedName(tags) }, region, context);

export const snapshotResource = (
  { id, tags }: Pick<Snapshot, 'id' | 'tags'>,
  { region }: RegionInventory,
  context: CheckContext,
): Resource => ec2Resource('snapshot', { id, name: taggedName(tags) }, region, context);

export const isAttached = ({ attachments, state }: Volume): boolean =>
  attachments.length > 0 || state === 'in-use';

export const DAY_MS = 86_400_000;
/** Whole days between two instants. */
export const daysSince = (at: number, now: number): number => Math.floor((now - at) / DAY_MS);
