import { oneLine } from '../../kernel/one-line.ts';
import type { AccountInventory, RegionInventory } from '../inventory/account.ts';
import type { Listing, ReadFailure } from '../inventory/reading.ts';
import type { ReadName } from '../inventory/reads.ts';

/** OCSF's scale without "unknown"; each is worse than those before it. */
export const severities = ['informational', 'low', 'medium', 'high', 'critical'] as const;
export type CheckSeverity = (typeof severities)[number];

export const statuses = ['PASS', 'FAIL', 'UNKNOWN', 'NOT_APPLICABLE'] as const;
export type CheckStatus = (typeof statuses)[number];

export const checkedServices = ['ecs', 's3', 'ebs', 'net'] as const;
export type CheckedService = (typeof checkedServices)[number];

/** One control of one framework. Frameworks renumber: this is data, and several versions stand beside each other. */
export interface FrameworkControl {
  /** `aws-fsbp` (Security Hub), `cis-aws`. */
  readonly framework: string;
  /** `3.0`, `6.0`; of Security Hub the release of its list. */
  readonly version: string;
  /** `EC2.13`, `5.2`. */
  readonly control: string;
}

export interface CheckFacts {
  /** `s3.public-policy`: stable for good. */
  readonly id: string;
  readonly service: CheckedService;
  /** What is asserted, as a sentence that is true where the check passes. */
  readonly title: string;
  /** Of a failure, unless its result says otherwise. */
  readonly severity: CheckSeverity;
  /** What can happen, in a sentence or two. */
  readonly why: string;
  readonly fix: {
    /** Steps in AWS's console. */
    readonly console: string;
    /** A command, with `<PLACEHOLDERS>`. */
    readonly cli: string;
  };
  /** AWS's own documentation first. */
  readonly references: readonly string[];
  readonly controls: readonly FrameworkControl[];
  /** What it looks at: the policy and the scan's reads are made of this. */
  readonly reads: readonly ReadName[];
}

/** What is judged. */
export interface Resource {
  /** `bucket`, `volume`, `security-group`, `region`, … */
  readonly type: string;
  /** Its ARN: unique over accounts and regions. */
  readonly arn: string;
  /** What people call it: `web (sg-0a…)`. */
  readonly name: string;
  readonly region: string;
}

export interface Verdict {
  readonly status: CheckStatus;
  /** Names the evidence in one line; at most 500 characters, and never a secret's value. */
  readonly reason: string;
  /** Where it is not the check's own. */
  readonly severity?: CheckSeverity;
  /** Of a failure: what decides its severity could not all be read, so that the one that is known stays. */
  readonly isSeverityOpen?: boolean;
  /** For UNKNOWN: what could not be read. */
  readonly failures?: readonly ReadFailure[];
  /** The facts behind it, small; plain data. */
  readonly evidence?: Readonly<Record<string, unknown>>;
}

export interface CheckResult extends Verdict {
  readonly resource: Resource;
}

/** One check over one place: a region, or the account as a whole (`global`). */
export interface CheckRun {
  readonly checkId: string;
  /** The check's own: of a failure whose result says no other. */
  readonly severity: CheckSeverity;
  readonly place: string;
  /** Whether all that it is about there was listed: only then is what is not in the results gone. */
  readonly isWhole: boolean;
  readonly results: readonly CheckResult[];
}

/** What can be tuned. */
export interface CheckParameters {
  /** Ports that may be open to everybody. */
  readonly authorizedPorts: readonly number[];
  readonly unattachedDays: number;
  readonly oldSnapshotDays: number;
  readonly stuckDeploymentMinutes: number;
}

export interface CheckContext {
  readonly account: AccountInventory;
  readonly parameters: CheckParameters;
  /** Unix ms; the only clock a check knows. */
  readonly now: number;
}

/** A pure judge over what was collected. */
export interface Check extends CheckFacts {
  run(context: CheckContext): readonly CheckRun[];
}

interface SubjectCheck<S, Place> extends CheckFacts {
  /** What is judged there; failures of it make one UNKNOWN for the place. */
  subjects(place: Place): Listing<S>;
  resource(subject: S, place: Place, context: CheckContext): Resource;
  judge(subject: S, place: Place, context: CheckContext): Verdict;
}

/** A check of things that a region has. */
export function defineRegionCheck<S>(parts: SubjectCheck<S, RegionInventory>): Check {
  const { subjects, resource, judge, ...facts } = parts;
  return {
    ...facts,
    run: (context) =>
      context.account.regions.map((region) =>
        runOver(facts, region.region, subjects(region), context, (subject) => ({
          resource: resource(subject, region, context),
          ...judge(subject, region, context),
        })),
      ),
  };
}

/** A check of things that the account has over all regions: buckets, and the account itself. */
export function defineAccountCheck<S>(parts: SubjectCheck<S, AccountInventory>): Check {
  const { subjects, resource, judge, ...facts } = parts;
  return {
    ...facts,
    run: (context) => [
      runOver(facts, GLOBAL, subjects(context.account), context, (subject) => ({
        resource: resource(subject, context.account, context),
        ...judge(subject, context.account, context),
      })),
    ],
  };
}

/** The place of what has no region. */
export const GLOBAL = 'global';

function runOver<S>(
  { id: checkId, severity }: Pick<CheckFacts, 'id' | 'severity'>,
  place: string,
  { items, failures }: Listing<S>,
  context: CheckContext,
  judge: (subject: S) => CheckResult,
): CheckRun {
  const results = items.map(judge);
  const isWhole = failures.length === 0;
  if (isWhole) return { checkId, severity, place, isWhole, results };
  return { checkId, severity, place, isWhole, results: [...results, unreadPlace(place, failures, context)] };
}

/** Something there could not be listed: what is missing is not known, and must not look like nothing. */
const unreadPlace = (
  place: string,
  failures: readonly ReadFailure[],
  { account: { identity } }: CheckContext,
): CheckResult => ({
  resource: {
    type: place === GLOBAL ? 'account' : 'region',
    arn: `arn:${identity.partition}:tocsin:${place === GLOBAL ? '' : place}:${identity.accountId}:unread`,
    name: place === GLOBAL ? identity.accountId : place,
    region: place,
  },
  ...unknown(failures),
});

/** Names in it are other people's words. */
const REASON_MAX = 500;
const said = (reason: string): string => oneLine(reason, REASON_MAX);

export const pass = (reason: string, evidence?: Verdict['evidence']): Verdict => ({
  status: 'PASS',
  reason: said(reason),
  ...(evidence && { evidence }),
});

export const fail = (
  reason: string,
  more: Pick<Verdict, 'severity' | 'isSeverityOpen' | 'evidence'> = {},
): Verdict => ({
  status: 'FAIL',
  reason: said(reason),
  ...more,
});

export const notApplicable = (reason: string): Verdict => ({
  status: 'NOT_APPLICABLE',
  reason: said(reason),
});

/** Names each missing action once. */
export function unknown(failures: readonly ReadFailure[]): Verdict {
  const each = [...new Set(failures.map(({ action, kind, code }) => `${action} was ${kind} (${code})`))];
  return {
    status: 'UNKNOWN',
    reason: said(
      `Not judged: ${each.slice(0, 3).join(', ')}${each.length > 3 ? `, and ${each.length - 3} more` : ''}.`,
    ),
    failures: failures.slice(0, 20),
  };
}
