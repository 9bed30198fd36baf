import { OWN_SOURCE } from '../../events/event.ts';
import type { Ingest, OwnEvent } from '../../events/ingest.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Logger } from '../../kernel/log.ts';
import type { Journal } from '../../storage/journal.ts';
import type { Group, Write } from '../../storage/statement.ts';
import { submitAllOrEach } from '../../storage/submit-all-or-each.ts';
import type { Check } from '../checks/check.ts';
import { ChangePage, type Prepared } from './change-page.ts';
import type { FindingChange, FindingId } from './finding.ts';
import { FirstLooks } from './first-looks.ts';
import type { FindingReader, Recorded, RunningScan, ScanClaim, ScanStore } from './port.ts';
import { scanStatements } from './scan-statements.ts';

export interface FindingWriterOptions {
  readonly journal: Pick<Journal, 'submit'>;
  readonly ingest: Pick<Ingest, 'prepareOf'>;
  readonly reader: Pick<FindingReader, 'getMany' | 'filled' | 'standing'>;
  readonly scans: Pick<ScanStore, 'latestDone'>;
  readonly checks: readonly Check[];
  readonly clock: Clock;
  readonly log: Logger;
}

/** Of a page whose changes become events: preparing one takes tens of microseconds on the main thread. */
const TOLD_PAGE = 20;
const QUIET_PAGE = 200;

/**
 * Brings into the store how a scan differs from it: what opens, gets worse or is resolved each behind a guard of its own,
 * in one commit with its event and that one's deliveries. So it is told once, whoever finds it again: after a crash, or
 * in another process. Every write passes only while the scan is still this runner's.
 */
export class FindingWriter {
  readonly #options: FindingWriterOptions;
  readonly #checks: ReadonlyMap<string, Check>;

  constructor(options: FindingWriterOptions) {
    this.#options = options;
    this.#checks = new Map(options.checks.map((check) => [check.id, check]));
  }

  /**
   * Writes all pages, as they come. `progressed` is called after each commit. Undefined: the scan was cancelled or
   * abandoned, and what was not written yet stays out. Rejects with StoreUnavailable, or with what the pages reject
   * with; what is not stored then is found again by the next scan.
   */
  async write(
    scan: RunningScan,
    pages: AsyncIterable<readonly FindingChange[]> | Iterable<readonly FindingChange[]>,
    progressed: (recorded: Recorded) => void = () => {},
  ): Promise<Recorded | undefined> {
    const { reader } = this.#options;
    const looks = new FirstLooks(scan, await reader.filled(scan.accountId));
    let recorded: Recorded = { opened: 0, worse: 0, resolved: 0, told: 0 };
    for await (const page of pages) {
      for (const part of partsOf(page, looks)) {
        const written = await this.#writePart(scan, part, looks);
        if (written === undefined) return undefined;
        recorded = sumOf(recorded, written);
        progressed(recorded);
      }
    }
    return (await this.#fill(scan, looks)) ? recorded : undefined;
  }

  async #writePart(
    scan: RunningScan,
    changes: readonly FindingChange[],
    looks: FirstLooks,
  ): Promise<Recorded | undefined> {
    const { reader, clock, ingest } = this.#options;
    const stored = await reader.getMany(changes.filter(isNews).map(idOf));
    const page = new ChangePage({
      scan,
      stored: new Map(stored.map((finding) => [finding.id, finding])),
      isTold: (checkId, place) => looks.isTold(checkId, place),
      checks: this.#checks,
      ingest,
      now: clock.now(),
    });
    const prepared = changes.flatMap((change) => {
      if (change.kind === 'ran') looks.ran(change);
      return page.prepare(change) ?? [];
    });
    return this.#commit(scan, prepared);
  }

  async #commit(scan: RunningScan, prepared: readonly Prepared[]): Promise<Recorded | undefined> {
    let passed: readonly boolean[] = [];
    try {
      passed = await this.#submit([this.#hold(scan), ...prepared.map(({ group }) => group)]);
    } finally {
      for (const [index, { event }] of prepared.entries()) event?.ended(passed[index + 1] === true);
    }
    if (passed[0] !== true) return undefined;
    const done = prepared.filter((_, index) => passed[index + 1] === true);
    const count = (kind: Prepared['kind']): number => done.filter((one) => one.kind === kind).length;
    return {
      opened: count('opened'),
      worse: count('worse'),
      resolved: count('resolved'),
      told: done.filter(({ event }) => event !== undefined).length,
    };
  }

  #submit(groups: readonly Group[]): Promise<readonly boolean[]> {
    const { journal, log } = this.#options;
    return submitAllOrEach(journal, groups, ({ message }) => {
      log.error({ reason: message }, 'the store refuses a finding');
    });
  }

  /** That places have been looked at, in one commit with the event that tells of what was there. */
  async #fill(scan: RunningScan, looks: FirstLooks): Promise<boolean> {
    const { reader, scans, clock, ingest } = this.#options;
    const isFirst = looks.hasNew && (await scans.latestDone(scan.accountId)).length === 0;
    const first = looks.fill(isFirst, clock.now());
    if (first === undefined) return true;
    const draft = looks.draft(await reader.standing(scan.accountId), clock.now());
    const [guard, ...also] = first;
    const event = draft && ingest.prepareOf(OWN_SOURCE, draft, () => guard, { also });
    return this.#tell(scan, event ?? { group: { guard, writes: also }, ended: () => {} });
  }

  async #tell(scan: RunningScan, { group, ended }: OwnEvent): Promise<boolean> {
    const { journal } = this.#options;
    let isHeld = false;
    let passed = false;
    try {
      [isHeld = false, passed = false] = await journal.submit([this.#hold(scan), group]);
    } finally {
      ended(passed);
    }
    return isHeld;
  }

  /** Comes first: PostgreSQL keeps others from ending the scan while what is behind it is written. */
  #hold({ id, runner }: ScanClaim): Group {
    const guard: Write = {
      statement: scanStatements.hold.name,
      row: [id, runner, this.#options.clock.now()],
    };
    return { guard, writes: [] };
  }
}

type News = Extract<FindingChange, { readonly kind: 'opened' | 'worse' | 'resolved' }>;

const isNews = (change: FindingChange): change is News =>
  change.kind === 'opened' || change.kind === 'worse' || change.kind === 'resolved';

const idOf = (change: News): FindingId => (change.kind === 'resolved' ? change.id : change.finding.id);

/** A page in parts that are short enough for one commit. */
function* partsOf(page: readonly FindingChange[], looks: FirstLooks): Generator<readonly FindingChange[]> {
  let part: FindingChange[] = [];
  let told = 0;
  for (const change of page) {
    part.push(change);
    if (isNews(change) && mayBeTold(change, looks)) told += 1;
    if (told < TOLD_PAGE && part.length < QUIET_PAGE) continue;
    yield part;
    part = [];
    told = 0;
  }
  if (part.length > 0) yield part;
}

const mayBeTold = (change: News, looks: FirstLooks): boolean =>
  change.kind === 'resolved' || looks.isTold(change.finding.checkId, change.finding.place);

const sumOf = (one: Recorded, other: Recorded): Recorded => ({
  opened: one.opened + other.opened,
  worse: one.worse + other.worse,
  resolved: one.resolved + other.resolved,
  told: one.told + other.told,
});
