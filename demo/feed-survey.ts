import { Type } from 'typebox';
import { Check } from 'typebox/value';
import type { Get } from './api.ts';

/** How the service stands with its incident feed. */
export interface FeedFound {
  /** Listed now. */
  readonly incidents: number;
  readonly employees: number;
  readonly unresolved: number;
  /** Addresses that the feed does not name now; incidents are attributed by them all the same. */
  readonly remembered: number;
  readonly ageSeconds: number;
}

const nullableNumber = Type.Union([Type.Number(), Type.Null()]);
const status = Type.Object({
  feeds: Type.Array(
    Type.Object({
      identities: Type.Union([Type.Object({ unresolved: Type.Number() }), Type.Null()]),
      types: Type.Array(Type.Object({ lastSuccessAt: Type.Union([Type.String(), Type.Null()]) })),
    }),
  ),
  incidents: nullableNumber,
  unresolved: nullableNumber,
  documentAgeSeconds: nullableNumber,
});
const documentShape = Type.Record(Type.String(), Type.Object({ critical: Type.Object({}) }));

/** Undefined until all lists of all feeds were had once. */
export async function lookAtFeed(get: Get): Promise<FeedFound | undefined> {
  const found = await get('/api/v1/incidents/status');
  if (!Check(status, found)) throw new TypeError('the status of the feed is not as the API describes it');
  const { feeds, incidents, unresolved, documentAgeSeconds } = found;
  const isWhole = feeds.some(
    ({ types }) => types.length > 0 && types.every(({ lastSuccessAt }) => lastSuccessAt !== null),
  );
  if (!isWhole || incidents === null || unresolved === null || documentAgeSeconds === null) return undefined;
  const document = await get('/incidents');
  if (!Check(documentShape, document)) throw new TypeError('the incidents are not as the API describes them');
  return {
    incidents,
    employees: Object.keys(document).length,
    unresolved,
    remembered: feeds.reduce((sum, { identities }) => sum + (identities?.unresolved ?? 0), 0),
    ageSeconds: documentAgeSeconds,
  };
}
