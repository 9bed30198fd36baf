import type { ConfigFault } from '../config/origin.ts';
import { formatOrigin } from '../config/origin.ts';

/** One line a fault: where, what, and what to do. */
export function faultLines(faults: readonly ConfigFault[]): string[] {
  return faults.map(({ path, message, origin }) => {
    const place = origin === undefined ? '' : ` (${formatOrigin(origin)})`;
    return `  ${path === '' ? 'config' : path}: ${message}${place}`;
  });
}
