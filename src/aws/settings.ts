import { Type } from 'typebox';
import type { Fault } from '../kernel/fault.ts';
import { duration, oneOf, type Static } from '../kernel/schema.ts';
import { durationMs } from '../kernel/duration.ts';
import { credentialSources } from './principal.ts';

export const REGION_PATTERN = '^[a-z]{2}(-[a-z]{2,8}){1,3}-[0-9]{1,2}$';
export const ROLE_PATTERN = '^arn:aws[a-z-]*:iam::[0-9]{12}:role/[\\w+=,.@/-]{1,512}$';
/** AWS's own rule for external ids. */
export const EXTERNAL_ID_PATTERN = '^[\\w+=,.@:/-]{2,1224}$';

export const backlogs = ['summary', 'each'] as const;

/** One AWS account that is scanned without anybody being logged in. */
export const accountSettings = Type.Object(
  {
    credentials: oneOf(credentialSources, {
      default: 'default',
      description:
        "Where its credentials come from: AWS's default chain, the AWS_* environment, `profile` of the shared files, the container's role, or the instance's.",
    }),
    profile: Type.Optional(
      Type.String({
        pattern: '^[\\w .@+/-]{1,128}$',
        description: 'The profile, with `credentials: profile`.',
      }),
    ),
    roleArn: Type.Optional(
      Type.String({
        pattern: ROLE_PATTERN,
        expected: "a role's ARN",
        description: 'A role that is assumed with those credentials, in this account or another.',
      }),
    ),
    externalId: Type.Optional(
      Type.String({
        pattern: EXTERNAL_ID_PATTERN,
        expected: 'letters, digits and _+=,.@:/-',
        description: "What the role's trust policy asks for.",
      }),
    ),
    region: Type.String({
      pattern: REGION_PATTERN,
      expected: "a region's name",
      default: 'us-west-2',
      description: 'Its home: what is answered where no region is named.',
    }),
    regions: Type.Optional(
      Type.Array(Type.String({ pattern: REGION_PATTERN, expected: "a region's name" }), {
        minItems: 1,
        maxItems: 50,
        description: 'The regions that are scanned. Absent: all that are enabled.',
      }),
    ),
    scanEvery: duration({
      default: '6h',
      description: 'How often it is scanned, the first time at the start. `0s`: only on demand.',
    }),
    backlog: oneOf(backlogs, {
      default: 'summary',
      description:
        'What is told of what a check finds the first time, which was there before anybody asked: one event for all, or an event for each.',
    }),
  },
  { additionalProperties: false },
);
export type AccountSettings = Static<typeof accountSettings>;

/** What the schema of a member cannot say. */
export function accountFaults(accounts: readonly AccountSettings[]): readonly Fault[] {
  return accounts.flatMap((account, index) =>
    memberFaults(account).map(({ path, message }) => ({ path: `accounts[${index}].${path}`, message })),
  );
}

const SCAN_EVERY_MS_MIN = 60_000;

function memberFaults({
  credentials,
  profile,
  roleArn,
  externalId,
  scanEvery,
}: AccountSettings): readonly Fault[] {
  const everyMs = durationMs(scanEvery);
  return [
    ...((credentials === 'profile') === (profile !== undefined)
      ? []
      : [{ path: 'profile', message: 'goes with `credentials: profile`: set both or none' }]),
    ...(externalId !== undefined && roleArn === undefined
      ? [{ path: 'externalId', message: 'goes with `roleArn`' }]
      : []),
    ...(everyMs !== 0 && everyMs < SCAN_EVERY_MS_MIN
      ? [{ path: 'scanEvery', message: 'must be 0s, or at least 1m' }]
      : []),
  ];
}
