import type { AccountInventory, Coverage } from '../inventory/account.ts';
import type { ReadFailure, Reading } from '../inventory/reading.ts';
import type { ReadName } from '../inventory/reads.ts';
import { collectBuckets } from './collect-buckets.ts';
import { collectRegion } from './collect-region.ts';
import { abortedFailure, GLOBAL } from './failure.ts';
import { type CollectProgress, Ledger } from './ledger.ts';
import type { AccountReader } from './port.ts';

export interface CollectOptions {
  /** Absent: all that are enabled. */
  readonly regions?: readonly string[];
  /** What the checks look at; the rest is not read. */
  readonly needed: ReadonlySet<ReadName>;
  /** Unix ms. */
  readonly now: number;
  readonly signal: AbortSignal;
  /** Called for every step: whoever tells others of it does so now and then. */
  readonly onProgress?: (progress: CollectProgress) => void;
}

export type Collected =
  | { readonly kind: 'collected'; readonly account: AccountInventory; readonly coverage: Coverage }
  | { readonly kind: 'failed'; readonly failure: ReadFailure };

/**
 * Reads an account over all its regions, each thing once. It fails where it cannot be said whose account it is, or where
 * it is aborted; every other failure stands with what could not be read, and in the coverage.
 */
export async function collectAccount(reader: AccountReader, options: CollectOptions): Promise<Collected> {
  const ledger = new Ledger(options.needed, options.onProgress);
  const whose = await ledger.step(() => reader.identity());
  if (whose.kind === 'unread') return { kind: 'failed', failure: whose.failure };
  ledger.count([]);
  const identity = whose.value;
  const enabled = await ledger.step(() => reader.regions());
  const plan = planOf(enabled, reader.region, options.regions);
  ledger.count(plan.failures);
  const [regions, s3] = await Promise.all([
    Promise.all(plan.regions.map((region) => collectRegion(reader, region, ledger))),
    collectBuckets(reader, identity.accountId, ledger),
  ]);
  if (options.signal.aborted) return { kind: 'failed', failure: aborted };
  const { calls } = reader.tally;
  return {
    kind: 'collected',
    account: { identity, takenAt: options.now, regions, s3 },
    coverage: ledger.coverage({ regions: plan.regions, regionsLeftOut: plan.leftOut, calls }),
  };
}

const aborted = abortedFailure({ action: 'sts:GetCallerIdentity', region: GLOBAL });

interface RegionPlan {
  readonly regions: readonly string[];
  /** Enabled, but not wanted. */
  readonly leftOut: readonly string[];
  readonly failures: readonly ReadFailure[];
}

/**
 * Which regions are read. Where it cannot be known which are enabled: those that are wanted, or the principal's own. One
 * that is wanted and not enabled would only answer that the keys are bad.
 */
function planOf(
  enabled: Reading<readonly string[]>,
  home: string,
  wanted: readonly string[] | undefined,
): RegionPlan {
  if (enabled.kind === 'unread')
    return { regions: [...new Set(wanted ?? [home])], leftOut: [], failures: [enabled.failure] };
  if (wanted === undefined) return { regions: enabled.value, leftOut: [], failures: [] };
  const isWanted = (region: string) => wanted.includes(region);
  return {
    regions: enabled.value.filter(isWanted),
    leftOut: enabled.value.filter((region) => !isWanted(region)),
    failures: [...new Set(wanted)]
      .filter((region) => !enabled.value.includes(region))
      .map((region) => ({ kind: 'missing', action: 'ec2:DescribeRegions', region, code: 'NotEnabled' })),
  };
}
