import type { Incident } from '../incident.ts';

export interface ListRefused {
  readonly kind: 'refused';
  readonly reason: 'not_json' | 'shape_changed';
  /** Names what is wrong and quotes nothing. */
  readonly detail: string;
}

/** A list, read; or why nothing in it could be. One bad record never makes a list bad. */
export type ReadList = { readonly kind: 'list'; readonly incidents: readonly Incident[] } | ListRefused;

/** Records of several types, each of which names its own; what is of no known type is `unknown`. */
export type ReadRecords = ReadList;

export type ReadIdentities =
  | {
      readonly kind: 'identities';
      /** Address → employee, decimal digits. */
      readonly identities: ReadonlyMap<string, string>;
      /** Members whose value is no integer: passed over. */
      readonly invalid: number;
    }
  | ListRefused;

export const notJson = (detail = 'the answer is not valid JSON'): ListRefused => ({
  kind: 'refused',
  reason: 'not_json',
  detail,
});

export const shapeChanged = (detail: string): ListRefused => ({
  kind: 'refused',
  reason: 'shape_changed',
  detail,
});
