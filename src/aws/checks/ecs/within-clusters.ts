import type { EcsInventory } from '../../inventory/ecs.ts';
import type { Listing, ReadFailure } from '../../inventory/reading.ts';

/** What is found cluster by cluster is only whole where the clusters were. */
export const withinClusters = <T>({ clusters }: EcsInventory, listing: Listing<T>): Listing<T> =>
  wholeWith(listing, [clusters]);

/** A list that is only whole where those that it was made from were. */
export const wholeWith = <T>(listing: Listing<T>, from: readonly Listing<unknown>[]): Listing<T> => ({
  items: listing.items,
  failures: distinct([...from, listing].flatMap(({ failures }) => failures)),
});

/** One read fails for many that hang on it. */
function distinct(failures: readonly ReadFailure[]): readonly ReadFailure[] {
  const byWords = new Map(
    failures.map((one) => [`${one.kind}\n${one.action}\n${one.region}\n${one.code}`, one]),
  );
  return [...byWords.values()];
}

/** `production` of `arn:aws:ecs:eu-west-1:123456789012:cluster/production`. */
export const lastPart = (arn: string): string => arn.slice(arn.lastIndexOf('/') + 1);
