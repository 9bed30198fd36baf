import { GetMetricData$, ListMetrics$ } from '@aws-sdk/client-cloudwatch';
import type { StaticOperationSchema } from '@smithy/types';
import type { Metric } from '../account.ts';
import { indexed } from '../indexed.ts';
import type { Caller, Operation } from '../operation.ts';
import { pageOf } from '../paging.ts';
import type { Parameters } from '../parameters.ts';
import { Refusal } from '../refusal.ts';
import { type Point, pointsOf, statistics, type Window } from './metric-points.ts';

/** Of a GetMetricData, as AWS documents them. */
const QUERIES_MAX = 500;
const POINTS_MAX = 100_800;

const metricOf = indexed<Metric>(({ namespace, name, dimensions }) => keyOf(namespace, name, dimensions));

export const metricOperations: readonly Operation[] = [
  {
    ...of(ListMetrics$),
    isKept: true,
    answer: (asked, { region }) => {
      const found = region.metrics.filter(isAsked(asked));
      const { items, next } = pageOf(found, asked, {
        size: 'none',
        token: 'NextToken',
        min: 500,
        max: 500,
        default: 500,
        refuse: () => new Refusal('InvalidParameterValue', 400, 'Invalid nextToken'),
      });
      return { Metrics: items.map(tell), NextToken: next };
    },
  },
  { ...of(GetMetricData$), isKept: false, answer: getMetricData },
];

function of(schema: StaticOperationSchema): Omit<Operation, 'isKept' | 'answer'> {
  return { service: 'monitoring', name: schema[2], action: `cloudwatch:${schema[2]}`, schema };
}

const tell = ({ namespace, name, dimensions }: Metric): object => ({
  Namespace: namespace,
  MetricName: name,
  Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
});

function keyOf(namespace: string, name: string, dimensions: Readonly<Record<string, string>>): string {
  return JSON.stringify([
    namespace,
    name,
    ...Object.entries(dimensions).toSorted(([a], [b]) => (a < b ? -1 : 1)),
  ]);
}

function isAsked(asked: Parameters): (metric: Metric) => boolean {
  const namespace = asked.text('Namespace');
  const name = asked.text('MetricName');
  const wanted = asked.list('Dimensions').map((one) => [one.text('Name') ?? '', one.text('Value')] as const);
  return (metric) =>
    (namespace === undefined || metric.namespace === namespace) &&
    (name === undefined || metric.name === name) &&
    wanted.every(([dimension, value]) => {
      const has = metric.dimensions[dimension];
      return has !== undefined && (value === undefined || value === has);
    });
}

const invalid = (message: string): Refusal => new Refusal('ValidationError', 400, message);

interface Series {
  readonly id: string;
  readonly label: string;
  readonly points: readonly Point[];
}

function getMetricData(asked: Parameters, caller: Caller): object {
  const queries = asked.list('MetricDataQueries');
  if (queries.length === 0) throw invalid('The parameter MetricDataQueries is required.');
  if (queries.length > QUERIES_MAX)
    throw invalid(`The collection MetricDataQueries must not have a size greater than ${QUERIES_MAX}.`);
  const ids = new Set(queries.map((query) => query.text('Id')));
  if (ids.size < queries.length)
    throw invalid('The values for parameter id in MetricDataQueries are not unique.');
  const series = queries.map((query) => seriesOf(query, asked, caller));
  return pageOfSeries(series, asked, caller.metricPointsMax);
}

function seriesOf(query: Parameters, asked: Parameters, caller: Caller): Series {
  const id = query.text('Id') ?? '';
  if (!/^[a-z][a-zA-Z0-9_]*$/.test(id))
    throw invalid(`The value ${id} for parameter Id is not matching the expression`);
  const stat = query.below('MetricStat');
  const metric = stat?.below('Metric');
  if (stat === undefined || metric === undefined) throw invalid('Only MetricStat is answered here.');
  const name = metric.text('MetricName') ?? '';
  const dimensions = Object.fromEntries(
    metric.list('Dimensions').map((one) => [one.text('Name') ?? '', one.text('Value') ?? '']),
  );
  const [found] = metricOf(caller.region.metrics, keyOf(metric.text('Namespace') ?? '', name, dimensions));
  const points =
    found === undefined ? [] : pointsOf(found, windowOf(stat, asked), statisticOf(stat), caller.now);
  const isAscending = asked.text('ScanBy') === 'TimestampAscending';
  return { id, label: query.text('Label') ?? name, points: isAscending ? points : points.toReversed() };
}

function windowOf(stat: Parameters, asked: Parameters): Window {
  const since = asked.date('StartTime') ?? Number.NaN;
  const until = asked.date('EndTime') ?? Number.NaN;
  const periodSeconds = stat.whole('Period') ?? 0;
  if (!(since < until)) throw invalid('The parameter StartTime must be less than the parameter EndTime.');
  if (![1, 5, 10, 20, 30].includes(periodSeconds) && (periodSeconds <= 0 || periodSeconds % 60 !== 0))
    throw invalid('The parameter Period must be 1, 5, 10, 20, 30 or a multiple of 60');
  return { since, until, periodSeconds };
}

function statisticOf(stat: Parameters): (typeof statistics)[keyof typeof statistics] {
  const name = stat.text('Stat') ?? '';
  const found = Object.entries(statistics).find(([known]) => known === name);
  if (found === undefined) throw invalid(`Invalid statistic: ${name}`);
  return found[1];
}

/** Points of all series count together; one that is cut says so, and goes on in the next page. */
function pageOfSeries(series: readonly Series[], asked: Parameters, most = POINTS_MAX): object {
  const size = Math.min(asked.whole('MaxDatapoints') ?? POINTS_MAX, most);
  const total = series.reduce((sum, { points }) => sum + points.length, 0);
  const token = asked.text('NextToken') ?? '0';
  const start = /^\d+$/.test(token) ? Number(token) : Number.NaN;
  if (!(start <= total)) throw new Refusal('InvalidNextToken', 400, 'The next token specified is invalid.');
  const end = start + size;
  let seen = 0;
  const results = series.flatMap(({ id, label, points }) => {
    const from = Math.max(start - seen, 0);
    const to = Math.min(end - seen, points.length);
    seen += points.length;
    if (from >= to && !(points.length === 0 && start === 0)) return [];
    const told = points.slice(from, to);
    return [
      {
        Id: id,
        Label: label,
        Timestamps: told.map(({ at }) => new Date(at)),
        Values: told.map(({ value }) => value),
        StatusCode: to < points.length ? 'PartialData' : 'Complete',
      },
    ];
  });
  return { MetricDataResults: results, NextToken: end < total ? String(end) : undefined, Messages: [] };
}
