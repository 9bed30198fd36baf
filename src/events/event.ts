import type { EventId } from '../kernel/ids.ts';
import type { Endpoints, Geo } from './geo.ts';

/** OCSF's severity scale; a rule compares by the number. */
export const severities = ['unknown', 'informational', 'low', 'medium', 'high', 'critical'] as const;
export type Severity = (typeof severities)[number];
export const severityRank = (severity: Severity): number => severities.indexOf(severity);

/** Whom or what the event is about: an application, an employee, an ARN, an address. */
export interface Subject {
  readonly kind: string;
  readonly id: string;
  readonly name?: string;
}

/** What was seen in the event and can be searched for elsewhere. Closed set of kinds; values as they came. */
export const observableKinds = ['ip', 'user', 'url', 'host'] as const;
export type ObservableKind = (typeof observableKinds)[number];
export interface Observable {
  readonly kind: ObservableKind;
  readonly value: string;
}

/** How a matter stands after an event: of senders that tell both the beginning and the end. */
export const matterStates = ['open', 'resolved'] as const;
export type MatterState = (typeof matterStates)[number];

/** The source of events of our own: about a target that fails, say. No configured source has this id. */
export const OWN_SOURCE = 'tocsin';

/** What a source makes of one notification; the journal adds id, times of receipt and the rest. */
export interface EventDraft {
  /** Open set, dotted, lower case: `security_event.authentication.auth_tor_tentative`. */
  readonly type: string;
  readonly severity: Severity;
  readonly title: string;
  /** Unix ms; undefined when the notification names no (valid) time. */
  readonly occurredAt: number | undefined;
  readonly subject: Subject | undefined;
  /** Events of one matter share it (a pulse and its updates): hex, at most 64 characters. */
  readonly fingerprint: string;
  /** What it makes of its matter; undefined from senders that never tell an end. */
  readonly state?: MatterState | undefined;
  readonly labels: Readonly<Record<string, string>>;
  readonly observables: readonly Observable[];
  /** Both sides of what happened; undefined when none is named. A bounded number of each. */
  readonly endpoints?: Endpoints | undefined;
  /** A link to the sender's own page on it: http or https. */
  readonly link: string | undefined;
  /** Set when the event is about our own application: the fields the alert names. */
  readonly internalAlert: Readonly<Record<string, unknown>> | undefined;
  /** Hex of a hash, at least 32 characters: equal for a notification and the sender's retries of it. */
  readonly dedupeKey: string;
  /**
   * Set where news can be equal to what was told before: of a sender whose notifications bear no id of their own. Such
   * a one is a repeat only until its matter was told to stand otherwise.
   */
  readonly recurs?: true | undefined;
  /** The notification's own text, byte for byte. */
  readonly payload: string;
}

/** One normalised security record. Plain data, made once, never changed. */
export interface TocsinEvent extends Omit<EventDraft, 'dedupeKey' | 'recurs' | 'endpoints'> {
  readonly id: EventId;
  /** The id of the source it came through. */
  readonly source: string;
  /** Unix ms. */
  readonly receivedAt: number;
  /** By the country lists of then; undefined when it names no side. */
  readonly geo: Geo | undefined;
  readonly payloadSha256: string;
}
