import { createWriteStream, existsSync } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { transferRules } from '../app/transfer.ts';
import { version } from '../app/version.ts';
import { migrations } from '../storage/migrations/index.ts';
import { StoreUnavailable } from '../storage/store.ts';
import { exportStore, type OnRows } from '../storage/transfer/export-store.ts';
import type { TransferSession } from '../storage/transfer/session.ts';
import { storeSchema } from '../storage/transfer/store-schema.ts';
import { transferTables } from '../storage/transfer/table.ts';
import { readSqlite } from '../storage/transfer/sqlite-session.ts';
import { checkNewFile, writePrivateFile } from './private-file.ts';
import { failed, type Result, succeeded } from './result.ts';
import { storeFault } from './store-fault.ts';
import type { StorePlace } from './store-place.ts';

export interface Exported {
  readonly rows: number;
  readonly schema: number;
}

export interface ExportTask {
  readonly place: StorePlace;
  /** Unix ms. */
  readonly now: number;
  readonly onRows: OnRows;
}

/** Writes an export into a new file, gzip when its name ends in `.gz`. */
export async function exportToFile(
  task: ExportTask,
  to: string,
  options: { readonly force: boolean; readonly dataDirectory: string },
): Promise<Result<Exported>> {
  const isFree = checkNewFile(to, options);
  if (!isFree.ok) return isFree;
  return exporting(task, (texts) =>
    writePrivateFile(to, async (unfinished) => {
      const file = createWriteStream(unfinished, { flags: 'wx', mode: 0o600 });
      const source = Readable.from(texts);
      await (to.endsWith('.gz') ? pipeline(source, createGzip(), file) : pipeline(source, file));
    }),
  );
}

/** Writes an export piece by piece, each when the one before is through. */
export function exportToStream(
  task: ExportTask,
  write: (text: string) => Promise<void>,
): Promise<Result<Exported>> {
  return exporting(task, async (texts) => {
    for await (const text of texts) await write(text);
  });
}

async function exporting(
  { place, now, onRows }: ExportTask,
  consume: (texts: AsyncIterable<string>) => Promise<void>,
): Promise<Result<Exported>> {
  let session: TransferSession | undefined;
  try {
    session = await openSession(place);
    const ran = await storeSchema(session, migrations);
    const schema = ran.at(-1)?.number;
    if (schema === undefined) return failed('the store has no tables yet: start the service once');
    let rows = 0;
    const about = { version, schema, at: new Date(now).toISOString() };
    const texts = exportStore(session, { tables: transferTables(ran, transferRules), about, onRows });
    await consume(counting(texts, (count) => (rows = count)));
    return succeeded({ rows, schema });
  } catch (error) {
    return failed(storeFault(error));
  } finally {
    await session?.close();
  }
}

/** The texts, and at their end what their generator returned. */
async function* counting(
  texts: AsyncGenerator<string, number>,
  onEnd: (rows: number) => void,
): AsyncGenerator<string> {
  onEnd(yield* texts);
}

async function openSession(place: StorePlace): Promise<TransferSession> {
  if (place.dialect === 'sqlite') {
    if (!existsSync(place.path)) throw new StoreUnavailable(`there is no store in ${place.directory}`);
    return readSqlite(place.path);
  }
  const { readPostgres } = await import('../storage/transfer/postgres-session.ts');
  return readPostgres(place.url.reveal());
}
