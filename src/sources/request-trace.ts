import type { TocsinEvent } from '../events/event.ts';
import { Problem } from '../kernel/problem.ts';
import { newSpanRef, newSpanId, readTraceparent, type SpanRef, traceOf } from '../kernel/trace-context.ts';
import { preciseNow, type Tracer } from '../kernel/tracer.ts';
import type { Headers } from './schemes/scheme.ts';

/**
 * The span of one request to a source. It belongs to the trace of the first event that it brought, so that the way from
 * the request to the last attempt is one trace. A sender's own trace is linked and never joined, and only once the
 * request is proved: a stranger must not decide what is kept, nor write into a trace of somebody else's.
 */
export class RequestTrace {
  readonly spanId = newSpanId();
  readonly #tracer: Tracer;
  readonly #source: string;
  readonly #route: string;
  readonly #startedAt = preciseNow();
  #sender: SpanRef | undefined;
  #first: TocsinEvent | undefined;
  #accepted = 0;
  #duplicates = 0;

  constructor(tracer: Tracer, source: string, route: string) {
    this.#tracer = tracer;
    this.#source = source;
    this.#route = route;
  }

  proved(headers: Headers): void {
    this.#sender = readTraceparent(headers['traceparent']);
  }

  stored(events: readonly TocsinEvent[], duplicates: number): void {
    this.#first = events[0];
    this.#accepted = events.length;
    this.#duplicates = duplicates;
  }

  answered(): void {
    this.#tell(200, {}, undefined);
  }

  /** Refusals are answers like any other; only what is our own failure is one here. */
  failed(error: unknown): void {
    if (!(error instanceof Problem)) {
      this.#tell(undefined, {}, error instanceof Error ? error.name : 'fault');
    } else {
      const { status, code } = error;
      this.#tell(status, { 'tocsin.problem': code }, status >= 500 ? code : undefined);
    }
  }

  #tell(status: number | undefined, more: Record<string, string>, failure: string | undefined): void {
    const { traceId } = this.#first === undefined ? newSpanRef() : traceOf(this.#first.id);
    if (!this.#tracer.keeps(traceId)) return;
    this.#tracer.tell({
      traceId,
      spanId: this.spanId,
      name: `POST ${this.#route}`,
      kind: 'server',
      links: this.#sender === undefined ? [] : [this.#sender],
      startedAt: this.#startedAt,
      endedAt: preciseNow(),
      attributes: {
        'http.request.method': 'POST',
        'http.route': this.#route,
        ...(status === undefined ? {} : { 'http.response.status_code': status }),
        'tocsin.source.id': this.#source,
        'tocsin.events': this.#accepted,
        'tocsin.duplicates': this.#duplicates,
        ...more,
      },
      failure,
    });
  }
}
