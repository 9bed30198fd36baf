/** The worker thread in which feeds are asked, read and attributed, and the document is made: all that takes long. */
import { workerData } from 'node:worker_threads';
import { serveWork } from '../../kernel/serve-work.ts';
import type { Results, ThreadOptions, Work } from './protocol.ts';
import { transferOf, Workshop } from './workshop.ts';

const workshop = new Workshop(workerData as ThreadOptions);

serveWork<Work, Results[Work['kind']]>({ run: (work) => workshop.run(work), transferOf });
