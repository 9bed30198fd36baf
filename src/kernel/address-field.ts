import { isIP } from 'node:net';

/**
 * Where a request came from, in ECS: `source.ip` takes addresses only, and what a careless proxy passes on may be
 * anything. Elasticsearch would refuse the whole line for it, so that a client could choose not to be seen.
 */
export const addressField = (address: string): 'source.ip' | 'source.address' =>
  isIP(address) === 0 || address.includes('%') ? 'source.address' : 'source.ip';
