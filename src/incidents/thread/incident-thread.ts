import { WorkThread } from '../../kernel/work-thread.ts';
import type { Results, ThreadOptions, Work } from './protocol.ts';

/** A feed that is beyond all bounds ends the thread by this, and not the process. */
const HEAP_MB_MAX = 2_048;

/**
 * The main thread's end of the thread that asks feeds, reads what they answer, and makes the document. A `refresh` lets
 * what comes after it go ahead while it waits.
 */
export class IncidentThread extends WorkThread<Work, Results> {
  constructor(options: ThreadOptions) {
    super({
      file: new URL('./thread.js', import.meta.url),
      workerData: options,
      name: 'the thread of the incident feeds',
      heapMbMax: HEAP_MB_MAX,
    });
  }
}
