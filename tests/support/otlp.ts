import { at, listAt } from './ask.ts';
import type { HttpReceiver } from './http-receiver.ts';

/** A span as a collector gets it, as far as tests look at it. */
export interface ReceivedSpan {
  readonly name: string;
  readonly kind: number;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[];
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly resource: Readonly<Record<string, unknown>>;
  /** Of its status: 0 unset, 2 an error. */
  readonly status: unknown;
  /** ms */
  readonly durationMs: number;
}

/** Every span that came to the collector, in the order of the exports. */
export function spansOf(collector: HttpReceiver): ReceivedSpan[] {
  return bodiesOf(collector, '/v1/traces').flatMap((body) =>
    listAt(body, 'resourceSpans').flatMap((one) =>
      listAt(one, 'scopeSpans').flatMap((scope) =>
        listAt(scope, 'spans').map((span) => toSpan(span, attributesOf(at(one, 'resource', 'attributes')))),
      ),
    ),
  );
}

/** The data points of a metric in the last export that has it. */
export function pointsOf(collector: HttpReceiver, name: string): { attributes: object; point: unknown }[] {
  const found = bodiesOf(collector, '/v1/metrics').map((body) =>
    listAt(body, 'resourceMetrics', 0, 'scopeMetrics', 0, 'metrics').find(
      (metric) => at(metric, 'name') === name,
    ),
  );
  const metric = found.findLast((one) => one !== undefined);
  const points = ['sum', 'gauge', 'histogram'].flatMap((kind) => {
    const list = at(metric, kind, 'dataPoints');
    return Array.isArray(list) ? (list as unknown[]) : [];
  });
  return points.map((point) => ({ attributes: attributesOf(at(point, 'attributes')), point }));
}

const bodiesOf = ({ requests }: HttpReceiver, path: string): unknown[] =>
  requests.filter((request) => request.path === path).map(({ body }): unknown => JSON.parse(body));

function toSpan(span: unknown, resource: Record<string, unknown>): ReceivedSpan {
  const nanos = (name: string): bigint => BigInt(String(at(span, name)));
  const parent = at(span, 'parentSpanId');
  return {
    name: String(at(span, 'name')),
    kind: Number(at(span, 'kind')),
    traceId: String(at(span, 'traceId')),
    spanId: String(at(span, 'spanId')),
    parentSpanId: parent === undefined || parent === '' ? undefined : String(parent),
    links: listAt(span, 'links').map((link) => ({
      traceId: String(at(link, 'traceId')),
      spanId: String(at(link, 'spanId')),
    })),
    attributes: attributesOf(at(span, 'attributes')),
    resource,
    status: at(span, 'status', 'code') ?? 0,
    durationMs: Number(nanos('endTimeUnixNano') - nanos('startTimeUnixNano')) / 1e6,
  };
}

function attributesOf(list: unknown): Record<string, unknown> {
  if (!Array.isArray(list)) return {};
  return Object.fromEntries(
    list.map((one: unknown) => {
      const value = at(one, 'value');
      return [
        String(at(one, 'key')),
        typeof value === 'object' && value !== null ? Object.values(value)[0] : value,
      ];
    }),
  );
}
