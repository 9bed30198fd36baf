import { traceOf } from '../kernel/trace-context.ts';
import { preciseNow, type Tracer } from '../kernel/tracer.ts';
import type { TocsinEvent } from './event.ts';

/**
 * Tells that events are on disk: the first span of each one's trace. The span of the request that brought them is in the
 * trace of the first; the others' traces have a link to it. `startedAt`: Unix ms.
 */
export function traceEvents(
  tracer: Tracer,
  events: readonly TocsinEvent[],
  startedAt: number,
  requestSpanId?: string,
): void {
  const [first] = events;
  if (!tracer.isOn || first === undefined) return;
  const endedAt = preciseNow();
  const request =
    requestSpanId === undefined ? undefined : { traceId: traceOf(first.id).traceId, spanId: requestSpanId };
  for (const event of events) {
    const ref = traceOf(event.id);
    if (!tracer.keeps(ref.traceId)) continue;
    tracer.tell({
      ...ref,
      name: 'ingest',
      kind: 'internal',
      parentSpanId: event === first ? requestSpanId : undefined,
      links: event === first || request === undefined ? [] : [request],
      startedAt,
      endedAt,
      attributes: {
        'tocsin.event.id': event.id,
        'tocsin.source.id': event.source,
        'tocsin.event.severity': event.severity,
      },
    });
  }
}
