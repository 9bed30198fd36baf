import type { SourceKind } from '../source.ts';
import { sqreen } from './sqreen.ts';

/** All kinds of source. A new kind is one file beside this one, and its line here. */
export const sourceKinds = [sqreen] as const satisfies readonly SourceKind[];
