import type { Migration } from '../migrate.ts';
import type { OnRows } from './export-store.ts';
import type { Adapt } from './import-rows.ts';
import type { TransferRules } from './table.ts';

/** How an export comes into a store, whichever it is. */
export interface ImportOptions {
  readonly migrations: readonly Migration[];
  readonly rules: TransferRules;
  readonly adapt: Adapt;
  readonly onRows: OnRows;
}
