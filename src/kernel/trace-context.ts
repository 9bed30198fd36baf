import { randomUUID } from 'node:crypto';
import type { DeliveryId, EventId, Id } from './ids.ts';

/** One span of one trace, in lower-case hex (W3C Trace Context). */
export interface SpanRef {
  /** 32 digits. */
  readonly traceId: string;
  /** 16 digits. */
  readonly spanId: string;
}

const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(?:-|$)/;
const NOTHING = /^0+$/;
const ATTEMPTS_MAX = 0xffff;

/** The digits of the id's UUID. */
const digitsOf = (id: Id<string>): string => id.slice(id.indexOf('_') + 1).replaceAll('-', '');

/**
 * An event's trace has the event's own id, and its first span the id's second half. So whatever process makes an
 * attempt, and however late, it knows its trace without anything being stored for that.
 */
export function traceOf(event: EventId): SpanRef {
  const traceId = digitsOf(event);
  return { traceId, spanId: traceId.slice(16) };
}

/** The span of one attempt, in the trace of its event. */
export function attemptSpanId(delivery: DeliveryId, attempt: number): string {
  const number = Math.min(attempt, ATTEMPTS_MAX).toString(16).padStart(4, '0');
  return number + digitsOf(delivery).slice(20);
}

/** A trace and a span that nobody else has. */
export function newSpanRef(): SpanRef {
  return { traceId: randomUUID().replaceAll('-', ''), spanId: newSpanId() };
}

export const newSpanId = (): string => randomUUID().replaceAll('-', '').slice(16);

/** The header `traceparent` (W3C Trace Context, 3.2); undefined for what is none. */
export function readTraceparent(header: string | string[] | undefined): SpanRef | undefined {
  if (typeof header !== 'string' || header.length > 200) return undefined;
  const [, version, traceId = '', spanId = ''] = TRACEPARENT.exec(header) ?? [];
  if (version === undefined || version === 'ff' || NOTHING.test(traceId) || NOTHING.test(spanId))
    return undefined;
  // Of version 00 nothing follows.
  return version === '00' && header.length !== 55 ? undefined : { traceId, spanId };
}

export const writeTraceparent = ({ traceId, spanId }: SpanRef, isKept: boolean): string =>
  `00-${traceId}-${spanId}-${isKept ? '01' : '00'}`;
