import { type EventDraft, OWN_SOURCE } from '../../events/event.ts';
import type { Ingest } from '../../events/ingest.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Journal } from '../../storage/journal.ts';
import type { CheckSeverity } from '../checks/check.ts';
import type { Coverage } from '../inventory/account.ts';
import {
  coverageBackDraft,
  coverageLostDraft,
  failedDraft,
  recoveredDraft,
  type ToldScan,
} from '../telling/scan-drafts.ts';
import type {
  EarlierScans,
  FindingReader,
  Recorded,
  RunningScan,
  ScanClaim,
  ScanEnd,
  ScanStore,
  ScanTally,
} from './port.ts';
import { endRow } from './scan-row.ts';
import { scanStatements } from './scan-statements.ts';
import type { ScanOutcome } from './scan.ts';

export interface ScanEndsOptions {
  readonly journal: Pick<Journal, 'submit'>;
  readonly ingest: Pick<Ingest, 'prepareOf'>;
  readonly reader: Pick<FindingReader, 'counts'>;
  readonly scans: Pick<ScanStore, 'before'>;
  readonly clock: Clock;
}

/**
 * Ends scans, each in one commit with what is to be told of it: that a configured account that worked cannot be scanned
 * any more, that it can again, or that it denies more than before. Of a session's scan its own people see that.
 */
export class ScanEnds {
  readonly #options: ScanEndsOptions;

  constructor(options: ScanEndsOptions) {
    this.#options = options;
  }

  /** False: somebody else ended it. Rejects with StoreUnavailable; then it is still running. */
  async done(scan: RunningScan, outcome: ScanOutcome, recorded: Recorded): Promise<boolean> {
    const tally = await this.#tally(scan.accountId, recorded);
    return this.#end(scan, { state: 'done', outcome, tally }, (told, { ended, done }) => [
      ...(ended?.state === 'failed' && done !== undefined ? [recoveredDraft(told)] : []),
      ...(done?.outcome === undefined ? [] : coverageDrafts(told, outcome.coverage, done.outcome.coverage)),
    ]);
  }

  /** The same. `detail`: why, in words that anybody may read (`failureWords`). */
  failed(scan: ScanClaim & Pick<RunningScan, 'account'>, detail: string): Promise<boolean> {
    return this.#end(scan, { state: 'failed', detail }, (told, { ended }) =>
      ended?.state === 'done' ? [failedDraft(told, detail)] : [],
    );
  }

  async #end(
    scan: ScanClaim & Pick<RunningScan, 'account'>,
    end: ScanEnd,
    draftsOf: (told: ToldScan, earlier: EarlierScans) => readonly EventDraft[],
  ): Promise<boolean> {
    const { journal, ingest, scans, clock } = this.#options;
    const { id, account } = scan;
    const now = clock.now();
    const drafts =
      account === undefined ? [] : draftsOf({ id, account, at: now }, await scans.before(account, id));
    const guard = { statement: scanStatements.end.name, row: endRow(scan, now, end) };
    const events = drafts.map((draft) => ingest.prepareOf(OWN_SOURCE, draft, () => guard));
    let passed = false;
    try {
      [passed = false] = await journal.submit([
        { guard, writes: events.flatMap(({ group }) => group.writes) },
      ]);
    } finally {
      for (const event of events) event.ended(passed);
    }
    return passed;
  }

  async #tally(account: string, { opened, worse, resolved }: Recorded): Promise<ScanTally> {
    const open: Record<CheckSeverity, number> = { informational: 0, low: 0, medium: 0, high: 0, critical: 0 };
    let muted = 0;
    for (const found of await this.#options.reader.counts({ account, state: 'open' })) {
      if (found.muted) muted += found.count;
      else open[found.severity] += found.count;
    }
    return { open, muted, opened, worse, resolved };
  }
}

/** Told by each action and region once: the next scan is compared with this one, if it is of all regions. */
function coverageDrafts(told: ToldScan, now: Coverage, before: Coverage): readonly EventDraft[] {
  const denied = deniedIn(now);
  const known = new Set(deniedIn(before));
  const lost = denied.filter((one) => !known.has(one));
  if (lost.length > 0) return [coverageLostDraft(told, lost)];
  // A scan of fewer regions says nothing of the others.
  const isAll = before.regions.every((region) => now.regions.includes(region));
  return isAll && known.size > 0 && denied.length === 0 ? [coverageBackDraft(told)] : [];
}

const deniedIn = ({ failures }: Coverage): readonly string[] =>
  failures.flatMap(({ kind, action, region }) => (kind === 'denied' ? [`${action} in ${region}`] : []));
