/** The worker thread in which feeds are asked, read and attributed, and the document is made: all that takes long. */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { errorText } from '../../kernel/log.ts';
import type { Answer, Call, ThreadOptions, Work } from './protocol.ts';
import { transferOf, Workshop } from './workshop.ts';

const port = parentPort;
if (port === null) throw new TypeError('this file runs as a worker thread');
const workshop = new Workshop(workerData as ThreadOptions);

port.on('message', ({ id, work }: Call) => void answer(port, id, work));

async function answer(to: MessagePort, id: number, work: Work): Promise<void> {
  const post = (message: Answer, transfer: readonly ArrayBuffer[] = []): void =>
    to.postMessage(message, [...transfer]);
  try {
    const result = await workshop.run(work);
    post({ id, result }, transferOf(result));
  } catch (error) {
    // A bug: what feeds do is in the results.
    post({ id, failure: errorText(error) });
  }
  if (work.kind === 'close') to.close();
}
