/** The worker thread in which AWS is asked, and what it says is read, judged and serialised: all that takes long. */
import { workerData } from 'node:worker_threads';
import { serveWork } from '../../kernel/serve-work.ts';
import type { AwsThreadOptions, Results, ScanNotice, Work } from './protocol.ts';
import { transferOf, Workshop } from './workshop.ts';

const workshop = new Workshop(workerData as AwsThreadOptions);

serveWork<Work, Results[Work['kind']], ScanNotice>({
  run: (work, notify) => workshop.run(work, notify),
  transferOf,
});
