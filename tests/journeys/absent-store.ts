/** The service over a store that is away for as long as the file `store-is-away` is in its working directory. */
import { existsSync } from 'node:fs';
import type { KyselyPlugin } from 'kysely';
import { serve } from '../../src/cli/serve.ts';
import { type Store, StoreUnavailable } from '../../src/storage/store.ts';

function mustBeThere(): void {
  if (existsSync('store-is-away')) throw new StoreUnavailable('away');
}

const gate: KyselyPlugin = {
  transformQuery({ node }) {
    mustBeThere();
    return node;
  },
  transformResult: async ({ result }) => result,
};

const absentStore = (store: Store): Store => ({
  ...store,
  read: store.read.withPlugin(gate),
  write: store.write.withPlugin(gate),
  async commit(batch) {
    mustBeThere();
    return store.commit(batch);
  },
  async transact(queries) {
    mustBeThere();
    return store.transact(queries);
  },
  async probe() {
    mustBeThere();
    return store.probe();
  },
});

process.exitCode = await serve(
  { env: process.env, cwd: process.cwd(), err: (text) => void process.stderr.write(`${text}\n`) },
  {},
  { wrapStore: absentStore },
);
