import { file } from './file.ts';
import { poll } from './poll.ts';
import { push } from './push.ts';

/** Every kind of feed, in the order of the reference. */
export const feedKinds = [poll, push, file] as const;
