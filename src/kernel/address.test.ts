import * as fc from 'fast-check';
import { isIPv4, isIPv6 } from 'node:net';
import { describe, expect, it } from 'vitest';
import { cidrContains, isPublicAddress, parseAddress, parseCidr } from './address.ts';

const ipv4 = fc.ipV4();
const ipv6 = fc.ipV6();
const bigIntOf = (text: string): bigint => {
  const ip = parseAddress(text);
  if (!ip) throw new Error(`not an address: ${text}`);
  return [ip.w0, ip.w1, ip.w2, ip.w3].reduce((sum, word) => (sum << 32n) | BigInt(word), 0n);
};
const contains = (cidr: string, ip: string): boolean => {
  const range = parseCidr(cidr);
  const address = parseAddress(ip);
  if (!range || !address) throw new Error('not a CIDR or address');
  return cidrContains(range, address);
};

describe('parseAddress', () => {
  it('reads every address that Node itself takes for one', () => {
    fc.assert(fc.property(fc.oneof(ipv4, ipv6), (text) => parseAddress(text) !== undefined));
  });

  it('takes no text for an address that Node does not', () => {
    const near = fc.stringMatching(/^[0-9a-f:.%/ ]{1,24}$/);
    fc.assert(
      fc.property(near, (text) => parseAddress(text) === undefined || isIPv4(text) || isIPv6(text)),
      { numRuns: 2_000 },
    );
  });

  it('reads the same address however IPv6 is written', () => {
    const full = '2001:0db8:0000:0000:0000:0000:c000:0201';
    for (const text of ['2001:db8::c000:201', '2001:DB8:0:0:0:0:192.0.2.1', '2001:db8::192.0.2.1']) {
      expect(parseAddress(text)).toEqual(parseAddress(full));
    }
  });

  it.each([
    '',
    '1',
    '127.1',
    '2130706433',
    '0x7f.0.0.1',
    '0177.0.0.1',
    '010.0.0.1',
    '1.2.3.256',
    '1.2.3.4.5',
    ' 1.2.3.4',
    '1.2.3.4\n',
    '١.2.3.4',
    '[::1]',
    'fe80::1%eth0',
    '::1%0',
    ':::',
    '1::2::3',
    ':1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4::5:6:7:8',
    '::12345',
    '::1.2.3',
    '1.2.3.4::',
    '::1.2.3.4:5',
    '::01.2.3.4',
  ])('refuses %j', (text) => {
    expect(parseAddress(text)).toBeUndefined();
  });
});

describe('cidrContains', () => {
  it('agrees with arithmetic on the whole number, for both families', () => {
    const pair = fc.oneof(
      fc.tuple(ipv4, ipv4, fc.nat(32), fc.constant(32n)),
      fc.tuple(ipv6, ipv6, fc.nat(128), fc.constant(128n)),
    );
    fc.assert(
      fc.property(pair, ([network, ip, prefix, bits]) => {
        fc.pre(bits === 32n || (!/ffff/i.test(network) && !/ffff/i.test(ip)));
        const shift = bits - BigInt(prefix);
        return (
          contains(`${network}/${prefix}`, ip) === (bigIntOf(network) >> shift === bigIntOf(ip) >> shift)
        );
      }),
    );
  });

  it('holds every address of its own network, whatever bits stand behind the prefix', () => {
    fc.assert(fc.property(ipv4, fc.nat(32), (ip, prefix) => contains(`${ip}/${prefix}`, ip)));
    fc.assert(fc.property(ipv6, fc.nat(128), (ip, prefix) => contains(`${ip}/${prefix}`, ip)));
  });

  it('sees an IPv4-mapped address as the IPv4 address it is', () => {
    expect(contains('10.0.0.0/8', '::ffff:10.1.2.3')).toBe(true);
    expect(contains('::ffff:10.0.0.0/104', '10.1.2.3')).toBe(true);
    expect(contains('10.0.0.0/8', '::ffff:11.1.2.3')).toBe(false);
  });

  it('keeps the families apart', () => {
    expect(contains('::/0', '10.0.0.1')).toBe(false);
    expect(contains('0.0.0.0/0', '::1')).toBe(false);
    expect(contains('::/0', '::1')).toBe(true);
    expect(contains('0.0.0.0/0', '255.255.255.255')).toBe(true);
  });

  it.each([
    '10.0.0.0/33',
    '10.0.0.0/',
    '10.0.0.0/08',
    '10.0.0.0/-1',
    '::/129',
    '10/8',
    '10.0.0.0/8/8',
    '',
    '/8',
    'a/8',
  ])('is not made of %j', (text) => {
    expect(parseCidr(text)).toBeUndefined();
  });
});

describe('isPublicAddress', () => {
  it.each([
    '8.8.8.8',
    '1.1.1.1',
    '100.63.255.255',
    '100.128.0.0',
    '172.15.255.255',
    '172.32.0.0',
    '223.255.255.255',
  ])('is true of %s', (ip) => {
    expect(isPublicAddress(ip)).toBe(true);
  });
  it.each(['2606:4700:4700::1111', '2001:4860:4860::8888', '64:ff9b::8.8.8.8', '2a00:1450::1'])(
    'is true of %s',
    (ip) => {
      expect(isPublicAddress(ip)).toBe(true);
    },
  );
  const notPublic = `
    0.0.0.0 0.1.2.3 10.0.0.1 100.64.0.1 100.127.255.255 127.0.0.1
    127.255.255.254 169.254.169.254 172.16.0.1 172.31.255.255 192.0.0.1 192.0.2.1
    192.88.99.1 192.168.1.1 198.18.0.1 198.19.255.255 198.51.100.1 203.0.113.1
    224.0.0.1 239.1.1.1 240.0.0.1 255.255.255.255 :: ::1
    ::7f00:1 ::8.8.8.8 ::ffff:8.8.8.8 ::ffff:127.0.0.1 64:ff9b::10.0.0.1 64:ff9b::127.0.0.1
    64:ff9b:1::8.8.8.8 100::1 2001::1 2001:2::1 2001:10::1 2001:20::1
    2001:db8::1 2002:808:808::1 3fff::1 5f00::1 fc00::1 fdff::1
    fe80::1 fec0::1 ff02::1 4000::1 fe80::1%eth0 0x8.8.8.8`;
  it.each([...notPublic.trim().split(/\s+/), '', 'not an address'])('is false of %j', (ip) => {
    expect(isPublicAddress(ip)).toBe(false);
  });

  it('is false of every IPv6 form of an IPv4 address that is not public', () => {
    const inside = fc
      .tuple(fc.constantFrom('10', '127'), fc.nat(255), fc.nat(255), fc.nat(255))
      .map((o) => o.join('.'));
    const form = fc.constantFrom('::ffff:', '::', '64:ff9b::', '64:ff9b:1::', '::ffff:0:');
    fc.assert(
      fc.property(inside, form, (ip, prefix) => !isPublicAddress(ip) && !isPublicAddress(prefix + ip)),
    );
  });
});
