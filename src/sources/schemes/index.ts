import type { Scheme } from './scheme.ts';
import { sqreen } from './sqreen.ts';

/** All ways of proving a request genuine. A new one is one file beside this one, its line here and its name in `settings.ts`. */
export const schemes = [sqreen] as const satisfies readonly Scheme[];
