import { errorText } from '../../kernel/log.ts';
import { StoreRefused, StoreUnavailable } from '../store.ts';

/**
 * SQLSTATE classes in which the write itself is at fault: cardinality, data exception, integrity, syntax or
 * access rule, a limit of the program (a text too long for its index).
 */
const REFUSED_CLASSES = new Set(['21', '22', '23', '42', '54']);
/** Two transactions got in each other's way; the same work done again succeeds. */
const REPEATABLE = new Set(['40001', '40P01']);

const sqlState = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';

export const isRepeatable = (error: unknown): boolean => REPEATABLE.has(sqlState(error));

/** Everything that is not the write's own fault counts as "not now": the server is away, full, read-only. */
export function storeError(error: unknown): Error {
  if (error instanceof StoreRefused || error instanceof StoreUnavailable) return error;
  return REFUSED_CLASSES.has(sqlState(error).slice(0, 2))
    ? new StoreRefused(errorText(error), { cause: error })
    : new StoreUnavailable(errorText(error), { cause: error });
}
