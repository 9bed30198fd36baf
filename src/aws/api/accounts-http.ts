import { Type } from 'typebox';
import { defineRoute, type Route } from '../../kernel/route.ts';
import type { ScanStore } from '../findings/port.ts';
import type { ConfiguredAccount } from '../scan/accounts.ts';
import { accountWire, toScanWire } from './scans-wire.ts';

export interface AccountRoutesOptions {
  readonly accounts: readonly ConfiguredAccount[];
  readonly store: Pick<ScanStore, 'list'>;
}

const policyWire = Type.Object({
  Version: Type.String(),
  Statement: Type.Array(
    Type.Object({
      Sid: Type.String(),
      Effect: Type.String(),
      Resource: Type.String(),
      Action: Type.Array(Type.String()),
    }),
  ),
});

const read = { method: 'GET', access: { kind: 'operator', scope: 'read' }, tag: 'AWS' } as const;

/** The configured accounts, and the rights that reading one takes. */
export const accountRoutes = ({ accounts, store }: AccountRoutesOptions): Route[] => [
  defineRoute({
    ...read,
    path: '/api/v1/accounts',
    summary: 'The AWS accounts that are configured, each with its last scan',
    reply: { status: 200, schema: Type.Object({ items: Type.Array(accountWire) }) },
    problems: ['store_unavailable'],
    async handle() {
      return { items: await Promise.all(accounts.map((account) => toAccountWire(account, store))) };
    },
  }),
  defineRoute({
    ...read,
    path: '/api/v1/accounts/policy',
    summary: 'The least-privilege IAM policy: what the checks and the API read, and nothing else',
    reply: { status: 200, schema: policyWire },
    problems: [],
    async handle() {
      // With the checks: only whoever asks waits until they are loaded.
      const { leastPrivilegePolicy } = await import('../checks/least-privilege.ts');
      return leastPrivilegePolicy();
    },
  }),
];

async function toAccountWire(account: ConfiguredAccount, store: Pick<ScanStore, 'list'>) {
  const [last] = await store.list({ account: account.id }, 1);
  const { principal } = account;
  return {
    id: account.id,
    region: account.region,
    credentials: principal.source,
    roleArn: principal.role?.arn ?? null,
    regions: account.regions === undefined ? null : [...account.regions],
    scanEverySeconds: account.scanEveryMs === undefined ? null : Math.round(account.scanEveryMs / 1_000),
    lastScan: last === undefined ? null : toScanWire(last),
  };
}
