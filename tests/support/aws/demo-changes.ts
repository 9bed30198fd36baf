import type { IpPermission } from '@aws-sdk/client-ec2';
import type { Service } from '@aws-sdk/client-ecs';
import type { Account } from './account.ts';
import { allBlocked, from, policyOf, publicByPolicy, tlsOnly, withBucket, withRegion } from './builders.ts';
import { aDeployment } from './builders/ecs.ts';
import { counted, failing } from './demo/ecs.ts';
import { home } from './demo/places.ts';

const BASTION = 'bastion';
const INVOICES = 'harbour-invoices';
const FRONTEND = 'web-frontend';

const worldSsh: IpPermission = from('0.0.0.0/0', 22, 22, 'tcp', 'Working from home');
const isWorldSsh = ({ IpRanges = [], FromPort }: IpPermission): boolean =>
  FromPort === 22 && IpRanges.some(({ CidrIp }) => CidrIp === '0.0.0.0/0');

/** What happens in the demo's account while one looks on. Each may be made at any time, and its other undoes it. */
export const demoChanges = {
  /** The bastion's group takes SSH from everywhere. */
  openSsh: (account: Account): Account =>
    rulesOf(account, (rules) => [...rules.filter((rule) => !isWorldSsh(rule)), worldSsh]),
  closeSsh: (account: Account): Account =>
    rulesOf(account, (rules) => rules.filter((rule) => !isWorldSsh(rule))),
  /** Everybody may read the invoices. */
  publishInvoices: (account: Account): Account => withBucket(account, INVOICES, publicByPolicy(INVOICES)),
  mendInvoices: (account: Account): Account =>
    withBucket(account, INVOICES, {
      publicAccessBlock: allBlocked,
      policy: policyOf([tlsOnly(INVOICES)]),
      isPolicyPublic: false,
    }),
  /** The front end is rolled out, and only two of its five tasks live. */
  breakFrontend: (account: Account): Account => serviceOf(account, (service) => failing(service, 2)),
  healFrontend: (account: Account): Account => serviceOf(account, healed),
} as const;

function rulesOf(account: Account, change: (rules: readonly IpPermission[]) => IpPermission[]): Account {
  return withRegion(account, home.region, (region) => ({
    ...region,
    network: {
      ...region.network,
      securityGroups: region.network.securityGroups.map((group) =>
        group.GroupName === BASTION ? { ...group, IpPermissions: change(group.IpPermissions ?? []) } : group,
      ),
    },
  }));
}

function serviceOf(account: Account, change: (service: Service) => Service): Account {
  return withRegion(account, home.region, (region) => {
    const services = region.ecs.services.map((one) => (one.serviceName === FRONTEND ? change(one) : one));
    return { ...region, ecs: counted({ ...region.ecs, services }, home) };
  });
}

function healed(service: Service): Service {
  const desired = service.desiredCount ?? 0;
  return {
    ...service,
    runningCount: desired,
    pendingCount: 0,
    deployments: [aDeployment(service.taskDefinition ?? '', desired)],
  };
}
