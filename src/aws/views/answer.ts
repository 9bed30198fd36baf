import type { Answered } from '../thread/protocol.ts';
import type { FailureKind, Listing, ReadFailure } from '../inventory/reading.ts';

type Unanswered = Exclude<Answered, { readonly kind: 'answered' }>;

export type Refusal = Extract<Answered, { readonly kind: 'refused' }>;

/** What a question came to, before it is bytes. */
export type Answer = { readonly kind: 'document'; readonly document: object } | Unanswered;

/** Things that are all there, or why there is no answer. */
export type Found<T> = { readonly kind: 'found'; readonly value: T } | Unanswered;

export const documentOf = (document: object): Answer => ({ kind: 'document', document });
export const found = <T>(value: T): Found<T> => ({ kind: 'found', value });
export const failed = (failure: ReadFailure): Unanswered => ({ kind: 'failed', failure });
export const notThere = (detail: string): Refusal => ({ kind: 'refused', status: 404, detail });
export const badQuestion = (detail: string): Refusal => ({ kind: 'refused', status: 400, detail });

/** Of several failures the one to tell: what the caller can do something about comes first. */
const ranks: Readonly<Record<FailureKind, number>> = {
  refused: 0,
  denied: 1,
  throttled: 2,
  unreachable: 3,
  failed: 4,
  missing: 5,
};

export function worstOf(failures: readonly ReadFailure[]): ReadFailure | undefined {
  return failures.toSorted((a, b) => ranks[a.kind] - ranks[b.kind])[0];
}

/** All of a list, or its failure. `absent`: what to say where AWS says that what it is of does not exist. */
export function wholeOf<T>({ items, failures }: Listing<T>, absent?: string): Found<readonly T[]> {
  const failure = worstOf(failures);
  if (failure === undefined) return found(items);
  return failure.kind === 'missing' && absent !== undefined ? notThere(absent) : failed(failure);
}
