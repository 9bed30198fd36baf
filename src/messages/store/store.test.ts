import { randomUUID } from 'node:crypto';
import { CompiledQuery } from 'kysely';
import { outageOf } from '../../../tests/contracts/outage.ts';
import { ManualClock } from '../../../tests/support/manual-clock.ts';
import { describeWith, redisUrl } from '../../../tests/support/needs.ts';
import { createDatabase } from '../../../tests/support/postgres.ts';
import { openTestStore } from '../../../tests/support/test-store.ts';
import { statements } from '../../app/services.ts';
import { silentLogger } from '../../kernel/log.ts';
import { Sealer } from '../../kernel/seal.ts';
import { Journal } from '../../storage/journal.ts';
import { migrate } from '../../storage/migrate.ts';
import { migrations } from '../../storage/migrations/index.ts';
import { openPostgres } from '../../storage/postgres/open.ts';
import { connectRedis } from '../../storage/redis/connection.ts';
import { type Store, StoreUnavailable } from '../../storage/store.ts';
import { messagesContract } from './contract.ts';
import { openMessageStore } from './open.ts';
import type { MessageStore } from './port.ts';
import type { Place } from './test-place.ts';
import { TestReceipts } from './test-receipts.ts';

const KEY = 'a-master-key-for-tests';
const common = () => ({ clock: new ManualClock(), receipts: new TestReceipts(), log: silentLogger });
const sealer = (masterKey = KEY) => new Sealer(masterKey, 'messages');

/** By turns on each of the stores, as processes would. */
function overSql(stores: readonly Store[]): Pick<Place, 'clock' | 'receipts' | 'open' | 'empty'> {
  const parts = common();
  let opened = 0;
  return {
    ...parts,
    open(caps, masterKey) {
      const store = stores[opened++ % stores.length];
      if (store === undefined) throw new TypeError('there is a store');
      const journal = new Journal(store, silentLogger);
      return openMessageStore({
        ...parts,
        kind: 'database',
        store,
        journal,
        sealer: sealer(masterKey),
        caps,
        redis: undefined,
      });
    },
    async empty() {
      await stores[0]?.transact([CompiledQuery.raw('DELETE FROM messages')]);
    },
  };
}

messagesContract('memory', async () => {
  const parts = common();
  let opened: MessageStore | undefined;
  const store = await openTestStore();
  const journal = new Journal(store, silentLogger);
  return {
    ...parts,
    open(caps) {
      const same = {
        ...parts,
        kind: 'memory' as const,
        store,
        journal,
        sealer: sealer(),
        caps,
        redis: undefined,
      };
      return (opened ??= openMessageStore(same));
    },
    async empty() {
      opened = undefined;
    },
    outage: undefined,
    dispose: () => store.close(),
  };
});

messagesContract('SQLite', async () => {
  const store = await openTestStore();
  let isAway = false;
  const failing: Store = {
    ...store,
    commit: async (batch) => {
      if (isAway) throw new StoreUnavailable('database or disk is full');
      return store.commit(batch);
    },
  };
  return {
    ...overSql([failing]),
    outage: {
      begin: async () => void (isAway = true),
      end: async () => void (isAway = false),
    },
    dispose: () => store.close(),
  };
});

await describeWith('postgres', 'with a server', () =>
  messagesContract('PostgreSQL', async () => {
    const database = await createDatabase();
    const stores = [
      await openPostgres(database.url, statements, silentLogger),
      await openPostgres(database.url, statements, silentLogger),
    ];
    const [first] = stores;
    if (first !== undefined) await migrate(first, migrations);
    return {
      ...overSql(stores),
      outage: outageOf(database.url),
      async dispose() {
        for (const store of stores) await store.close();
        await database.drop();
      },
    };
  }),
);

await describeWith('redis', 'with a Redis', () =>
  messagesContract('Redis', async () => {
    const parts = common();
    const prefix = `tocsin-test-${randomUUID()}:`;
    const connections = [
      await connectRedis(redisUrl, silentLogger, prefix),
      await connectRedis(redisUrl, silentLogger, prefix),
    ];
    const store = await openTestStore();
    const journal = new Journal(store, silentLogger);
    let isAway = false;
    let opened = 0;
    const empty = async (): Promise<void> => {
      await connections[0]?.ask(async (redis) => {
        const keys = await redis.keys(`${prefix}*`);
        for (const key of keys) await redis.del(key.slice(prefix.length));
      });
    };
    return {
      ...parts,
      open(caps, masterKey) {
        const connection = connections[opened++ % 2];
        return openMessageStore({
          ...parts,
          kind: 'redis',
          store,
          journal,
          sealer: sealer(masterKey),
          caps,
          redis: {
            async run(...asked) {
              if (isAway || connection === undefined) throw new StoreUnavailable('Redis does not answer');
              return connection.run(...asked);
            },
          },
        });
      },
      empty,
      outage: {
        begin: async () => void (isAway = true),
        end: async () => void (isAway = false),
      },
      async dispose() {
        await empty();
        for (const connection of connections) connection.close();
        await store.close();
      },
    };
  }),
);
