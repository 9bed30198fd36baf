import { describe, expect, it } from 'vitest';
import { egressGuard, isEgressEntry } from './egress.ts';

describe('egressGuard', () => {
  it('permits public addresses and no others when nothing is allowed', () => {
    const guard = egressGuard([]);
    expect(guard.permits('example.com', '8.8.8.8', 443)).toBe(true);
    expect(guard.permits('example.com', '10.0.0.1', 443)).toBe(false);
    expect(guard.permits('example.com', '', 443)).toBe(false);
    expect(guard.permits('example.com', 'fe80::1%eth0', 443)).toBe(false);
  });

  it.each([
    ['10.0.0.0/8', 'x', '10.1.2.3', 80, true],
    ['10.0.0.0/8', 'x', '::ffff:10.1.2.3', 80, true],
    ['10.0.0.0/8', 'x', '192.168.0.1', 80, false],
    ['10.0.0.1:8443', 'x', '10.0.0.1', 8443, true],
    ['10.0.0.1:8443', 'x', '10.0.0.1', 443, false],
    ['[fd00::1]:80', 'x', 'fd00::1', 80, true],
    ['[fd00::1]:80', 'x', 'fd00::1', 81, false],
    ['fd00::/8', 'x', 'fd12::1', 81, true],
    ['collector.internal', 'collector.internal', '10.0.0.1', 80, true],
    ['Collector.Internal.', 'collector.internal', '10.0.0.1', 80, true],
    ['collector.internal', 'COLLECTOR.INTERNAL.', '10.0.0.1', 80, true],
    ['collector.internal', 'evil.collector.internal', '10.0.0.1', 80, false],
    ['collector.internal:8443', 'collector.internal', '10.0.0.1', 8443, true],
    ['collector.internal:8443', 'collector.internal', '10.0.0.1', 80, false],
  ])('with %s allowed answers for %s at %s:%d: %s', (entry, host, address, port, expected) => {
    expect(egressGuard([entry]).permits(host, address, port)).toBe(expected);
  });

  it.each([
    '',
    '*',
    '*.internal',
    'http://x',
    'a b',
    'x:0',
    'x:65536',
    'x:',
    '10.0.0.0/33',
    '0x7f.1',
    '127.1',
    '[::1',
    'a/b',
  ])('refuses the entry %j', (entry) => {
    expect(isEgressEntry(entry)).toBe(false);
    expect(() => egressGuard([entry])).toThrow(TypeError);
  });
});
