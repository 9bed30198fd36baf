import { setImmediate as breathe } from 'node:timers/promises';
import type { Check, CheckRun, CheckStatus } from '../checks/check.ts';
import { allChecks } from '../checks/index.ts';
import { collectAccount } from '../collect/collect-account.ts';
import { openReader } from '../collect/open-reader.ts';
import { diffRuns } from '../findings/diff.ts';
import type { FindingChange, FindingId, OpenFinding } from '../findings/finding.ts';
import type { CheckCounts, ScanPhase } from '../findings/scan.ts';
import type { AccountInventory, Coverage } from '../inventory/account.ts';
import type { ReadName } from '../inventory/reads.ts';
import type { AwsThreadOptions, ScanNotice, ScanPlan, Scanned } from '../thread/protocol.ts';
import { figureReads } from '../views/figure-reads.ts';
import { figuresOf } from '../views/figures.ts';

/** The thread's part of one scan: reads the account, judges it, and compares that with what was known. */
export class ScanDesk {
  readonly #options: AwsThreadOptions;
  readonly #notify: (notice: ScanNotice) => void;
  readonly #cancelled = new AbortController();
  readonly #open = new Map<FindingId, OpenFinding>();
  #judged: { readonly accountId: string; readonly runs: readonly CheckRun[] } | undefined;
  #changes: Iterator<FindingChange> | undefined;

  constructor(options: AwsThreadOptions, notify: (notice: ScanNotice) => void) {
    this.#options = options;
    this.#notify = notify;
  }

  async scan(plan: ScanPlan): Promise<Scanned> {
    const { signal } = this.#cancelled;
    const checks = allChecks.filter(({ id }) => !plan.excluded.includes(id));
    const reader = openReader(plan.principal, { ...this.#options, signal });
    try {
      this.#tell('reading', { steps: 0, done: 0 }, 0);
      const collected = await collectAccount(reader, {
        ...(plan.regions === undefined ? {} : { regions: plan.regions }),
        needed: neededReads(checks),
        now: plan.now,
        signal,
        onProgress: (steps) => this.#tell('reading', steps, reader.tally.calls),
      });
      if (signal.aborted) return { kind: 'cancelled' };
      if (collected.kind === 'failed') return collected;
      const { account, coverage } = collected;
      return await this.#judge(plan, checks, account, coverage);
    } finally {
      reader.close();
    }
  }

  known(findings: readonly OpenFinding[]): void {
    for (const finding of findings) this.#open.set(finding.id, finding);
  }

  /** Begun with the first page: all that is known must be told before. */
  changes(limit: number): readonly FindingChange[] {
    if (this.#judged === undefined) throw new TypeError('changes of a scan that has judged nothing');
    const { accountId, runs } = this.#judged;
    this.#changes ??= diffRuns(runs, accountId, this.#open)[Symbol.iterator]();
    const page: FindingChange[] = [];
    while (page.length < limit) {
      const next = this.#changes.next();
      if (next.done === true) break;
      page.push(next.value);
    }
    return page;
  }

  cancel(): void {
    this.#cancelled.abort();
  }

  async #judge(
    plan: ScanPlan,
    checks: readonly Check[],
    account: AccountInventory,
    coverage: Coverage,
  ): Promise<Scanned> {
    const context = { account, parameters: plan.parameters, now: plan.now };
    const runs: CheckRun[] = [];
    const counts: Record<string, CheckCounts> = {};
    for (const [index, check] of checks.entries()) {
      // A word that the scan is cancelled must get in between.
      await breathe();
      if (this.#cancelled.signal.aborted) return { kind: 'cancelled' };
      const ran = check.run(context);
      runs.push(...ran);
      counts[check.id] = countsOf(ran);
      this.#tell('judging', { steps: checks.length, done: index + 1 }, coverage.calls);
    }
    this.#judged = { accountId: account.identity.accountId, runs };
    const outcome = { coverage, figures: figuresOf(account, plan.now), checks: counts };
    return { kind: 'scanned', identity: account.identity, outcome };
  }

  #tell(phase: ScanPhase, { steps, done }: { steps: number; done: number }, calls: number): void {
    this.#notify({ phase, steps, done, calls });
  }
}

/** What the checks look at, and the figures. */
function neededReads(checks: readonly Check[]): ReadonlySet<ReadName> {
  return new Set([...checks.flatMap((check) => check.reads), ...figureReads]);
}

function countsOf(runs: readonly CheckRun[]): CheckCounts {
  const counts: Record<CheckStatus, number> = { PASS: 0, FAIL: 0, UNKNOWN: 0, NOT_APPLICABLE: 0 };
  for (const { results } of runs) for (const { status } of results) counts[status] += 1;
  return counts;
}
