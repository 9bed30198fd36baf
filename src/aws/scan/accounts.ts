import { durationMs } from '../../kernel/duration.ts';
import type { Principal } from '../principal.ts';
import type { AccountSettings, backlogs } from '../settings.ts';

/** An account that is read and scanned without anybody being logged in. */
export interface ConfiguredAccount {
  /** Its name in the config; AWS's twelve digits are known once it was read. */
  readonly id: string;
  readonly principal: Extract<Principal, { readonly kind: 'configured' }>;
  /** Its home: what is answered where no region is named. */
  readonly region: string;
  /** Absent: all that are enabled. */
  readonly regions?: readonly string[];
  /** Undefined: only on demand. */
  readonly scanEveryMs: number | undefined;
  readonly backlog: (typeof backlogs)[number];
}

/** A member of `accounts`, checked by its schema. */
export function configuredAccount({
  id,
  ...settings
}: AccountSettings & { readonly id: string }): ConfiguredAccount {
  const { credentials, profile, roleArn, externalId, region, regions, scanEvery, backlog } = settings;
  const everyMs = durationMs(scanEvery);
  return {
    id,
    region,
    backlog,
    scanEveryMs: everyMs === 0 ? undefined : everyMs,
    ...(regions === undefined ? {} : { regions }),
    principal: {
      kind: 'configured',
      id,
      source: credentials,
      region,
      ...(profile === undefined ? {} : { profile }),
      ...(roleArn === undefined
        ? {}
        : { role: { arn: roleArn, ...(externalId === undefined ? {} : { externalId }) } }),
    },
  };
}
