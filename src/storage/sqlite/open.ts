import { join } from 'node:path';
import type { CompiledQuery } from 'kysely';
import { systemClock } from '../../kernel/clock.ts';
import { type Logger, silentLogger } from '../../kernel/log.ts';
import { kyselyOver } from '../kysely-dialect.ts';
import type { SqlValue, Statement } from '../statement.ts';
import { type Store, StoreUnavailable } from '../store.ts';
import { Checkpoints } from './checkpoints.ts';
import { Connection } from './connection.ts';
import { DATABASE_FILE, lockDirectory, prepareDirectory } from './directory.ts';
import { pack } from './packed-batch.ts';
import type { ThreadOptions, Work } from './protocol.ts';
import { Scrubbing } from './scrubbing.ts';

export { DATABASE_FILE };

/** SQLite in a directory: a thread that writes, one that reads, one that folds the log back. */
export async function openSqlite(
  directory: string,
  statements: readonly Statement[],
  log: Logger = silentLogger,
): Promise<Store> {
  prepareDirectory(directory);
  const unlock = lockDirectory(directory);
  const connections: Connection[] = [];
  const close = (): Promise<void> => closeAll(connections).finally(unlock);
  const connect = async (
    role: ThreadOptions['role'],
    own: readonly Statement[] = [],
  ): Promise<Connection> => {
    const path = join(directory, DATABASE_FILE);
    const connection = await Connection.open({ path, role, statements: own });
    connections.push(connection);
    return connection;
  };
  try {
    const [writer, reader, helper] = [
      await connect('writer', statements),
      await connect('reader'),
      await connect('checkpointer'),
    ];
    const checkpoints = new Checkpoints(writer, helper, log);
    const scrubbing = new Scrubbing(() => checkpoints.truncate(), systemClock, log);
    return storeOver({ writer, reader, checkpoints, scrubbing, statements, close });
  } catch (error) {
    await close();
    throw error;
  }
}

/** The writer last: the last connection to a log folds all of it back, and removes it. */
async function closeAll(connections: readonly Connection[]): Promise<void> {
  for (const connection of connections.toReversed()) await connection.close();
}

function storeOver(options: {
  readonly writer: Connection;
  readonly reader: Connection;
  readonly checkpoints: Checkpoints;
  readonly scrubbing: Scrubbing;
  readonly statements: readonly Statement[];
  readonly close: () => Promise<void>;
}): Store {
  const { writer, reader, checkpoints, scrubbing, statements } = options;
  let closing: Promise<void> | undefined;
  const ask = async <W extends Work>(connection: Connection, work: W) => {
    if (closing !== undefined) throw new StoreUnavailable('the store is closed');
    return connection.call(work);
  };
  const indexOf = new Map(statements.map(({ name }, index) => [name, index]));
  const run = (connection: Connection) => (query: CompiledQuery) =>
    ask(connection, { kind: 'query', sql: query.sql, values: sqlValues(query) });
  return {
    dialect: 'sqlite',
    commitsMax: 2,
    // Async, so that a batch that cannot be packed rejects like one that cannot be written.
    async commit(batch) {
      const packed = pack(batch, indexOf);
      const passed = await ask(writer, { kind: 'commit', batch: packed });
      checkpoints.committed(packed.text.length);
      return passed;
    },
    read: kyselyOver('sqlite', run(reader)),
    write: kyselyOver('sqlite', run(writer)),
    transact: (queries) =>
      ask(writer, {
        kind: 'transact',
        queries: queries.map((query) => ({ sql: query.sql, values: sqlValues(query) })),
      }),
    probe: () => ask(writer, { kind: 'probe' }),
    scrub: () => scrubbing.ask(),
    close() {
      scrubbing.stop();
      return (closing ??= options.close());
    },
  };
}

/** SQLite binds text, numbers and null; truth goes in as 0 or 1. */
function sqlValues(query: CompiledQuery): SqlValue[] {
  return query.parameters.map((value) => {
    if (value === null || typeof value === 'string' || typeof value === 'number') return value;
    if (typeof value === 'boolean') return value ? 1 : 0;
    throw new TypeError(`a ${typeof value} cannot be a query's parameter`);
  });
}
