import { createHash } from 'node:crypto';

/** Where a resource is: ARNs, owners and zones are made of it. */
export interface Place {
  readonly accountId: string;
  readonly region: string;
}

/** Where tests are, if they do not say. */
export const here: Place = { accountId: '123456789012', region: 'us-west-2' };

/** Long ago, for what a test does not care about. */
export const longAgo = new Date('2024-03-01T08:00:00.000Z');

/** `vol-0…`: the same for the same name in the same place. */
export function idOf(prefix: string, { accountId, region }: Place, name: string): string {
  const hash = createHash('sha256').update(`${prefix}/${accountId}/${region}/${name}`).digest('hex');
  return `${prefix}-0${hash.slice(0, 16)}`;
}

export const named = (name: string): { Key: string; Value: string }[] => [{ Key: 'Name', Value: name }];
