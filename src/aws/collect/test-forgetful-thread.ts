import { setFlagsFromString, getHeapSnapshot } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { parentPort } from 'node:worker_threads';
import { openReader } from './open-reader.ts';
import type { AccountReader } from './port.ts';
import type { ForgetfulTask } from './test-forgetful.ts';

// A thread has a heap of its own: nobody in it knows the secret but the reader.
parentPort?.once(
  'message',
  (task: ForgetfulTask) => void answer(open(task), Buffer.from(task.needle, 'base64')),
);

const open = ({ url, keys, region }: ForgetfulTask): AccountReader =>
  openReader({ kind: 'keys', keys, region }, { endpoints: { all: url, pathStyle: true } });

/** How often the secret is in memory with the reader open, and after it was closed. */
async function answer(reader: AccountReader, needle: Buffer): Promise<void> {
  const { region } = reader;
  await Promise.all([reader.identity(), reader.vpcs(region), reader.clusters(region), reader.bucketNames()]);
  const open = await timesInMemory(needle);
  reader.close();
  const closed = await timesInMemory(needle);
  // It is held until here: what has been let go of is let go of by closing it.
  parentPort?.postMessage({ open, closed, calls: reader.tally.calls });
}

async function timesInMemory(needle: Buffer): Promise<number> {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  for (let round = 0; round < 5; round += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    if (typeof collect === 'function') collect();
  }
  const chunks: Uint8Array[] = [];
  for await (const chunk of getHeapSnapshot()) chunks.push(chunk);
  const snapshot = Buffer.concat(chunks);
  let times = 0;
  for (let at = snapshot.indexOf(needle); at >= 0; at = snapshot.indexOf(needle, at + 1)) times += 1;
  return times;
}
