import type { MetricPoint } from '../inventory/ebs.ts';
import { type Listing, read, type Reading, unread } from '../inventory/reading.ts';
import type { BucketStorage } from '../inventory/s3.ts';
import type { Caller } from './call.ts';
import { list, texts } from './fields.ts';
import { metricData, type MetricQuery } from './metric-data.ts';
import { allPages, joined, type Page } from './pages.ts';

const DAY_MS = 86_400_000;
const WINDOW_DAYS = 3;
const NAMESPACE = 'AWS/S3';
/** Up to so many names are asked for one by one; more are picked from the list of all. */
const NAMED_MAX = 3;

/** A series that exists: CloudWatch lists those that had data in the last two weeks. */
interface StoredType {
  readonly bucket: string;
  readonly storageType: string;
}

/** The newest daily figures of a region's buckets, without listing an object. Buckets without figures are left out. */
export async function bucketStorage(
  caller: Caller,
  region: string,
  names: readonly string[] | undefined,
  now: number,
): Promise<Reading<ReadonlyMap<string, BucketStorage>>> {
  const stored = await storedTypes(caller, region, names);
  const [failure] = stored.failures;
  // Half of the series would be half of the bytes.
  if (failure !== undefined) return unread(failure);
  const types = stored.items;
  const buckets = [...new Set(types.map(({ bucket }) => bucket))];
  const queries = [...types.map(bytesQuery), ...buckets.map(objectsQuery)];
  if (queries.length === 0) return read(new Map());
  const answer = await metricData(caller, region, queries, windowAt(now));
  if (answer.kind === 'unread') return answer;
  const bytes = new Map<string, [string, MetricPoint][]>(buckets.map((bucket) => [bucket, []]));
  types.forEach(({ bucket, storageType }, at) => {
    const newest = answer.value[at]?.at(-1);
    if (newest !== undefined) bytes.get(bucket)?.push([storageType, newest]);
  });
  const storage = buckets.map((bucket, at) => {
    const objects = answer.value[types.length + at]?.at(-1);
    return [bucket, storageOf(bytes.get(bucket) ?? [], objects)] as const;
  });
  return read(new Map(storage.flatMap(([bucket, one]) => (one === undefined ? [] : [[bucket, one]]))));
}

function storageOf(
  bytes: readonly (readonly [string, MetricPoint])[],
  objects: MetricPoint | undefined,
): BucketStorage | undefined {
  if (bytes.length === 0) return undefined;
  return {
    bytesByType: Object.fromEntries(bytes.map(([type, { value }]) => [type, value])),
    objects: objects === undefined ? null : Math.round(objects.value),
    at: Math.max(...bytes.map(([, { at }]) => at)),
  };
}

/** From midnight on, so that no day is cut. */
const windowAt = (now: number) => ({
  since: (Math.floor(now / DAY_MS) - WINDOW_DAYS) * DAY_MS,
  until: (Math.floor(now / DAY_MS) + 1) * DAY_MS,
  periodSeconds: DAY_MS / 1_000,
});

const bytesQuery = ({ bucket, storageType }: StoredType): MetricQuery => ({
  namespace: NAMESPACE,
  name: 'BucketSizeBytes',
  dimensions: { BucketName: bucket, StorageType: storageType },
  stat: 'Average',
});

const objectsQuery = (bucket: string): MetricQuery => ({
  namespace: NAMESPACE,
  name: 'NumberOfObjects',
  dimensions: { BucketName: bucket, StorageType: 'AllStorageTypes' },
  stat: 'Average',
});

async function storedTypes(
  caller: Caller,
  region: string,
  names: readonly string[] | undefined,
): Promise<Listing<StoredType>> {
  if (names === undefined) return listedTypes(caller, region, undefined);
  if (names.length <= NAMED_MAX)
    return joined(await Promise.all(names.map((name) => listedTypes(caller, region, name))));
  const wanted = new Set(names);
  const { items, failures } = await listedTypes(caller, region, undefined);
  return { items: items.filter(({ bucket }) => wanted.has(bucket)), failures };
}

function listedTypes(caller: Caller, region: string, name: string | undefined): Promise<Listing<StoredType>> {
  const attempted = { action: 'cloudwatch:ListMetrics', region } as const;
  return allPages(attempted, (token) =>
    caller.call(
      attempted,
      caller.clients.cloudwatch(region),
      async ({ sdk, client }, options): Promise<Page<StoredType>> => {
        const answer = await client.send(
          new sdk.ListMetricsCommand({
            Namespace: NAMESPACE,
            MetricName: 'BucketSizeBytes',
            NextToken: token,
            ...(name !== undefined && { Dimensions: [{ Name: 'BucketName', Value: name }] }),
          }),
          options,
        );
        return { items: list(answer.Metrics).flatMap(storedTypeOf), next: answer.NextToken };
      },
    ),
  );
}

interface ListedMetric {
  readonly Dimensions?:
    readonly { readonly Name?: string | undefined; readonly Value?: string | undefined }[] | undefined;
}

function storedTypeOf({ Dimensions }: ListedMetric): readonly StoredType[] {
  const valueOf = (wanted: string) =>
    texts(list(Dimensions).map(({ Name, Value }) => (Name === wanted ? Value : undefined)))[0];
  const bucket = valueOf('BucketName');
  const storageType = valueOf('StorageType');
  return bucket === undefined || storageType === undefined ? [] : [{ bucket, storageType }];
}
