import { expect, test } from 'vitest';
import { newEventId } from '../kernel/ids.ts';
import { traceOf } from '../kernel/trace-context.ts';
import { isSampled } from './sampling.ts';

const traces = Array.from({ length: 20_000 }, () => traceOf(newEventId()).traceId);
const shareOf = (ratio: number): number =>
  traces.filter((trace) => isSampled(trace, ratio)).length / traces.length;

test('keeps the share of events that was asked for', () => {
  expect([shareOf(0), shareOf(1)]).toEqual([0, 1]);
  for (const ratio of [0.01, 0.1, 0.5]) expect(Math.abs(shareOf(ratio) - ratio)).toBeLessThan(0.02);
});

test('keeps of a larger share all that it keeps of a smaller one', () => {
  for (const trace of traces.filter((one) => isSampled(one, 0.1))) expect(isSampled(trace, 0.2)).toBe(true);
});
