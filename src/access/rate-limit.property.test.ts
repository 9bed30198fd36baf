import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Clock } from '../kernel/clock.ts';
import { RateLimit } from './rate-limit.ts';

/** How long after the request before each comes, in ms. */
const gaps = fc.array(fc.nat(30_000), { minLength: 1, maxLength: 200 });
const anyAddress = fc.oneof(fc.ipV4(), fc.ipV6(), fc.string({ maxLength: 20 }));

function start(perMinute: number) {
  let now = Date.UTC(2026, 0, 1);
  const clock: Clock = { now: () => now, after: () => () => {} };
  return { limit: new RateLimit(perMinute, clock), pass: (ms: number) => (now += ms) };
}

test("in no stretch of time are more let through than a minute's worth and what grows in it", () => {
  fc.assert(
    fc.property(gaps, fc.integer({ min: 1, max: 100 }), anyAddress, (waits, perMinute, client) => {
      const { limit, pass } = start(perMinute);
      const granted: number[] = [];
      let at = 0;
      for (const wait of waits) {
        pass(wait);
        at += wait;
        if (limit.take(client) === 0) granted.push(at);
      }
      for (const [index, first] of granted.entries()) {
        const last = granted.at(-1) ?? first;
        const grown = ((last - first) / 60_000) * perMinute;
        expect(granted.length - index).toBeLessThanOrEqual(perMinute + grown + 1e-6);
      }
    }),
  );
});

test('who waits as long as told is let in, and who keeps below the rate always is', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 600 }), fc.integer({ min: 1, max: 300 }), (perMinute, requests) => {
      const { limit, pass } = start(perMinute);
      for (let n = 0; n < requests; n++) {
        const wait = limit.take('192.0.2.1');
        if (wait === 0) continue;
        pass(wait * 1_000);
        expect(limit.take('192.0.2.1')).toBe(0);
      }
      const { limit: fresh, pass: passFresh } = start(perMinute);
      for (let n = 0; n < requests; n++) {
        expect(fresh.take('192.0.2.1')).toBe(0);
        passFresh(60_000 / perMinute);
      }
    }),
  );
});

test("one client's requests are not counted against another's", () => {
  fc.assert(
    fc.property(fc.ipV4(), fc.ipV4(), (one, another) => {
      fc.pre(one !== another);
      const { limit } = start(2);
      for (let n = 0; n < 5; n++) limit.take(one);
      expect(limit.take(another)).toBe(0);
    }),
  );
});

test('any two addresses of one IPv6 /64 are one client, however they are written', () => {
  const group = fc.integer({ min: 0, max: 0xffff });
  const host = fc.tuple(group, group, group, group);
  const write = (groups: readonly number[], long: boolean): string =>
    groups
      .map((one) => (long ? one.toString(16).padStart(4, '0').toUpperCase() : one.toString(16)))
      .join(':');
  fc.assert(
    fc.property(fc.tuple(group, group, group), host, host, fc.boolean(), (network, one, another, long) => {
      const { limit } = start(1);
      expect(limit.take(write([0x2001, ...network, ...one], false))).toBe(0);
      expect(limit.take(write([0x2001, ...network, ...another], long))).toBeGreaterThan(0);
    }),
  );
});

test('remembers no more clients than it has room for: the one seen longest ago is forgotten', () => {
  const { limit } = start(1);
  limit.take('first');
  expect(limit.take('first')).toBeGreaterThan(0);
  for (let n = 0; n < 20_000; n++) limit.take(`client-${n}`);
  expect(limit.take('first')).toBe(0);
});

test('a clock that is set back neither gives nor takes', () => {
  const { limit, pass } = start(1);
  limit.take('192.0.2.1');
  pass(-3_600_000);
  expect(limit.wait('192.0.2.1')).toBe(60);
  pass(60_000);
  expect(limit.wait('192.0.2.1')).toBe(0);
});
