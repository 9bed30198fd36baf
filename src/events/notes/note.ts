import type { EventId, Id } from '../../kernel/ids.ts';

export type NoteId = Id<'not'>;

/** Who did it: the name is kept as it was, because a token can go. */
export interface Author {
  readonly id: string;
  readonly name: string;
}

/** An operator has seen the event and taken it on, or knows that there is nothing to do. */
export interface Acknowledgement {
  readonly eventId: EventId;
  /** Unix ms. */
  readonly at: number;
  readonly by: Author;
  readonly reason: string | undefined;
}

/** What an operator wrote down about an event. Never changed. */
export interface Note {
  readonly id: NoteId;
  readonly eventId: EventId;
  /** Unix ms. */
  readonly at: number;
  readonly by: Author;
  /** Several lines, perhaps. */
  readonly text: string;
}

export const REASON_LENGTH_MAX = 500;
export const NOTE_LENGTH_MAX = 4_000;
/** Of one event. */
export const NOTES_MAX = 200;

/** As in titles, but for the line break and the tab. */
const HARMFUL = /(?:[\p{Zl}\p{Zp}\p{Cs}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]|(?![\n\t])\p{Cc})+/gu;

/** What was typed as harmless lines, without blanks at the ends; empty when nothing is left. */
export const noteText = (typed: string): string =>
  typed.replaceAll(/\r\n?/g, '\n').replaceAll(HARMFUL, ' ').trim();
