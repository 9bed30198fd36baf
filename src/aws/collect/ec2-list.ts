import type { Listing, Reading } from '../inventory/reading.ts';
import type { Action } from '../inventory/reads.ts';
import type { Caller, CallOptions } from './call.ts';
import type { OpenedEc2 } from './clients.ts';
import { inPieces } from './fields.ts';
import { allPages, joined, type Page } from './pages.ts';

/** A paged call of EC2, and what it makes of a page. */
export interface Ec2List<Answer, T> {
  readonly action: Action;
  readonly ask: (ec2: OpenedEc2, token: string | undefined, options: CallOptions) => Promise<Answer>;
  readonly items: (answer: Answer) => readonly T[];
}

/** All that a paged call of EC2 lists. */
export function ec2List<Answer extends { readonly NextToken?: string | undefined }, T>(
  caller: Caller,
  region: string,
  { action, ask, items }: Ec2List<Answer, T>,
): Promise<Listing<T>> {
  const attempted = { action, region };
  return allPages(attempted, (token) =>
    caller.call(attempted, caller.clients.ec2(region), async (ec2, options): Promise<Page<T>> => {
      const answer = await ask(ec2, token, options);
      return { items: items(answer), next: answer.NextToken };
    }),
  );
}

/** One value of EC2's. */
export const ec2Value = <T>(
  caller: Caller,
  region: string,
  action: Action,
  ask: (ec2: OpenedEc2, options: CallOptions) => Promise<T>,
): Promise<Reading<T>> => caller.call({ action, region }, caller.clients.ec2(region), ask);

/** So many values a filter takes. */
const FILTER_VALUES_MAX = 200;

/**
 * Those of some ids. They are asked for as a filter: named as such, one that does not exist would hide all others. What
 * does not come back is missing.
 */
export async function ofIds<T extends { readonly id: string }>(
  ids: readonly string[],
  { action, region, code }: { readonly action: Action; readonly region: string; readonly code: string },
  ask: (ids: readonly string[]) => Promise<Listing<T>>,
): Promise<Listing<T>> {
  const asked = [...new Set(ids)];
  const found = joined(await Promise.all(inPieces(asked, FILTER_VALUES_MAX).map(ask)));
  if (found.failures.length > 0) return found;
  const there = new Set(found.items.map(({ id }) => id));
  return {
    // A store that does not know the filter answers with all.
    items: found.items.filter(({ id }) => asked.includes(id)),
    failures: asked.flatMap((id) => (there.has(id) ? [] : [{ kind: 'missing', action, region, code }])),
  };
}

/** A filter by one name. */
export const filter = (Name: string, Values: readonly string[]) => [{ Name, Values: [...Values] }];
