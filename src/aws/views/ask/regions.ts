import type { Listing } from '../../inventory/reading.ts';
import { documentOf, failed, found, worstOf, type Answer, type Found } from '../answer.ts';
import { listDocument, type ListShape } from '../list.ts';
import { regionOf } from '../names.ts';
import { ALL_REGIONS, type ListQuery, type Where } from '../question.ts';
import { unreadableOf, type Unreadable } from '../unreadable.ts';
import type { Ask, Desk } from './asking.ts';

/** Rows of one region, and what of them could not be read beside the rows themselves. */
export interface RegionRows<T> {
  readonly rows: Listing<T>;
  readonly unreadable?: readonly Unreadable[];
}

/** A list of one region or of all that are enabled. */
export interface RegionalList<T> {
  readonly shape: ListShape<T>;
  readonly readRows: (desk: Desk, region: string) => Promise<RegionRows<T>>;
}

/**
 * Of one region: the list, or its failure. Of all: those of the regions that could be read; the others are in
 * `unreadable`, each with what failed there, and `total` counts without them. If none could be read, it has failed.
 */
export async function regionalList<T>(
  desk: Desk,
  where: Where,
  { shape, readRows }: RegionalList<T>,
  query: ListQuery | undefined,
): Promise<Answer> {
  const regions = await regionsFor(desk, where);
  if (regions.kind !== 'found') return regions;
  const read = await Promise.all(regions.value.map((region) => readRows(desk, region)));
  const whole = read.filter(({ rows }) => rows.failures.length === 0);
  const failures = read.flatMap(({ rows }) => rows.failures);
  const failure = worstOf(failures);
  if (failure !== undefined && whole.length === 0) return failed(failure);
  return listDocument(
    whole.flatMap(({ rows }) => rows.items),
    shape,
    query,
    [...unreadableOf(shape.member, failures), ...whole.flatMap(({ unreadable = [] }) => unreadable)],
  );
}

async function regionsFor({ reads }: Desk, where: Where): Promise<Found<readonly string[]>> {
  if (where !== ALL_REGIONS) {
    const region = regionOf(where);
    return region.kind === 'found' ? found([region.value]) : region;
  }
  const regions = await reads.regions();
  return regions.kind === 'read' ? found(regions.value) : failed(regions.failure);
}

export const askRegions: Ask<'regions'> = async ({ reads }) => {
  const regions = await reads.regions();
  if (regions.kind === 'unread') return failed(regions.failure);
  return documentOf({ regions: regions.value.toSorted().map((name) => ({ region_name: name })) });
};

/** Each row of a list with its region. */
export const placed = <T>(region: string, { items, failures }: Listing<T>) => ({
  items: items.map((value) => ({ region, value })),
  failures,
});
