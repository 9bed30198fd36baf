import { describe, expect, it } from 'vitest';
import type { CheckResult } from '../check.ts';
import { volumeEncrypted } from '../ebs/volume-encrypted.ts';
import { ebsChecks } from '../ebs/index.ts';
import {
  accountOf,
  allTraffic,
  aNetworkAcl,
  anAclEntry,
  anInterface,
  aPrefixList,
  aRouteTable,
  aRule,
  aSecurityGroup,
  aVolume,
  aVpc,
  contextOf,
  denied,
  group,
  ipv4,
  prefixList,
  publicNetwork,
  regionOf,
  resultIn,
  resultsIn,
  unlisted,
} from '../test-inventory.ts';
import { flowLogs } from './flow-logs.ts';
import { netChecks } from './index.ts';
import { naclAdminPorts } from './nacl-admin-ports.ts';
import { sgAllOpen } from './sg-all-open.ts';
import { sgHighRiskPorts } from './sg-high-risk-ports.ts';
import { sgSsh } from './sg-ssh.ts';
import { sgUnauthorizedPort } from './sg-unauthorized-port.ts';
import { sgUnused } from './sg-unused.ts';
import { sgWidePublicCidr } from './sg-wide-public-cidr.ts';

type Given = Parameters<typeof regionOf>[0];
const ssh = aSecurityGroup({ inbound: [aRule({ port: 22 })] });
/** Of SSH that is open to everybody, in a network of which only something differs. */
const sshIn = (given: Given = {}): CheckResult =>
  resultIn(sgSsh, regionOf({ ...publicNetwork(), securityGroups: [ssh], ...given }));

describe('1: what could not be read', () => {
  it('is UNKNOWN with the action that is missing, for the place as a whole where a list is missing', () => {
    const [run] = sgSsh.run(
      contextOf(
        accountOf({ regions: [regionOf({ securityGroups: unlisted('ec2:DescribeSecurityGroups', [ssh]) })] }),
      ),
    );
    expect(run?.isWhole).toBe(false);
    expect(run?.results.map(({ status }) => status)).toEqual(['FAIL', 'UNKNOWN']);
    expect(run?.results[1]?.failures).toEqual([denied('ec2:DescribeSecurityGroups')]);
  });

  it('leaves a proven failure a failure, with the severity it has anyhow', () => {
    const { status, severity, reason } = sshIn({
      networkInterfaces: unlisted('ec2:DescribeNetworkInterfaces'),
    });
    expect([status, severity]).toEqual(['FAIL', 'high']);
    expect(reason).toContain('could not be read');
  });

  it('names the action of the prefix list that decides, and nothing else', () => {
    const list = aPrefixList([], { cidrs: unlisted('ec2:GetManagedPrefixListEntries') });
    const inbound = [aRule({ port: 22, peer: prefixList('pl-1') })];
    const given = { securityGroups: [aSecurityGroup({ inbound })], prefixLists: [list] };
    const { status, failures } = resultIn(sgSsh, regionOf(given));
    expect(status).toBe('UNKNOWN');
    expect(failures).toEqual([denied('ec2:GetManagedPrefixListEntries')]);
  });

  it('never passes: with every list denied no check of a region passes', () => {
    const lists = [
      'volumes',
      'volumeStatuses',
      'snapshots',
      'publicSnapshotIds',
      'vpcs',
      'subnets',
      'securityGroups',
      'prefixLists',
      'networkAcls',
      'routeTables',
      'flowLogs',
      'networkInterfaces',
    ] as const;
    const unread = { kind: 'unread', failure: denied('ec2:DescribeVolumes') } as const;
    const region = regionOf({
      ...Object.fromEntries(lists.map((name) => [name, unlisted('ec2:DescribeVolumes')])),
      encryptionByDefault: unread,
      snapshotSharing: unread,
    });
    for (const check of [...netChecks, ...ebsChecks]) {
      expect(
        resultsIn(check, region).map(({ status }) => status),
        check.id,
      ).toEqual(['UNKNOWN']);
    }
  });
});

