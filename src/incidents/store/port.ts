import type {
  AttributedIncident,
  Identity,
  IdentityOrigin,
  Incident,
  IncidentId,
  Priority,
} from '../incident.ts';

/** An incident as the store holds it. */
export interface StoredIncident extends Incident {
  readonly employee: string | undefined;
  /** Undefined without an employee. Of an address it tells how the feed stands to it now. */
  readonly identity: IdentityOrigin | undefined;
  /** Unix ms. */
  readonly firstSeenAt: number;
  /** Unix ms of the last list that held it; undefined while it is listed: then it is the last good list's time. */
  readonly lastSeenAt: number | undefined;
  readonly isListed: boolean;
  /** Unix ms; undefined for one whose employee was known from the first. */
  readonly attributedAt: number | undefined;
  /** The event that told of it; null for what was there before anybody asked. */
  readonly eventId: string | null;
}

/** Which incidents of a list; all that is given must hold. */
export interface IncidentFilter {
  readonly feed?: string;
  readonly type?: string;
  readonly priority?: Priority;
  /** At least this. */
  readonly priorityMin?: Priority;
  readonly employee?: string;
  /** The one looked up or the other side's. */
  readonly address?: string;
  /** Occurs in the record, whatever the case of its ASCII letters. */
  readonly text?: string;
  /** Unix ms of the incident's own time: from `since` on, before `until`. */
  readonly since?: number;
  readonly until?: number;
  readonly listed?: boolean;
  /** Has an employee. */
  readonly attributed?: boolean;
  /** Records with a fault instead of those without. Absent: those without. */
  readonly invalid?: boolean;
}

export interface IncidentPage {
  /** Newest first, by the incident's own time. */
  readonly items: readonly StoredIncident[];
  /** Where to go on; undefined at the end. It can come with few items, or none: only so many are looked at. */
  readonly next: IncidentId | undefined;
}

/** Points by priority, halved for each half-life that an incident is old. */
export interface RiskScale {
  readonly weights: Readonly<Record<Priority, number>>;
  readonly halfLifeMs: number;
}

export interface EmployeeRisk {
  readonly employee: string;
  readonly score: number;
  readonly counts: Readonly<Record<Priority, number>>;
  readonly lastAt: number;
}

export interface EmployeeSummary extends EmployeeRisk {
  readonly firstAt: number;
  readonly byType: Readonly<Record<string, number>>;
  /** Incidents that the feed lists now. */
  readonly listed: number;
  /** The addresses that belong to them as far as is known. */
  readonly addresses: readonly (Identity & { readonly feed: string })[];
}

export interface CountPoint {
  /** Unix ms: where the step begins. */
  readonly at: number;
  readonly counts: Readonly<Record<Priority, number>>;
}

/** What is known of a feed beyond its incidents; one row a feed. */
export interface StoredFeed {
  readonly id: string;
  /** Types whose first whole list is stored: from then on what is new is told. */
  readonly filled: readonly string[];
  /** The last refresh, for processes that do not collect; JSON of `FeedReport`. */
  readonly report: string | undefined;
}

/** What was last told of one aspect of a feed. */
export interface StoredCondition {
  /** `conditionKey`: `elevate/lists`. */
  readonly key: string;
  readonly state: string;
  /** Unix ms. */
  readonly since: number;
}

/** What has changed in one feed. An incident that is listed and one that is gone are in different lists. */
export interface StoredChanges {
  readonly incidents: readonly AttributedIncident[];
  readonly gone: readonly IncidentId[];
  readonly identities: readonly Identity[];
}

/** A page of what any process has written. */
export interface ChangedPage {
  /** To be handed back: what is found past it. */
  readonly position: string;
  /** By the feed's id. */
  readonly feeds: ReadonlyMap<string, StoredChanges>;
  /** There is more to be had at once. */
  readonly more: boolean;
}

/** The types that a feed can list. */
export interface ListedTypes {
  readonly id: string;
  readonly types: readonly string[];
}

/** Reads what is stored of incidents; written through the journal (`statements.ts`). Rejects with StoreUnavailable. */
export interface IncidentReader {
  feeds(): Promise<readonly StoredFeed[]>;
  /** What was last told of feeds; an aspect that never was anything but good is left out. */
  conditions(): Promise<readonly StoredCondition[]>;
  /** What the feed lists, in pages by id. */
  listed(feed: string, after: IncidentId | undefined, limit: number): Promise<readonly AttributedIncident[]>;
  identities(feed: string, after: string | undefined, limit: number): Promise<readonly Identity[]>;
  /** Up to `limit` ids of what is on the feed's list since before `before` (Unix ms), the longest first. */
  listedBefore(feed: string, before: number, limit: number): Promise<readonly IncidentId[]>;
  /** Up to `limit` that are listed, by feeds or types that are not among these: nobody takes them off their list. */
  listedOutside(feeds: readonly ListedTypes[], limit: number): Promise<readonly IncidentId[]>;
  find(filter: IncidentFilter, limit: number, after?: IncidentId): Promise<IncidentPage>;
  getMany(ids: readonly IncidentId[]): Promise<readonly StoredIncident[]>;
  /** Counted up to `limit`, and among the newest only so many. */
  count(filter: IncidentFilter, limit: number): Promise<number>;
  employee(employee: string, scale: RiskScale, now: number): Promise<EmployeeSummary | undefined>;
  riskiest(
    scale: RiskScale,
    now: number,
    limit: number,
    filter: Pick<IncidentFilter, 'feed' | 'type' | 'since' | 'until' | 'listed'>,
  ): Promise<readonly EmployeeRisk[]>;
  /** Steps of `stepMs` from `since` to `until`; those without any are left out. At most 2,000. */
  counts(
    filter: IncidentFilter & { readonly since: number; readonly until: number },
    stepMs: number,
  ): Promise<readonly CountPoint[]>;
  /**
   * What was written since `position`, in pages: nothing is ever missed, some is told twice. Without a position nothing
   * but where to begin. Undefined where one process has the database to itself.
   */
  readonly changedSince?: (position: string | undefined) => Promise<ChangedPage>;
  /** Deletes up to `limit` that are not listed and were last seen before `before`; returns how many. */
  sweep(before: number, limit: number): Promise<number>;
  /** Deletes up to `limit` identities that their feed has not named since `before`; returns how many. */
  sweepIdentities(before: number, limit: number): Promise<number>;
}
