import type { Incident } from '../incident.ts';

/** One type of one feed: where its incidents stand among equals in time, and how many they are. */
export interface TypeList {
  readonly type: string;
  /** The feed's book that it is of: whoever finds out whom an incident is about says so there. */
  readonly book: { attribute(entry: Entry, employee: string): void };
  /** By feed, then by type, as the config has them. */
  readonly rank: number;
  /** Listed now, in the feed's order. */
  entries: Entry[];
  unresolved: number;
  invalid: number;
  /** How often it was taken: tells what the last one did not hold. */
  taken: number;
}

/** An incident that is listed now. */
export interface Entry {
  readonly list: TypeList;
  incident: Incident;
  /** Among those of its list. */
  position: number;
  /** Decimal digits. Set once, but for what the store knows better. */
  employee: string | undefined;
  /** The last taking of its list that held it. */
  taken: number;
  /** In a page for the store that may have been written, though nobody has said so. */
  isOffered: boolean;
  /** Known to be in the store. */
  isStored: boolean;
  /** Whom the store has it attributed to. */
  storedEmployee: string | undefined;
}

/** It could be filed and is not. */
export const isUnresolved = ({ incident, employee }: Entry): boolean =>
  incident.fault === undefined && employee === undefined;

/** By the incident's own time; then as the config has the types; then as the feed has the records. */
export const byTime = (a: Entry, b: Entry): number =>
  a.incident.timestamp - b.incident.timestamp || a.list.rank - b.list.rank || a.position - b.position;