describe('4: ports and protocols', () => {
  const verdict = (rules: Parameters<typeof aSecurityGroup>[0], check = sgAllOpen) =>
    resultIn(check, regionOf({ securityGroups: [aSecurityGroup(rules)] })).status;

  it('80 and 443 for everybody are not all ports (Prowler 2442, 5172)', () => {
    expect(verdict({ inbound: [aRule({ port: 80 }), aRule({ port: 443 })] })).toBe('PASS');
  });

  it('outbound rules for everybody open nothing', () => {
    for (const check of [sgSsh, sgAllOpen, sgHighRiskPorts, sgUnauthorizedPort, sgWidePublicCidr]) {
      expect(verdict({ outbound: [allTraffic(), allTraffic(ipv4('0.0.0.0/1'))] }, check)).toBe('PASS');
    }
  });

  it('the authorised ports are a parameter', () => {
    const region = regionOf({ securityGroups: [aSecurityGroup({ inbound: [aRule({ port: 8443 })] })] });
    expect(resultIn(sgUnauthorizedPort, region).status).toBe('FAIL');
    expect(resultIn(sgUnauthorizedPort, region, { authorizedPorts: [8443] }).status).toBe('PASS');
  });

  it('what is not authorised of a range is told', () => {
    const region = regionOf({
      securityGroups: [aSecurityGroup({ inbound: [aRule({ fromPort: 79, toPort: 444 })] })],
    });
    expect(resultIn(sgUnauthorizedPort, region).evidence).toMatchObject({
      ports: ['tcp 79', 'tcp 81-442', 'tcp 444'],
    });
  });
});

describe('6: the severity of an open port', () => {
  it('rises where the internet reaches it', () => {
    const { severity, reason, evidence } = sshIn();
    expect(severity).toBe('critical');
    expect(reason).toBe('sg-1 lets in tcp 22 from 0.0.0.0/0. The internet reaches eni-1 by it.');
    expect(evidence).toMatchObject({
      rules: [{ protocol: 'tcp', ports: '22', peers: ['0.0.0.0/0'] }],
      reached: ['eni-1'],
    });
  });

  it('is low where nothing uses the group', () => {
    const given = {
      networkInterfaces: [anInterface({ securityGroupIds: ['sg-2'], publicAddresses: ['198.51.100.7'] })],
    };
    expect(sshIn(given).severity).toBe('low');
  });

  it.each<[string, Given]>([
    ['it has no public address', { networkInterfaces: [anInterface()] }],
    ['its subnet has no internet gateway', { routeTables: [aRouteTable()] }],
    [
      'its ACL lets SSH not in',
      {
        networkAcls: [
          aNetworkAcl({
            entries: [
              anAclEntry({ ruleNumber: 1, isAllow: false, protocol: '6', fromPort: 22, toPort: 22 }),
              anAclEntry(),
              anAclEntry({ isEgress: true }),
            ],
          }),
        ],
      },
    ],
  ])('is as it stands where %s', (_, given) => {
    const { severity, reason } = sshIn(given);
    expect(severity).toBe('high');
    expect(reason).toContain('on none of its 1 interface');
  });

  it('does not rise for another port by which the same thing is reached', () => {
    const web = aSecurityGroup({ id: 'sg-2', inbound: [aRule({ port: 443 })] });
    const entries = [
      anAclEntry({ protocol: '6', fromPort: 443, toPort: 443 }),
      anAclEntry({ isEgress: true }),
    ];
    const given = {
      securityGroups: [ssh, web],
      networkAcls: [aNetworkAcl({ entries })],
      networkInterfaces: [
        anInterface({ publicAddresses: ['198.51.100.7'], securityGroupIds: ['sg-1', 'sg-2'] }),
      ],
    };
    const results = resultsIn(sgSsh, regionOf({ ...publicNetwork(), ...given }));
    expect(results.map(({ severity }) => severity)).toEqual(['high', undefined]);
  });

  it('is as it stands where the way there is not known, and says so', () => {
    const { severity, reason } = sshIn({ routeTables: unlisted('ec2:DescribeRouteTables') });
    expect(severity).toBe('high');
    expect(reason).toContain('is not known');
  });

  it('stays critical at the top', () => {
    const region = regionOf({
      ...publicNetwork(),
      securityGroups: [aSecurityGroup({ inbound: [allTraffic()] })],
    });
    expect(resultIn(sgAllOpen, region).severity).toBe('critical');
  });
});

