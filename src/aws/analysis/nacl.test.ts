import { describe, expect, it } from 'vitest';
import type { NetworkAclEntry } from '../inventory/network.ts';
import { aNetworkAcl, anAclEntry } from '../checks/test-inventory.ts';
import { aclEntriesThatOpen, aclPorts, type AclQuestion } from './nacl.ts';

const inTcp: AclQuestion = { direction: 'in', family: 'ipv4', protocol: 'tcp' };
const portsIn = (entries: readonly NetworkAclEntry[], question: AclQuestion = inTcp) =>
  aclPorts(aNetworkAcl({ entries }), question).map(({ from, to }) => `${from}-${to}`);
const entry = (ruleNumber: number, over: Partial<NetworkAclEntry> = {}) =>
  anAclEntry({ ruleNumber, protocol: '6', fromPort: 22, toPort: 22, ...over });

describe('an ACL', () => {
  it('leaves all open as AWS makes the default one', () => {
    expect(portsIn(aNetworkAcl().entries)).toEqual(['0-65535']);
  });

  it('leaves nothing open that no entry allows', () => {
    expect(portsIn([])).toEqual([]);
  });

  it('is read by the numbers of its entries, whatever order they come in', () => {
    const allow = entry(200);
    const deny = entry(100, { isAllow: false });
    expect(portsIn([allow, deny])).toEqual([]);
    expect(portsIn([entry(100), entry(200, { isAllow: false })])).toEqual(['22-22']);
  });

  it('hides by an earlier deny only the ports that it denies', () => {
    const deny = entry(100, { isAllow: false, fromPort: 20, toPort: 30 });
    expect(portsIn([deny, entry(200, { protocol: '-1' })])).toEqual(['0-19', '31-65535']);
  });

  it('stays open behind a deny for a few networks', () => {
    expect(portsIn([entry(100, { isAllow: false, cidr: '203.0.113.0/24' }), entry(200)])).toEqual(['22-22']);
  });

  it('is closed by two denies that are everybody together', () => {
    const halves = ['0.0.0.0/1', '128.0.0.0/1'].map((cidr, i) => entry(100 + i, { isAllow: false, cidr }));
    expect(portsIn([...halves, entry(200)])).toEqual([]);
  });

  it('is open by two allows that are half of the internet, not by one network', () => {
    const quarters = ['0.0.0.0/2', '64.0.0.0/2'].map((cidr, index) => entry(100 + index, { cidr }));
    expect(portsIn(quarters)).toEqual(['22-22']);
    expect(portsIn(quarters.slice(1))).toEqual([]);
  });

  it('is asked for IPv4 and IPv6 apart', () => {
    const entries = [entry(100, { isAllow: false }), entry(101, { cidr: '::/0' })];
    expect(portsIn(entries)).toEqual([]);
    expect(portsIn(entries, { ...inTcp, family: 'ipv6' })).toEqual(['22-22']);
  });

  it('is asked for each direction and protocol apart', () => {
    const entries = [
      entry(100, { isEgress: true }),
      entry(100, { protocol: '17', fromPort: 53, toPort: 53 }),
    ];
    expect(portsIn(entries)).toEqual([]);
    expect(portsIn(entries, { ...inTcp, direction: 'out' })).toEqual(['22-22']);
    expect(portsIn(entries, { ...inTcp, protocol: 'udp' })).toEqual(['53-53']);
  });

  it('opens no port with ICMP, whose types are no ports', () => {
    expect(portsIn([entry(100, { protocol: '1', fromPort: null, toPort: null })])).toEqual([]);
  });

  it('names the entries that have to be changed', () => {
    const acl = aNetworkAcl({
      entries: [entry(100, { cidr: '203.0.113.0/24', isAllow: false }), entry(200)],
    });
    expect(aclEntriesThatOpen(acl, inTcp, 22).map(({ ruleNumber }) => ruleNumber)).toEqual([200]);
    expect(aclEntriesThatOpen(acl, inTcp, 23)).toEqual([]);
  });
});
