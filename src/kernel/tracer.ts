import type { SpanRef } from './trace-context.ts';

/** What took how long, told when it has ended. */
export interface Span extends SpanRef {
  readonly name: string;
  /** `server`: asked by others; `client`: asks others. */
  readonly kind: 'server' | 'client' | 'internal';
  /** In the same trace. */
  readonly parentSpanId?: string | undefined;
  /** Of other traces. */
  readonly links?: readonly SpanRef[];
  /** Unix ms, with fractions. */
  readonly startedAt: number;
  readonly endedAt: number;
  /** Names of OpenTelemetry's conventions, or `tocsin.…`. Never a secret, a header or a body. */
  readonly attributes: Readonly<Record<string, string | number | boolean>>;
  /** Why it did not succeed, in a word; undefined when it did. */
  readonly failure?: string | undefined;
}

/** Where spans go. Whoever tells of one asks first whether it is wanted, so that nothing is put together in vain. */
export interface Tracer {
  /** False: no trace is kept at all. */
  readonly isOn: boolean;
  /** The same answer for the same trace in every process. */
  keeps(traceId: string): boolean;
  /** Never throws, never waits. */
  tell(span: Span): void;
}

export const noTracer: Tracer = { isOn: false, keeps: () => false, tell() {} };

/** Unix ms with fractions: for durations below a millisecond. */
export const preciseNow = (): number => performance.timeOrigin + performance.now();
