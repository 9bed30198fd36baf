import type { FeedType } from './feed.ts';

/** The seven lists of the Elevate incident API, in the order of its contract. */
export const elevateTypes: readonly FeedType[] = [
  { type: 'denial', employee: 'reported_by', source: 'source_ip' },
  { type: 'intrusion', address: 'internal_ip', source: 'source_ip' },
  { type: 'executable', address: 'machine_ip' },
  { type: 'misuse', employee: 'employee_id' },
  { type: 'unauthorized', employee: 'employee_id' },
  { type: 'probing', address: 'ip' },
  { type: 'other', either: 'identifier' },
];
