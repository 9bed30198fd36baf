import { array, assert, double, integer, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Histogram } from './histogram.ts';

describe('Histogram', () => {
  it('tells every quantile within 0.2 % and a microsecond of the exact one, never below it', () => {
    const micros = array(integer({ min: 0, max: 1_900_000_000 }), { minLength: 1, maxLength: 200 });
    const shares = double({ min: 0.001, max: 1, noNaN: true });
    assert(
      property(micros, shares, (values, share) => {
        const histogram = new Histogram();
        for (const value of values) histogram.record(value / 1e3);
        const sorted = values.toSorted((a, b) => a - b);
        const exact = sorted[Math.max(1, Math.ceil(share * values.length)) - 1] ?? NaN;
        const told = histogram.quantile(share) * 1e3;
        expect(told).toBeGreaterThanOrEqual(exact - 0.001);
        expect(told).toBeLessThanOrEqual(exact * 1.002 + 1);
      }),
    );
  });

  it('counts all and keeps the greatest exactly', () => {
    const histogram = new Histogram();
    for (const value of [1, 2, 1234.567]) histogram.record(value);
    expect(histogram.summary()).toMatchObject({ count: 3, max: 1234.567 });
  });

  it('says 0 when nothing was recorded', () => {
    expect(new Histogram().summary()).toMatchObject({ count: 0, p50: 0, p99: 0 });
  });
});
