import { describe, expect, it } from 'vitest';
import { whole } from '../inventory/reading.ts';
import type { PrefixList, SecurityGroupRule } from '../inventory/network.ts';
import {
  allTraffic,
  aPrefixList,
  aRule,
  denied,
  group,
  ipv4,
  ipv6,
  prefixList,
  unlisted,
} from '../checks/test-inventory.ts';
import { anywhereRules, anywhereText, openPorts, opensAllPorts, opensPort } from './anywhere.ts';

const rulesOf = (rules: readonly SecurityGroupRule[], lists: readonly PrefixList[] = []) =>
  anywhereRules(rules, whole(lists)).rules;
const opens = (rule: SecurityGroupRule, port = 22): boolean => opensPort(rulesOf([rule]), 'tcp', port);
const fromTo = (fromPort: number | null, toPort: number | null) => aRule({ fromPort, toPort });

describe('a port is open to everybody', () => {
  it.each<[string, SecurityGroupRule]>([
    ['by its own rule', aRule({ port: 22 })],
    ['over IPv6 alone', aRule({ port: 22, peer: ipv6('::/0') })],
    ['by a range that begins with it', fromTo(22, 25)],
    ['by a range that ends with it', fromTo(0, 22)],
    ['by protocol -1, which has no ports', allTraffic()],
    ['by protocol -1 with whatever ports', aRule({ protocol: '-1', fromPort: 0, toPort: 0 })],
    ['by TCP written as its number', aRule({ protocol: '6', port: 22 })],
    ['by TCP in capitals', aRule({ protocol: 'TCP', port: 22 })],
    ['by a TCP rule without ports', fromTo(null, null)],
    ['by a TCP rule with -1 for all ports', fromTo(-1, -1)],
    ['by the lower half of IPv4', aRule({ port: 22, peer: ipv4('0.0.0.0/1') })],
    ['by the upper half of IPv4', aRule({ port: 22, peer: ipv4('128.0.0.0/1') })],
    ['by the half of IPv6 that has all that is handed out', aRule({ port: 22, peer: ipv6('::/1') })],
    ['by all of IPv6 that is handed out', aRule({ port: 22, peer: ipv6('2000::/3') })],
  ])('%s', (_, rule) => {
    expect(opens(rule)).toBe(true);
  });

  it.each<[string, SecurityGroupRule]>([
    ['a range beside it', fromTo(23, 65_535)],
    ['UDP', aRule({ protocol: 'udp', port: 22 })],
    ['UDP written as its number', aRule({ protocol: '17', port: 22 })],
    ["ICMP whose type is the port's number", aRule({ protocol: 'icmp', fromPort: 22, toPort: 22 })],
    ['all of ICMP', aRule({ protocol: '1', fromPort: -1, toPort: -1 })],
    ['all of ICMPv6', aRule({ protocol: '58', fromPort: null, toPort: null, peer: ipv6('::/0') })],
    ['a protocol without ports', aRule({ protocol: '50', fromPort: null, toPort: null })],
    ['a network, however wide', aRule({ port: 22, peer: ipv4('8.0.0.0/2') })],
    ['one address', aRule({ port: 22, peer: ipv4('198.51.100.7/32') })],
    ['the half of IPv6 that nobody has', aRule({ port: 22, peer: ipv6('8000::/1') })],
    ['another group', aRule({ port: 22, peer: group('sg-2') })],
  ])('but not by %s', (_, rule) => {
    expect(opens(rule)).toBe(false);
  });
});

describe('several rules together', () => {
  const quarters = ['0.0.0.0/2', '64.0.0.0/2'].map(ipv4);
  it('are for everybody where their networks are half of the internet', () => {
    expect(opensPort(rulesOf(quarters.map((peer) => aRule({ port: 22, peer }))), 'tcp', 22)).toBe(true);
  });

  it('are so only on the ports that they share, whatever protocol says it', () => {
    const [low, high] = quarters;
    const rules = rulesOf([aRule({ fromPort: 20, toPort: 30, peer: low! }), allTraffic(high)]);
    expect(openPorts(rules, 'tcp')).toEqual([{ from: 20, to: 30 }]);
    expect(openPorts(rules, 'udp')).toEqual([]);
  });

  it('say which networks make it', () => {
    const [first] = rulesOf(quarters.map((peer) => aRule({ port: 22, peer })));
    expect(first && anywhereText(first)).toBe('tcp 22 from 0.0.0.0/2 and 64.0.0.0/2');
  });

  it('are not for everybody by saying the same network twice', () => {
    const [low] = quarters;
    expect(rulesOf([aRule({ port: 22, peer: low! }), aRule({ port: 22, peer: low! })])).toEqual([]);
  });
});

describe('prefix lists', () => {
  const rule = aRule({ port: 22, peer: prefixList('pl-1') });
  it.each([[['0.0.0.0/0']], [['10.0.0.0/8', '::/0']], [['0.0.0.0/2', '64.0.0.0/2']]])(
    'are everybody with %j in them',
    (cidrs) => {
      expect(opensPort(rulesOf([rule], [aPrefixList(cidrs)]), 'tcp', 22)).toBe(true);
    },
  );

  it('are not everybody otherwise', () => {
    const { rules, failures } = anywhereRules([rule], whole([aPrefixList(['10.0.0.0/8'])]));
    expect([rules, failures]).toEqual([[], []]);
  });

  it('that could not be read are neither: what they may open is told apart, with the reason', () => {
    const failure = denied('ec2:GetManagedPrefixListEntries');
    const list = aPrefixList([], { cidrs: { items: [], failures: [failure] } });
    const { rules, unread, failures } = anywhereRules([rule], whole([list]));
    expect(rules).toEqual([]);
    expect([opensPort(unread, 'tcp', 22), opensPort(unread, 'tcp', 23)]).toEqual([true, false]);
    expect(failures).toEqual([failure]);
  });

  it('that were read in part are everybody where that part is', () => {
    const cidrs = unlisted('ec2:GetManagedPrefixListEntries', ['0.0.0.0/0']);
    expect(opensPort(rulesOf([rule], [aPrefixList([], { cidrs })]), 'tcp', 22)).toBe(true);
  });

  it('that are not among those that were read are not taken for empty', () => {
    expect(anywhereRules([rule], whole([])).failures).toHaveLength(1);
    const lists = unlisted<PrefixList>('ec2:DescribeManagedPrefixLists');
    expect(anywhereRules([rule], lists).failures).toEqual(lists.failures);
  });
});

describe('all ports', () => {
  it.each([
    ['protocol -1', [allTraffic()], true],
    ['0-65535', [fromTo(0, 65_535)], true],
    ['all but port 0, which nothing listens on', [fromTo(1, 65_535)], true],
    ['two ranges that follow each other', [fromTo(0, 1_023), fromTo(1_024, 65_535)], true],
    ['0-65535 of UDP', [aRule({ protocol: '17', fromPort: 0, toPort: 65_535 })], true],
    ['80 and 443', [aRule({ port: 80 }), aRule({ port: 443 })], false],
    ['nearly all', [fromTo(0, 1_000), fromTo(1_002, 65_535)], false],
    ['all of ICMP', [aRule({ protocol: 'icmp', fromPort: -1, toPort: -1 })], false],
  ])('are open by %s: see right', (_, rules, expected) => {
    expect(opensAllPorts(rulesOf(rules))).toBe(expected);
  });
});
