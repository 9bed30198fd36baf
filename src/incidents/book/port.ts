import type { Incident, AttributedIncident, Identity, IncidentId, RecordFault } from '../incident.ts';

/** What a list came to. */
export interface ListCounts {
  /** With those that are unresolved, without the invalid. */
  readonly count: number;
  readonly unresolved: number;
  readonly invalid: number;
}

/** What has changed since it was last stored, a page of it. Each is found in only one of the lists. */
export interface ChangePage {
  /** Listed and not known to be stored. */
  readonly seen: readonly SeenIncident[];
  /** No longer listed. */
  readonly gone: readonly IncidentId[];
  /** Stored without an employee, who is known now. */
  readonly attributed: readonly { readonly id: IncidentId; readonly employee: string }[];
  /** New, moved to another employee, forgotten, or named again. Of the feed's own. */
  readonly identities: readonly Identity[];
  /** To be handed back to `stored`. */
  readonly mark: number;
  /** There is a further page. */
  readonly more: boolean;
}

export interface SeenIncident extends AttributedIncident {
  /** Whether the employee's address is one that the feed has forgotten. */
  readonly isRemembered: boolean;
}

/** Of all feeds together. */
export interface BookDocument {
  /** The contracted JSON, UTF-8, in pieces. */
  readonly pieces: readonly Uint8Array[];
  /** Incidents listed without an employee. */
  readonly unresolved: number;
  readonly incidents: number;
}

export interface InvalidRecord {
  readonly type: string;
  readonly fault: RecordFault;
}

/**
 * All that feeds list now and whom it is about, and what of that is not stored yet: the state of one process, in a
 * worker thread. It does no input and output, and knows no time but what it is told.
 */
export interface Book {
  /** From the store: what was listed, before anything is taken. */
  load(feed: string, incidents: readonly AttributedIncident[], identities: readonly Identity[]): void;
  /** What another process has stored: like `load`, in place of what is known. `gone` are no longer listed. */
  adopt(
    feed: string,
    incidents: readonly AttributedIncident[],
    gone: readonly IncidentId[],
    identities: readonly Identity[],
  ): void;
  /** The whole of what the feed lists of one type now. */
  takeList(feed: string, type: string, incidents: readonly Incident[]): ListCounts;
  /** The whole of what the feed says of addresses now; returns how many of those known before are missing. */
  takeIdentities(
    feed: string,
    identities: ReadonlyMap<string, string>,
    now: number,
  ): { readonly count: number; readonly forgotten: number };
  /** Adds to what the feed lists; what is listed already is a repeat. */
  push(
    feed: string,
    incidents: readonly Incident[],
  ): { readonly taken: number; readonly repeats: number; readonly invalid: number };
  /** Takes off the list what came before its time. */
  drop(feed: string, incidents: readonly IncidentId[]): void;
  counts(feed: string, type: string): ListCounts;
  changes(feed: string, limit: number): ChangePage;
  /** What that page held is stored. */
  stored(feed: string, mark: number): void;
  /** Whether the document is another than the one last made. */
  readonly isChanged: boolean;
  document(): BookDocument;
}
