import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { INCIDENT_ID_PATTERN, incidentId, incidentIdBound } from './incident-id.ts';

const LAST = 253_402_300_799;
const seconds = fc.double({ min: 0, max: LAST, noNaN: true });

test('ids sort by the time of their incidents', () => {
  fc.assert(
    fc.property(seconds, seconds, fc.string(), fc.nat(), (a, b, identity, ordinal) => {
      const [first, second] = [incidentId(a, identity, ordinal), incidentId(b, identity, ordinal)];
      expect(first).toMatch(new RegExp(INCIDENT_ID_PATTERN));
      if (Math.floor(a * 1e6) < Math.floor(b * 1e6)) expect(first < second).toBe(true);
    }),
  );
});

test('a bound parts what came before from what came at that time or later', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 4_102_444_800 }), (second) => {
      const bound = incidentIdBound(second * 1_000);
      expect(bound).toMatch(new RegExp(INCIDENT_ID_PATTERN));
      expect(incidentId(second, 'x', 0) >= bound).toBe(true);
      expect(incidentId(second - 0.001, 'x', 0) < bound).toBe(true);
    }),
  );
});

test('bounds hold for times that nobody has', () => {
  for (const time of [-1, LAST * 1_000, Number.MAX_VALUE])
    expect(incidentIdBound(time)).toMatch(new RegExp(INCIDENT_ID_PATTERN));
});

test('an id is the same in every release', () => {
  expect(incidentId(1_629_254_311.820_724_5, 'x', 0)).toBe('inc_005c9cc54813db425df7d148802e07eff9316fd9');
});
