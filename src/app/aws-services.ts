import { Value } from 'typebox/value';
import { type AwsFront, awsRoutes } from '../aws/api/aws-routes.ts';
import type { CheckParameters } from '../aws/checks/check.ts';
import { allChecks } from '../aws/checks/index.ts';
import { findingStatements } from '../aws/findings/statements.ts';
import { FindingWriter } from '../aws/findings/record.ts';
import { ScanEnds } from '../aws/findings/scan-ends.ts';
import { scanStatements } from '../aws/findings/scan-statements.ts';
import { SqlScanStore } from '../aws/findings/scan-store.ts';
import { FindingStanding } from '../aws/findings/standing.ts';
import { FindingStore } from '../aws/findings/store.ts';
import type { AwsEndpoints } from '../aws/principal.ts';
import { type ConfiguredAccount, configuredAccount } from '../aws/scan/accounts.ts';
import { ScanRun } from '../aws/scan/scan-run.ts';
import { Scans, type SessionScan } from '../aws/scan/scans.ts';
import { accountSettings } from '../aws/settings.ts';
import { AnswerThread } from '../aws/thread/answer-thread.ts';
import { AwsThread } from '../aws/thread/aws-thread.ts';
import type { AwsThreadOptions } from '../aws/thread/protocol.ts';
import type { Ingest } from '../events/ingest.ts';
import type { Clock } from '../kernel/clock.ts';
import { durationMs } from '../kernel/duration.ts';
import type { Logger } from '../kernel/log.ts';
import type { RouteInput } from '../kernel/route.ts';
import type { Ephemeral } from '../storage/ephemeral/port.ts';
import type { Journal } from '../storage/journal.ts';
import type { Store } from '../storage/store.ts';
import { ENVIRONMENT_ACCOUNT } from './aws-settings.ts';
import type { Config } from './settings.ts';

export interface AwsParts {
  readonly config: Config;
  readonly store: Store;
  readonly journal: Journal;
  readonly ingest: Ingest;
  readonly ephemeral: Ephemeral;
  readonly clock: Clock;
  readonly log: Logger;
}

const HOUR_MS = 3_600_000;

export const awsStatements = { ...findingStatements, ...scanStatements };

/** AWS as the config this process was started with has it. Nothing runs yet, and no library of AWS's is loaded. */
export function createAws(parts: AwsParts) {
  const { config, store, journal, clock } = parts;
  const { callsAtOnce, pace } = config.aws;
  const freshForMs = durationMs(config.aws.freshFor);
  const threads = { endpoints: endpointsOf(config), callsAtOnce, pace, freshForMs };
  const accounts = accountsOf(config);
  const answerThread = new AnswerThread({ ...threads, clock });
  const findings = new FindingStore(store, clock);
  const scanStore = new SqlScanStore(store, journal);
  const scanRun = scanRunOptions(parts, { findings, scanStore, threads });
  const scans = new Scans({
    ...parts,
    accounts,
    store: scanStore,
    leadership: store.leadership,
    run: (order, signal) => ScanRun.make(scanRun, order, signal),
  });
  const standing = new FindingStanding({ reader: findings, scans: scanStore, clock });
  const front = awsRoutes({
    ...parts,
    standing: ({ account }) => standing.of(account),
    accounts: () => accounts,
    identify: (principal) => answerThread.identify(principal),
    ask: (...asked) => answerThread.answer(...asked),
    forget(owner) {
      answerThread.forget(owner);
      scans.endOf(owner);
    },
    sessionMs: durationMs(config.aws.sessionLength),
    sessionsMax: config.aws.sessionsMax,
    freshForMs,
    staleForMs: durationMs(config.aws.staleFor),
  });
  const retentionMs = Math.max(HOUR_MS, durationMs(config.aws.retention));
  return {
    awsFront: front,
    awsAccounts: accounts,
    answerThread,
    findings,
    scanStore,
    scans,
    sessionScanOf: sessionScans(front),
    /** Resolved findings, and what is known of scans. */
    awsSweeps: [
      (limit: number) => findings.sweep(clock.now() - retentionMs, limit),
      (limit: number) => scanStore.sweepScans(clock.now() - retentionMs, limit),
    ],
  };
}

interface ScanParts {
  readonly findings: FindingStore;
  readonly scanStore: SqlScanStore;
  readonly threads: AwsThreadOptions;
}

function scanRunOptions(parts: AwsParts, { findings, scanStore, threads }: ScanParts) {
  const about = { ...parts, reader: findings, scans: scanStore, checks: allChecks };
  return {
    ...about,
    store: scanStore,
    writer: new FindingWriter(about),
    ends: new ScanEnds(about),
    openThread: (noticed: ConstructorParameters<typeof AwsThread>[1]) => new AwsThread(threads, noticed),
    excluded: parts.config.aws.checks.exclude,
    parameters: parametersOf(parts.config),
  };
}

/** Who is logged in to AWS beside being an operator. */
function sessionScans({ sessions }: AwsFront) {
  return async ({
    headers,
    secure,
  }: Pick<RouteInput<never, never, never>, 'headers' | 'secure'>): Promise<SessionScan | undefined> => {
    const session = await sessions.find(headers, secure);
    if (session === undefined) return undefined;
    const { owner, principal, identity } = session;
    return { owner, principal, accountId: identity.accountId };
  };
}

/** Every account of the config; the environment makes one of its own. */
export function accountsOf({ accounts, aws }: Config): readonly ConfiguredAccount[] {
  const declared = accounts.map(configuredAccount);
  if (!aws.scan) return declared;
  const settings = { ...Value.Create(accountSettings), scanEvery: aws.scanEvery };
  return [configuredAccount({ ...settings, id: ENVIRONMENT_ACCOUNT }), ...declared];
}

/** Where AWS is asked. */
export const endpointsOf = ({ aws: { endpoint, endpoints, pathStyle } }: Config): AwsEndpoints => ({
  ...(endpoint === undefined ? {} : { all: endpoint }),
  ...endpoints,
  pathStyle,
});

const parametersOf = ({ aws: { checks } }: Config): CheckParameters => ({
  authorizedPorts: checks.authorizedPorts,
  unattachedDays: checks.unattachedDays,
  oldSnapshotDays: checks.oldSnapshotDays,
  stuckDeploymentMinutes: checks.stuckDeploymentMinutes,
});