it('7: the rules of an ACL that let in are named, behind those that only seem to', () => {
  const ports = { protocol: '6', fromPort: 22, toPort: 22 };
  const entries = [
    anAclEntry({ ruleNumber: 300, ...ports }),
    anAclEntry({ ruleNumber: 200, ...ports, cidr: '203.0.113.0/24', isAllow: false }),
  ];
  const { reason, severity } = resultIn(
    naclAdminPorts,
    regionOf({ networkAcls: [aNetworkAcl({ entries })] }),
  );
  expect(reason).toBe('acl-1 lets in tcp 22 over ipv4 by rule 300 from anywhere. It stands before 1 subnet.');
  expect(severity).toBeUndefined();
  const unused = regionOf({ networkAcls: [aNetworkAcl({ entries, subnetIds: [] })] });
  expect(resultIn(naclAdminPorts, unused).severity).toBe('low');
});

describe('resources', () => {
  it('are named by their ARN and by what people call them', () => {
    const { resource } = resultIn(
      volumeEncrypted,
      regionOf({ volumes: [aVolume({ tags: { Name: 'data' } })] }),
    );
    expect(resource).toEqual({
      type: 'volume',
      arn: 'arn:aws:ec2:eu-west-1:123456789012:volume/vol-1',
      name: 'data (vol-1)',
      region: 'eu-west-1',
    });
  });

  it('are those of their own region', () => {
    const regions = ['eu-west-1', 'us-east-1'].map((region) => regionOf({ region, vpcs: [aVpc()] }));
    const runs = flowLogs.run(contextOf(accountOf({ regions })));
    expect(runs.map(({ place, results }) => [place, results[0]?.resource.region])).toEqual([
      ['eu-west-1', 'eu-west-1'],
      ['us-east-1', 'us-east-1'],
    ]);
  });

  it('that another group names are used', () => {
    const other = aSecurityGroup({ id: 'sg-2', outbound: [allTraffic(group('sg-1'))] });
    const results = resultsIn(sgUnused, regionOf({ securityGroups: [aSecurityGroup(), other] }));
    expect(results.map(({ status }) => status)).toEqual(['PASS', 'FAIL']);
  });
});

it('an account of 13,000 interfaces and 400 groups is judged without looking at each with each', () => {
  const groups = Array.from({ length: 400 }, (_, n) =>
    aSecurityGroup({ id: `sg-${n}`, inbound: [aRule({ port: 22 })] }),
  );
  const networkInterfaces = Array.from({ length: 13_000 }, (_, n) =>
    anInterface({ id: `eni-${n}`, publicAddresses: ['198.51.100.7'], securityGroupIds: [`sg-${n % 400}`] }),
  );
  // Each with each would be five million look-ups a check.
  let looked = 0;
  const counted = networkInterfaces.map((one) => ({
    ...one,
    get securityGroupIds() {
      looked += 1;
      return one.securityGroupIds;
    },
  }));
  const region = regionOf({ ...publicNetwork(), securityGroups: groups, networkInterfaces: counted });
  for (const check of netChecks) check.run(contextOf(accountOf({ regions: [region] })));
  expect(looked).toBeLessThan(13_000 * 4);
});

describe('what could not be read', () => {
  const unused = { networkInterfaces: [] } satisfies Given;
  it.each([
    ['of what uses the group', { networkInterfaces: unlisted<never>('ec2:DescribeNetworkInterfaces') }, true],
    ['of the routes of what uses it', { routeTables: unlisted<never>('ec2:DescribeRouteTables') }, true],
    ['of its ACL', { networkAcls: unlisted<never>('ec2:DescribeNetworkAcls') }, true],
    ['of nothing', {}, false],
    ['of nothing, though nothing uses it', unused, false],
  ] as const)('%s leaves the severity open: %s', (_what, given, isOpen) => {
    expect(sshIn(given).isSeverityOpen).toBe(isOpen);
  });
});

describe('a prefix list of AWS itself', () => {
  const inbound = [aRule({ port: 443, peer: prefixList('pl-1') })];
  const wideBy = (name: string): CheckResult =>
    resultIn(
      sgWidePublicCidr,
      regionOf({
        securityGroups: [aSecurityGroup({ inbound })],
        prefixLists: [aPrefixList(['18.160.0.0/15', '205.251.252.0/23'], { name })],
      }),
    );

  it('is of a service in particular: as wide a one of others is of nobody', () => {
    expect(wideBy('com.amazonaws.global.cloudfront.origin-facing').status).toBe('PASS');
    expect(wideBy('partners').status).toBe('FAIL');
  });
});
