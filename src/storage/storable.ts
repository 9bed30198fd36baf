import type { SqlValue } from './statement.ts';

/**
 * A value as both stores keep it. No text of theirs holds NUL: PostgreSQL refuses the write, SQLite's binding
 * silently cuts the text short there. So NUL becomes U+FFFD, as a lone surrogate does on its way to UTF-8.
 */
export const storable = (value: SqlValue): SqlValue =>
  typeof value === 'string' && value.includes('\0') ? value.replaceAll('\0', '\uFFFD') : value;
