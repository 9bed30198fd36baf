import { OWN_SOURCE } from '../../events/event.ts';
import type { Ingest, OwnEvent } from '../../events/ingest.ts';
import type { Group, Write } from '../../storage/statement.ts';
import type { Check } from '../checks/check.ts';
import { findingDraft, type ToldFinding } from '../telling/finding-draft.ts';
import type { FindingChange, FindingId } from './finding.ts';
import { isMuted, type RunningScan, type StoredFinding } from './port.ts';
import { alterRow, openRow, resolveRow, serviceOf, touchRow, worsenRow } from './row.ts';
import { findingStatements } from './statements.ts';

const { open, worsen, alter, touch, resolve } = findingStatements;

export interface ChangePageOptions {
  readonly scan: RunningScan;
  /** What the store holds of what is news. */
  readonly stored: ReadonlyMap<FindingId, StoredFinding>;
  /** Whether people are told of the check at this place one by one. */
  readonly isTold: (checkId: string, place: string) => boolean;
  readonly checks: ReadonlyMap<string, Check>;
  readonly ingest: Pick<Ingest, 'prepareOf'>;
  /** Unix ms. */
  readonly now: number;
}

/** One change on its way into a commit. */
export interface Prepared {
  readonly kind: FindingChange['kind'];
  readonly group: Group;
  /** To be told how it ended. */
  readonly event: OwnEvent | undefined;
}

type Opened = Extract<FindingChange, { readonly kind: 'opened' }>;
type Worse = Extract<FindingChange, { readonly kind: 'worse' }>;
type Resolved = Extract<FindingChange, { readonly kind: 'resolved' }>;

/** Makes writes of changes: those that are news with their events, unless nobody is to be told. */
export class ChangePage {
  readonly #options: ChangePageOptions;

  constructor(options: ChangePageOptions) {
    this.#options = options;
  }

  /** Undefined for what writes nothing. */
  prepare(change: FindingChange): Prepared | undefined {
    const { scan, now } = this.#options;
    switch (change.kind) {
      case 'opened':
        return this.#opened(change);
      case 'worse':
        return this.#worse(change);
      case 'resolved':
        return this.#resolved(change);
      case 'altered':
        return quiet('altered', { statement: alter.name, row: alterRow(change, now, scan) });
      case 'seen':
        return quiet('seen', { statement: touch.name, row: touchRow(change.id, now, scan) });
      case 'ran':
        return undefined;
    }
  }

  #opened(change: Opened): Prepared {
    const { scan, now, stored, checks } = this.#options;
    const { finding } = change;
    const check = checks.get(finding.checkId);
    const service = check?.service ?? serviceOf(finding.checkId.split('.')[0] ?? '');
    const guard = (eventId: string | null): Write => ({
      statement: open.name,
      row: openRow(change, { service, at: now, eventId, claim: scan }),
    });
    const known = stored.get(finding.id);
    return this.#told('opened', { finding, firstSeenAt: known?.firstSeenAt ?? now }, guard);
  }

  #worse(change: Worse): Prepared {
    const { scan, now, stored } = this.#options;
    const { finding, from } = change;
    const guard = (eventId: string | null): Write => ({
      statement: worsen.name,
      row: worsenRow(change, { at: now, eventId, claim: scan }),
    });
    const firstSeenAt = stored.get(finding.id)?.firstSeenAt ?? now;
    return this.#told('worse', { finding, firstSeenAt, from }, guard);
  }

  #resolved(change: Resolved): Prepared | undefined {
    const { scan, now, stored } = this.#options;
    const finding = stored.get(change.id);
    // It was swept since it was read as open: nothing is left to resolve.
    if (finding === undefined) return undefined;
    const guard = (eventId: string | null): Write => ({
      statement: resolve.name,
      row: resolveRow(change, { at: now, eventId, claim: scan }),
    });
    const { because, reason } = change;
    return this.#told('resolved', { finding, firstSeenAt: finding.firstSeenAt, because, reason }, guard);
  }

  #told(
    kind: ToldFinding['kind'],
    facts: Omit<ToldFinding, 'kind' | 'check' | 'scanId' | 'account' | 'at'>,
    guard: (eventId: string | null) => Write,
  ): Prepared {
    const { scan, now, stored, checks, ingest, isTold } = this.#options;
    const { id, checkId, place } = facts.finding;
    const isSilent = isMuted(stored.get(id)?.mute, now) || !isTold(checkId, place);
    if (isSilent) return { kind, group: { guard: guard(null), writes: [] }, event: undefined };
    const draft = findingDraft({
      ...facts,
      kind,
      check: checks.get(checkId),
      scanId: scan.id,
      account: scan.account,
      at: now,
    });
    const event = ingest.prepareOf(OWN_SOURCE, draft, (own) => guard(own.id));
    return { kind, group: event.group, event };
  }
}

const quiet = (kind: Prepared['kind'], write: Write): Prepared => ({
  kind,
  group: { writes: [write] },
  event: undefined,
});
