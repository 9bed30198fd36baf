import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { whole } from '../inventory/reading.ts';
import type { SecurityGroupRule } from '../inventory/network.ts';
import { aPrefixList, aRule, ipv4, prefixList } from '../checks/test-inventory.ts';
import { anywhereRules, opensPort } from './anywhere.ts';
import { decide, holds, rangeOf, shareOfInternet } from './cidr.ts';

/** IPv4 as the oracle sees it: its 256 networks of eight bits, of which a CIDR here holds some whole. */
const BLOCKS = Array.from({ length: 256 }, (_, index) => index);
const cidr = fc
  .tuple(fc.nat(255), fc.nat(8))
  .map(([block, prefix]) => ({ block, prefix, text: `${block & ~(255 >> prefix)}.0.0.0/${prefix}` }));
type Cidr = { readonly block: number; readonly prefix: number; readonly text: string };
const holdsBlock = ({ block, prefix }: Cidr, other: number): boolean =>
  block >> (8 - prefix) === other >> (8 - prefix);
const blocksOf = (cidrs: readonly Cidr[]): number =>
  BLOCKS.filter((block) => cidrs.some((one) => holdsBlock(one, block))).length;

const range = (text: string) => {
  const found = rangeOf(text);
  if (!found) throw new Error(`no CIDR: ${text}`);
  return found;
};

describe('addresses', () => {
  it('share of the internet is what counting networks says', () => {
    fc.assert(
      fc.property(fc.array(cidr, { maxLength: 12 }), (cidrs) => {
        expect(
          shareOfInternet(
            'ipv4',
            cidrs.map(({ text }) => range(text)),
          ),
        ).toBe(blocksOf(cidrs) / 256);
      }),
    );
  });

  it('are decided by the first range that holds them', () => {
    fc.assert(
      fc.property(fc.array(cidr, { maxLength: 12 }), (cidrs) => {
        const decided = decide(
          'ipv4',
          cidrs.map((one) => ({ range: range(one.text), one })),
        );
        const counted = (one: Cidr | undefined) =>
          BLOCKS.filter((block) => cidrs.find((other) => holdsBlock(other, block)) === one).length / 256;
        const shareOf = (one: Cidr | undefined) =>
          decided.filter(({ by }) => by?.one === one).reduce((sum, { share }) => sum + share, 0);
        for (const one of [undefined, ...cidrs]) expect(shareOf(one)).toBe(counted(one));
      }),
    );
  });

  it('of IPv6 are measured as those of IPv4 are', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(7), { maxLength: 8 }), (eighths) => {
        // 2000::/6, 2400::/6, … 3c00::/6
        const ranges = eighths.map((n) => range(`${(0x2000 + n * 0x400).toString(16)}::/6`));
        expect(shareOfInternet('ipv6', ranges)).toBe(new Set(eighths).size / 8);
      }),
    );
  });

  it('lie in a wider range of their own family only', () => {
    expect(holds(range('10.0.0.0/8'), range('10.1.0.0/16'))).toBe(true);
    expect(holds(range('10.1.0.0/16'), range('10.0.0.0/8'))).toBe(false);
    expect(holds(range('::/0'), range('10.0.0.0/8'))).toBe(false);
  });
});

describe('rules', () => {
  const protocol = fc.constantFrom('tcp', '6', 'udp', '-1', 'icmp');
  const rule = fc.record({ cidr, protocol, from: fc.nat(5), length: fc.nat(3), isListed: fc.boolean() });

  it('open a port exactly where those that cover it are half of the internet', () => {
    fc.assert(
      fc.property(fc.array(rule, { maxLength: 10 }), fc.nat(9), (rules, port) => {
        const lists = rules.map(({ cidr: { text } }, index) => aPrefixList([text], { id: `pl-${index}` }));
        const given = rules.map((one, index): SecurityGroupRule =>
          aRule({
            protocol: one.protocol,
            fromPort: one.from,
            toPort: one.from + one.length,
            peer: one.isListed ? prefixList(`pl-${index}`) : ipv4(one.cidr.text),
          }),
        );
        const covering = rules.filter(
          (one) =>
            one.protocol === '-1' ||
            (['tcp', '6'].includes(one.protocol) && one.from <= port && port <= one.from + one.length),
        );
        const expected = blocksOf(covering.map((one) => one.cidr)) >= 128;
        expect(opensPort(anywhereRules(given, whole(lists)).rules, 'tcp', port)).toBe(expected);
      }),
      { numRuns: 500 },
    );
  });
});
