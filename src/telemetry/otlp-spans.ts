import { type Link, SpanKind, SpanStatusCode, TraceFlags } from '@opentelemetry/api';
import type { Resource } from '@opentelemetry/resources';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import type { SpanRef } from '../kernel/trace-context.ts';
import type { Span } from '../kernel/tracer.ts';
import { toHrTime } from './otlp-metrics.ts';

type Scope = ReadableSpan['instrumentationScope'];

const KINDS = { server: SpanKind.SERVER, client: SpanKind.CLIENT, internal: SpanKind.INTERNAL } as const;

/** A span of ours in the form that OpenTelemetry's exporters take. */
export function otlpSpan(span: Span, resource: Resource, instrumentationScope: Scope): ReadableSpan {
  const { traceId, spanId, parentSpanId, links = [], startedAt, endedAt, failure } = span;
  const context = contextOf({ traceId, spanId });
  const parent = parentSpanId === undefined ? undefined : contextOf({ traceId, spanId: parentSpanId });
  return {
    name: span.name,
    kind: KINDS[span.kind],
    spanContext: () => context,
    ...(parent === undefined ? {} : { parentSpanContext: parent }),
    startTime: toHrTime(startedAt),
    endTime: toHrTime(endedAt),
    duration: toHrTime(Math.max(0, endedAt - startedAt)),
    status:
      failure === undefined
        ? { code: SpanStatusCode.UNSET }
        : { code: SpanStatusCode.ERROR, message: failure },
    attributes: { ...span.attributes, ...(failure === undefined ? {} : { 'error.type': failure }) },
    links: links.map((ref): Link => ({ context: contextOf(ref) })),
    events: [],
    ended: true,
    resource,
    instrumentationScope,
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  };
}

const contextOf = (ref: SpanRef) => ({ ...ref, traceFlags: TraceFlags.SAMPLED });
