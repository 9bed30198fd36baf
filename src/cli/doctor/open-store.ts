import { existsSync } from 'node:fs';
import type { StorePlace } from '../store-place.ts';
import { storeFault } from '../store-fault.ts';
import type { TransferSession } from '../../storage/transfer/session.ts';

/** A store to look into; nothing is locked, and nothing written. */
export type OpenedForReading =
  | { readonly kind: 'open'; readonly session: TransferSession }
  /** No store was made yet. */
  | { readonly kind: 'none' }
  | { readonly kind: 'failed'; readonly fault: string };

export async function openForReading(place: StorePlace): Promise<OpenedForReading> {
  try {
    if (place.dialect === 'postgres') {
      const { readPostgres } = await import('../../storage/transfer/postgres-session.ts');
      return { kind: 'open', session: await readPostgres(place.url.reveal()) };
    }
    // To open a file that is not there would make it.
    if (!existsSync(place.path)) return { kind: 'none' };
    const { readSqlite } = await import('../../storage/transfer/sqlite-session.ts');
    return { kind: 'open', session: await readSqlite(place.path) };
  } catch (error) {
    return { kind: 'failed', fault: storeFault(error) };
  }
}
