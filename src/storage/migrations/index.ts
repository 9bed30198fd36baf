import type { Migration } from '../migrate.ts';
import { foundation } from './0001-foundation.ts';

/** In order. A released migration never changes: its checksum is in every database that ran it. */
export const migrations: readonly Migration[] = [foundation];
