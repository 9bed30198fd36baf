import { Type } from 'typebox';
import { Check } from 'typebox/value';
import { countsWire } from '../src/aws/api/findings-wire.ts';
import type { Get } from './api.ts';

/** How the service stands with the AWS account. */
export interface AwsFound {
  readonly open: number;
  /** Critical or high. */
  readonly severe: number;
  readonly resolved: number;
}

const scans = Type.Object({ items: Type.Array(Type.Unknown()) });

/** Undefined until a scan was done. */
export async function lookAtAws(get: Get): Promise<AwsFound | undefined> {
  const done = await get('/api/v1/scans?state=done&limit=1');
  if (!Check(scans, done)) throw new TypeError('scans are not as the API describes them');
  if (done.items.length === 0) return undefined;
  const counts = await get('/api/v1/findings/counts');
  if (!Check(countsWire, counts)) throw new TypeError('findings are not as the API describes them');
  const { open, resolved } = counts;
  const all = Object.values(open).reduce((sum, many) => sum + many, 0);
  return { open: all, severe: open.critical + open.high, resolved };
}
