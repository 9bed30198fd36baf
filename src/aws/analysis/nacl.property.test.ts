import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { aNetworkAcl, anAclEntry } from '../checks/test-inventory.ts';
import { aclPorts } from './nacl.ts';
import { hasPort } from './ports.ts';

/** The oracle's internet: sixteen networks of four bits, each of which an entry here holds whole or not at all. */
const BLOCKS = Array.from({ length: 16 }, (_, index) => index);

const entry = fc.record({
  ruleNumber: fc.integer({ min: 1, max: 50 }),
  isAllow: fc.boolean(),
  protocol: fc.constantFrom('6', '-1', '17'),
  block: fc.nat(15),
  prefix: fc.nat(4),
  from: fc.nat(6),
  length: fc.nat(4),
});

it('an ACL opens a port where asking entry after entry for each address says so', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(entry, { maxLength: 12, selector: ({ ruleNumber }) => ruleNumber }),
      fc.nat(11),
      (entries, port) => {
        const acl = aNetworkAcl({
          entries: entries.map(({ block, prefix, from, length, ...rest }) =>
            anAclEntry({
              ...rest,
              cidr: `${(block & ~(15 >> prefix)) << 4}.0.0.0/${prefix}`,
              fromPort: from,
              toPort: from + length,
            }),
          ),
        });
        const inOrder = entries.toSorted((a, b) => a.ruleNumber - b.ruleNumber);
        const deciding = BLOCKS.map((block) =>
          inOrder.find(
            (one) =>
              (one.protocol === '-1' ||
                (one.protocol === '6' && one.from <= port && port <= one.from + one.length)) &&
              one.block >> (4 - one.prefix) === block >> (4 - one.prefix),
          ),
        );
        const allowing = deciding.filter((one) => one?.isAllow === true);
        const expected = allowing.length >= 8 || allowing.some((one) => one !== undefined && one.prefix <= 1);
        const open = aclPorts(acl, { direction: 'in', family: 'ipv4', protocol: 'tcp' });
        expect(hasPort(open, port)).toBe(expected);
      },
    ),
    { numRuns: 1_000 },
  );
});
