import { Sealer } from '../../src/kernel/seal.ts';
import { ownPages } from '../../src/messages/store/own-pages.ts';
import { sealContext } from '../../src/registry/object-store.ts';
import type { SqlValue } from '../../src/storage/statement.ts';
import type { Row, TransferSession } from '../../src/storage/transfer/session.ts';
import type { TransferColumn, TransferTable } from '../../src/storage/transfer/table.ts';

/** The key that what `fillTables` seals opens with: objects and messages. */
export const FILLED_KEY = 'a-master-key-for-tests';

/** In the order of their bytes, which is neither that of a language nor that of UTF-16. */
const TEXTS = ['A "quoted" line\nand another', "B; DROP TABLE events; --'", 'a\ttab', 'é', '\uffee', '😀'];

/** Puts rows into every table, whatever tables there are, and commits. */
export async function fillTables(session: TransferSession, tables: readonly TransferTable[]): Promise<void> {
  for (const table of tables) {
    const rows = TEXTS.map((text, number) => rowOf(table, text, number));
    if (table.seeds === 0) await session.insert(table, rows);
  }
  await session.commit();
}

function rowOf(table: TransferTable, text: string, number: number): Row {
  const named = new Map(table.columns.map((column) => [column.name, valueOf(column, text, number)]));
  if (table.name === 'config_objects') {
    const sealer = new Sealer(FILLED_KEY, 'objects');
    const context = sealContext(String(named.get('kind')), String(named.get('id')));
    named.set('sealed', sealer.seal(JSON.stringify({ secret: text }), context));
  }
  if (table.name === 'messages') {
    const sealed = new Sealer(FILLED_KEY, 'messages').seal(text, String(named.get('id')));
    named.delete('content');
    named.set('content', ownPages(sealed, [...named.values()]));
  }
  return [...named.values()];
}

function valueOf({ name, kind, instead }: TransferColumn, text: string, number: number): SqlValue {
  if (instead !== undefined) return instead;
  if (kind === 'text') return `${text} ${name}`;
  return kind === 'real' ? number + 0.5 : number;
}
