import { parentPort } from 'node:worker_threads';
import { errorText } from './log.ts';
import type { Answer, AnyWork, Call } from './work-thread.ts';

export interface ServedWork<Work extends AnyWork, Result, Notice> {
  /** Whatever it throws is a bug, told as text. `close` ends the thread when it resolves. */
  readonly run: (work: Work, notify: (notice: Notice) => void) => Promise<Result>;
  /** Buffers of a result that are handed over instead of copied. */
  readonly transferOf?: (result: Result) => readonly ArrayBuffer[];
}

/** The thread's own end: to be called once, by the file that the thread runs. */
export function serveWork<Work extends AnyWork, Result, Notice = never>({
  run,
  transferOf = () => [],
}: ServedWork<Work, Result, Notice>): void {
  const port = parentPort;
  if (port === null) throw new TypeError('this file runs as a worker thread');
  const post = (message: Answer<Result, Notice>, transfer: readonly ArrayBuffer[] = []): void =>
    port.postMessage(message, [...transfer]);
  const answer = async ({ id, work }: Call<Work>): Promise<void> => {
    try {
      const result = await run(work, (notice) => post({ notice }));
      post({ id, result }, transferOf(result));
    } catch (error) {
      post({ id, failure: errorText(error) });
    }
    if (work.kind === 'close') port.close();
  };
  port.on('message', (call: Call<Work>) => void answer(call));
}
