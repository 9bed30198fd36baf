import { WorkThread } from '../../kernel/work-thread.ts';
import type { AwsThreadOptions, Results, ScanNotice, Work } from './protocol.ts';

/** An account that is beyond all bounds ends the thread by this, and not the process. */
const HEAP_MB_MAX = 2_048;

/** The main thread's end of a thread that asks AWS. */
export class AwsThread extends WorkThread<Work, Results, ScanNotice> {
  constructor(options: AwsThreadOptions, noticed?: (notice: ScanNotice) => void) {
    super({
      file: new URL('./thread.js', import.meta.url),
      workerData: options,
      name: 'the thread that asks AWS',
      heapMbMax: HEAP_MB_MAX,
      ...(noticed === undefined ? {} : { noticed }),
    });
  }
}
