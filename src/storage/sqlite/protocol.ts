import type { QueryResult } from '../store.ts';
import type { Passed, SqlValue, Statement } from '../statement.ts';
import type { PackedBatch } from './packed-batch.ts';

/** What the main thread asks of a thread that holds a connection. */
export type Work =
  | { readonly kind: 'commit'; readonly batch: PackedBatch }
  | { readonly kind: 'query'; readonly sql: string; readonly values: readonly SqlValue[] }
  | {
      readonly kind: 'transact';
      readonly queries: readonly { readonly sql: string; readonly values: readonly SqlValue[] }[];
    }
  | { readonly kind: 'checkpoint' }
  | { readonly kind: 'truncate' }
  | { readonly kind: 'probe' }
  | { readonly kind: 'close' };
export type Call = { readonly id: number; readonly work: Work };

export interface WorkResults {
  readonly commit: readonly Passed[];
  readonly query: QueryResult;
  readonly transact: readonly QueryResult[];
  /** Pages in the write-ahead log. */
  readonly checkpoint: { readonly pages: number };
  /** False when a reader, or another who folds the log back, was in the way: the log is as long as before. */
  readonly truncate: { readonly done: boolean };
  readonly probe: undefined;
  readonly close: undefined;
}

export interface ThreadFailure {
  /** `unavailable`: try later. `refused`: this write can never be taken. */
  readonly kind: 'unavailable' | 'refused';
  readonly detail: string;
}
export type Answer =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly failure: ThreadFailure };
/** The first thing that a thread says. */
export type Opened = { readonly opened: true } | { readonly opened: false; readonly detail: string };

export interface ThreadOptions {
  readonly path: string;
  readonly role: 'writer' | 'reader' | 'checkpointer';
  readonly statements: readonly Statement[];
}
