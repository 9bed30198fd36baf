/** The service with a fault planted, to see that the soak finds it: acknowledges before anything is on disk. */
import { setTimeout as sleep } from 'node:timers/promises';
import { serve } from '../../src/cli/serve.ts';

const LATE_MS = 250;

process.exitCode = await serve(
  { env: process.env, cwd: process.cwd(), err: (text) => void process.stderr.write(`${text}\n`) },
  {},
  {
    wrapStore: (store) => ({
      ...store,
      commit(batch) {
        void sleep(LATE_MS).then(() => store.commit(batch));
        return Promise.resolve(batch.map((submission) => submission.map(() => true)));
      },
    }),
  },
);
