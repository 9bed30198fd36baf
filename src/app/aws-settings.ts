import { Type } from 'typebox';
import { setting } from '../config/definition.ts';
import { durationMs } from '../kernel/duration.ts';
import type { Fault } from '../kernel/fault.ts';
import { duration, oneOf } from '../kernel/schema.ts';
import { paces } from '../aws/principal.ts';

/** The id of the account that the environment configures. */
export const ENVIRONMENT_ACCOUNT = 'default';

const endpoint = (what: string, env: string) =>
  setting(
    Type.Optional(
      Type.String({
        pattern: '^https?://[^\\s?#@]+$',
        maxLength: 2_048,
        expected: 'an http or https URL without credentials and query',
        description: `Where ${what} is asked. Absent: at AWS's own endpoint.`,
      }),
    ),
    { env: [env], emptyIsUnset: true },
  );

const days = (initial: number, description: string) =>
  setting(Type.Integer({ minimum: 1, maximum: 36_500, default: initial, description }));

/** AWS accounts: sessions, scans and checks; the accounts themselves are a list of the file. */
export const awsSettings = {
  'aws.scan': setting(
    Type.Boolean({
      default: false,
      description:
        "Whether the account of AWS's default credential chain (environment, shared files, role) is scanned: an account `default` without a file.",
    }),
    { env: ['TOCSIN_AWS_SCAN'] },
  ),
  'aws.scanEvery': setting(duration({ default: '6h', description: 'How often that account is scanned.' }), {
    env: ['TOCSIN_AWS_SCAN_EVERY'],
  }),
  'aws.sessionLength': setting(
    duration({ default: '60m', description: 'For so long who logs in with AWS keys stays logged in.' }),
  ),
  'aws.sessionsMax': setting(
    Type.Integer({
      minimum: 1,
      maximum: 10_000,
      default: 500,
      description: 'How many may be logged in with AWS keys at once; then 429.',
    }),
  ),
  'aws.freshFor': setting(
    duration({
      default: '60s',
      description:
        'For so long an answer about an account is given again without asking AWS; `Cache-Control: no-cache` asks all the same.',
    }),
  ),
  'aws.staleFor': setting(
    duration({
      default: '15m',
      description: 'For so long after that the old answer is given while a new one is fetched.',
    }),
  ),
  'aws.callsAtOnce': setting(
    Type.Integer({
      minimum: 1,
      maximum: 256,
      default: 64,
      description:
        "Calls to AWS under way at once, of one scan or one session. AWS's rates are kept besides.",
    }),
  ),
  'aws.pace': setting(
    oneOf(paces, {
      default: 'careful',
      description:
        'Whether scans stay below the rates that AWS lets an account ask at, so that its own automation always gets its turn, or go beyond them for a moment (`fast`): an account with hundreds of task definitions in a region is read in half the time.',
    }),
  ),
  'aws.endpoint': endpoint('every AWS service', 'TOCSIN_AWS_ENDPOINT'),
  'aws.endpoints.ec2': endpoint('EC2', 'TOCSIN_AWS_ENDPOINT_EC2'),
  'aws.endpoints.ecs': endpoint('ECS', 'TOCSIN_AWS_ENDPOINT_ECS'),
  'aws.endpoints.s3': endpoint('S3', 'TOCSIN_AWS_ENDPOINT_S3'),
  'aws.endpoints.s3control': endpoint('S3 Control', 'TOCSIN_AWS_ENDPOINT_S3CONTROL'),
  'aws.endpoints.cloudwatch': endpoint('CloudWatch', 'TOCSIN_AWS_ENDPOINT_CLOUDWATCH'),
  'aws.endpoints.sts': endpoint('STS', 'TOCSIN_AWS_ENDPOINT_STS'),
  'aws.pathStyle': setting(
    Type.Boolean({
      default: false,
      description:
        "Whether a bucket's name stands in the path instead of the host name, as stores like S3 want it.",
    }),
    { env: ['TOCSIN_AWS_PATH_STYLE'] },
  ),
  'aws.retention': setting(
    duration({
      default: '365d',
      description: 'For so long resolved findings and what is known of scans are kept.',
    }),
  ),
  'aws.checks.exclude': setting(
    Type.Array(Type.String({ pattern: '^[a-z0-9]+\\.[a-z0-9-]{1,60}$', expected: "a check's id" }), {
      default: [],
      maxItems: 200,
      description: 'Checks that are left out. What they found before stays as it is.',
    }),
  ),
  'aws.checks.authorizedPorts': setting(
    Type.Array(Type.Integer({ minimum: 0, maximum: 65_535 }), {
      default: [80, 443],
      maxItems: 1_000,
      description: 'Ports that may be open to everybody.',
    }),
  ),
  'aws.checks.unattachedDays': days(7, 'Days for which a volume may be attached to nothing.'),
  'aws.checks.oldSnapshotDays': days(365, 'Days after which a snapshot counts as old.'),
  'aws.checks.stuckDeploymentMinutes': setting(
    Type.Integer({
      minimum: 1,
      maximum: 10_080,
      default: 15,
      description: 'Minutes after which a deployment that is still in progress counts as stuck.',
    }),
  ),
};

interface AwsConfig {
  readonly aws: {
    readonly scan: boolean;
    readonly scanEvery: string;
    readonly sessionLength: string;
    readonly freshFor: string;
    readonly staleFor: string;
    readonly retention: string;
    readonly checks: { readonly exclude: readonly string[] };
  };
  readonly accounts: readonly { readonly id: string }[];
}

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** What does not fit together. `checkIds`: those that there are. */
export function awsFaults({ aws, accounts }: AwsConfig, checkIds: ReadonlySet<string>): readonly Fault[] {
  const between = (
    path: string,
    text: string,
    least: number,
    most: number,
    words: string,
  ): readonly Fault[] => {
    const ms = durationMs(text);
    return ms >= least && ms <= most ? [] : [{ path: `aws.${path}`, message: words }];
  };
  return [
    ...between('scanEvery', aws.scanEvery, MINUTE_MS, 366 * DAY_MS, 'must be at least 1m'),
    ...between('sessionLength', aws.sessionLength, SECOND_MS, DAY_MS / 2, 'must be between 1s and 12h'),
    ...between('freshFor', aws.freshFor, 0, DAY_MS, 'must be at most 1d'),
    ...between('staleFor', aws.staleFor, 0, DAY_MS, 'must be at most 1d'),
    ...between('retention', aws.retention, DAY_MS, 36_500 * DAY_MS, 'must be at least 1d'),
    ...(aws.scan && accounts.some(({ id }) => id === ENVIRONMENT_ACCOUNT)
      ? [
          {
            path: 'aws.scan',
            message: 'makes an account `default`, which the file declares too: take one away',
          },
        ]
      : []),
    ...aws.checks.exclude.flatMap((id, index) =>
      checkIds.has(id)
        ? []
        : [{ path: `aws.checks.exclude[${index}]`, message: 'is no check: `tocsin aws checks` lists them' }],
    ),
  ];
}
