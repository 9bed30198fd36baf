import { describe, expect, it } from 'vitest';
import { newDeliveryId, newEventId } from './ids.ts';
import {
  attemptSpanId,
  newSpanRef,
  readTraceparent,
  type SpanRef,
  traceOf,
  writeTraceparent,
} from './trace-context.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const SPAN = 'b7ad6b7169203331';
const WELL_FORMED = {
  traceId: expect.stringMatching(/^[0-9a-f]{32}$/),
  spanId: expect.stringMatching(/^[0-9a-f]{16}$/),
};

describe('a traceparent', () => {
  it("of W3C's own example is read, and written as it was", () => {
    const header = `00-${TRACE}-${SPAN}-01`;
    const read = readTraceparent(header);
    expect(read).toEqual({ traceId: TRACE, spanId: SPAN });
    expect(writeTraceparent(read as SpanRef, true)).toBe(header);
    expect(writeTraceparent(read as SpanRef, false)).toMatch(/-00$/);
  });

  it('of a later version may say more', () => {
    expect(readTraceparent(`cc-${TRACE}-${SPAN}-01-what-the-future-will-be-like`)).toBeDefined();
  });

  it.each([
    undefined,
    '',
    [`00-${TRACE}-${SPAN}-01`, `00-${TRACE}-${SPAN}-01`],
    `ff-${TRACE}-${SPAN}-01`,
    `00-${TRACE.toUpperCase()}-${SPAN}-01`,
    `00-${'0'.repeat(32)}-${SPAN}-01`,
    `00-${TRACE}-${'0'.repeat(16)}-01`,
    `00-${TRACE}-${SPAN}-01-more`,
    `00-${TRACE}-${SPAN}-1`,
    `00-${TRACE}-${SPAN}-01\n`,
    `01-${TRACE}-${SPAN}-01-${'x'.repeat(1_000)}`,
  ])('that is none is passed over: %j', (header) => {
    expect(readTraceparent(header)).toBeUndefined();
  });
});

describe('the trace of an event', () => {
  it('is known from its id alone, and its attempts have spans of their own in it', () => {
    const event = newEventId();
    expect(traceOf(event)).toEqual(WELL_FORMED);
    expect(traceOf(event).traceId).toBe(event.slice(4).replaceAll('-', ''));
    const delivery = newDeliveryId();
    const spans = [1, 2, 65_535].map((attempt) => attemptSpanId(delivery, attempt));
    expect(new Set([...spans, attemptSpanId(newDeliveryId(), 1), traceOf(event).spanId]).size).toBe(5);
    for (const span of spans) expect(span).toMatch(/^[0-9a-f]{16}$/);
    expect(attemptSpanId(delivery, 70_000)).toMatch(/^ffff[0-9a-f]{12}$/);
  });

  it('made for a request is well formed and never the same', () => {
    expect(newSpanRef()).toEqual(WELL_FORMED);
    expect(newSpanRef().traceId).not.toBe(newSpanRef().traceId);
  });
});
