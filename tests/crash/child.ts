/** The service, made to kill itself at the point that its environment names. */
import { serve } from '../../src/cli/serve.ts';
import { armedStore } from './armed-store.ts';
import { crashPointOf } from './crash-point.ts';

const point = crashPointOf(process.env);
process.exitCode = await serve(
  { env: process.env, cwd: process.cwd(), err: (text) => void process.stderr.write(`${text}\n`) },
  {},
  { wrapStore: (store) => armedStore(store, point) },
);
