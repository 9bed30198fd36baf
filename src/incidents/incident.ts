import type { Id } from '../kernel/ids.ts';

/** A record of a feed. Derived from what it says, so that the same record has the same id wherever it is read. */
export type IncidentId = Id<'inc'>;

/** As feeds name them, the mildest first. Closed: a record with any other is invalid. */
export const priorities = ['low', 'medium', 'high', 'critical'] as const;
export type Priority = (typeof priorities)[number];

/**
 * How an incident's employee is known: its record names them (`stated`), or its address belongs to them as the feed
 * says now (`current`), or as the feed said before it forgot the address (`remembered`).
 */
export const identityOrigins = ['stated', 'current', 'remembered'] as const;
export type IdentityOrigin = (typeof identityOrigins)[number];

/** Why a record is kept and listed, but filed under nobody. Closed: also an API value. */
export const recordFaults = [
  'not_an_object',
  'type_unknown',
  'priority_unknown',
  'timestamp_invalid',
  'too_long',
] as const;
export type RecordFault = (typeof recordFaults)[number];

/** One record of a feed, read. Plain data, made once; what is known of its employee stands beside it. */
export interface Incident {
  readonly id: IncidentId;
  /** The feed's id in the config. */
  readonly feed: string;
  readonly type: string;
  /** Undefined only in a record with a fault. */
  readonly priority: Priority | undefined;
  /** Unix seconds with a fraction, the nearest double; 0 in a record without a valid one. */
  readonly timestamp: number;
  /** The employee that the record itself names: decimal digits. */
  readonly stated: string | undefined;
  /** What an employee is looked up by where the record names none. */
  readonly address: string | undefined;
  /** The other side, where the record names one: an attacker's address, never looked up. */
  readonly sourceAddress: string | undefined;
  readonly fault: RecordFault | undefined;
  /** The record's own text without blanks, numbers as they came; cut where it is `too_long`. Not the type. */
  readonly record: string;
}

/** An incident and whom it was attributed to. */
export interface AttributedIncident extends Incident {
  /** Decimal digits; undefined while nobody is known. Once set it stays, whatever the mapping says later. */
  readonly employee: string | undefined;
}

/** What an address belongs to, and since when the feed has not named it any more. */
export interface Identity {
  readonly address: string;
  /** Decimal digits. */
  readonly employee: string;
  /** Unix ms; undefined while the feed names it. */
  readonly forgottenAt: number | undefined;
}
