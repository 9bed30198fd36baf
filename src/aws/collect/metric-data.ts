import type * as CloudWatch from '@aws-sdk/client-cloudwatch';
import type { MetricPoint } from '../inventory/ebs.ts';
import { read, type Reading, unread } from '../inventory/reading.ts';
import type { MetricWindow } from './port.ts';
import type { Caller } from './call.ts';
import { inPieces, list } from './fields.ts';
import { allPages } from './pages.ts';

const QUERIES_AT_ONCE = 500;
/** Points that one answer of CloudWatch's holds at most. */
const POINTS_MAX = 2_000_000;

/** One series that is asked for. */
export interface MetricQuery {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly stat: 'Sum' | 'Average';
}

/** The series in the order of the queries, each ascending by time; one without data is empty. */
export async function metricData(
  caller: Caller,
  region: string,
  queries: readonly MetricQuery[],
  window: MetricWindow,
): Promise<Reading<readonly (readonly MetricPoint[])[]>> {
  const pieces = inPieces(queries, QUERIES_AT_ONCE);
  const answers = await Promise.all(pieces.map((piece) => metricPiece(caller, region, piece, window)));
  const series: (readonly MetricPoint[])[] = [];
  for (const answer of answers) {
    if (answer.kind === 'unread') return answer;
    series.push(...answer.value);
  }
  return read(series);
}

async function metricPiece(
  caller: Caller,
  region: string,
  queries: readonly MetricQuery[],
  window: MetricWindow,
): Promise<Reading<readonly (readonly MetricPoint[])[]>> {
  const attempted = { action: 'cloudwatch:GetMetricData', region } as const;
  const { items, failures } = await allPages(
    attempted,
    (token) =>
      caller.call(attempted, caller.clients.cloudwatch(region), async ({ sdk, client }, options) => {
        const asked = { ...requestOf(queries, window), NextToken: token };
        const answer = await client.send(new sdk.GetMetricDataCommand(asked), options);
        const isLast = !answer.NextToken;
        const items = list(answer.MetricDataResults).map((result): Told => ({ result, isLast }));
        return { items, next: answer.NextToken };
      }),
    POINTS_MAX,
  );
  const [failure] = failures;
  if (failure !== undefined) return unread(failure);
  const status = badStatus(items);
  if (status !== undefined) return unread({ kind: status.kind, ...attempted, code: status.code });
  return read(queries.map((_, at) => pointsOf(items, idOf(at))));
}

const idOf = (at: number): string => `q${at}`;

const requestOf = (
  queries: readonly MetricQuery[],
  { since, until, periodSeconds }: MetricWindow,
): CloudWatch.GetMetricDataCommandInput => ({
  StartTime: new Date(since),
  EndTime: new Date(until),
  ScanBy: 'TimestampAscending',
  MetricDataQueries: queries.map(({ namespace, name, dimensions, stat }, at) => ({
    Id: idOf(at),
    ReturnData: true,
    MetricStat: {
      Metric: {
        Namespace: namespace,
        MetricName: name,
        Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
      },
      Period: periodSeconds,
      Stat: stat,
    },
  })),
});

/** What a page says of a series. */
interface Told {
  readonly result: CloudWatch.MetricDataResult;
  readonly isLast: boolean;
}

/** A series that is partial goes on over the next page; on the last one there is none, and it is not the whole truth. */
function badStatus(
  told: readonly Told[],
): { readonly kind: 'failed' | 'denied'; readonly code: string } | undefined {
  const codes = new Set(
    told.flatMap(({ result: { StatusCode }, isLast }) =>
      StatusCode === 'PartialData' && !isLast ? [] : [StatusCode ?? 'Complete'],
    ),
  );
  if (codes.has('Forbidden')) return { kind: 'denied', code: 'Forbidden' };
  if (codes.has('InternalError')) return { kind: 'failed', code: 'InternalError' };
  return codes.has('PartialData') ? { kind: 'failed', code: 'PartialData' } : undefined;
}

function pointsOf(told: readonly Told[], id: string): readonly MetricPoint[] {
  const byTime = new Map<number, number>();
  for (const { result } of told) {
    const { Id, Timestamps, Values } = result;
    if (Id !== id) continue;
    list(Timestamps).forEach((timestamp, at) => {
      const value = list(Values)[at];
      const ms = timestamp instanceof Date ? timestamp.getTime() : Number.NaN;
      if (!Number.isNaN(ms) && typeof value === 'number' && Number.isFinite(value)) byTime.set(ms, value);
    });
  }
  return [...byTime].map(([at, value]) => ({ at, value })).sort((a, b) => a.at - b.at);
}
