import { describe, expect, it } from 'vitest';
import type { Clock } from '../kernel/clock.ts';
import { RateLimit } from './rate-limit.ts';

/** A limit whose clock stands where it is put. */
function limitAt(perMinute: number) {
  let now = 0;
  const clock: Clock = { now: () => now, after: () => () => {} };
  return { limit: new RateLimit(perMinute, clock), pass: (ms: number) => (now += ms) };
}
const spend = (limit: RateLimit, client: string, times: number): number[] =>
  Array.from({ length: times }, () => limit.take(client));

describe('RateLimit', () => {
  it('gives a minute’s worth at once, then says how long to wait, and grants it then', () => {
    const { limit, pass } = limitAt(3);
    expect(spend(limit, '192.0.2.1', 4)).toEqual([0, 0, 0, 20]);
    pass(20_000);
    expect(spend(limit, '192.0.2.1', 2)).toEqual([0, 20]);
  });

  it('counts each IPv4 address for itself, also as a socket for both families shows it', () => {
    const { limit } = limitAt(1);
    expect(spend(limit, '::ffff:192.0.2.1', 2)).toEqual([0, 60]);
    expect(limit.take('::ffff:192.0.2.2')).toBe(0);
    expect(limit.take('192.0.2.1')).toBe(60);
  });

  it('counts an IPv6 network of 64 bits as one client, however its addresses are written', () => {
    const { limit } = limitAt(2);
    expect(spend(limit, '2001:db8::1', 1)).toEqual([0]);
    expect(spend(limit, '2001:DB8:0:0:ffff::9', 2)).toEqual([0, 30]);
    expect(limit.take('2001:db8:0:1::1')).toBe(0);
  });

  it('lets what was charged together be paid for afterwards, a minute’s worth at most', () => {
    const { limit, pass } = limitAt(10);
    for (let n = 0; n < 1_000; n++) limit.charge('192.0.2.1');
    expect(limit.wait('192.0.2.1')).toBe(66);
    pass(66_000);
    expect(limit.wait('192.0.2.1')).toBe(0);
  });

  it('does not forget a client that keeps coming while thousands of others pass by', () => {
    const { limit } = limitAt(1);
    limit.charge('192.0.2.1');
    for (let n = 0; n < 40_000; n++) {
      limit.take(`10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`);
      if (n % 1_000 === 0) expect(limit.wait('192.0.2.1')).toBeGreaterThan(0);
    }
  });
});
