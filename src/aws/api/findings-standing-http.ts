import { Type } from 'typebox';
import type { Clock } from '../../kernel/clock.ts';
import { periodQuery, toPeriod } from '../../kernel/period.ts';
import { Problem } from '../../kernel/problem.ts';
import { defineRoute, type Route } from '../../kernel/route.ts';
import { oneOf, toInstant } from '../../kernel/schema.ts';
import { checkedServices, type CheckSeverity } from '../checks/check.ts';
import { frameworkSummaries, type FrameworkSummary } from '../findings/framework-summary.ts';
import type { FindingCount, FindingReader, ScanStore } from '../findings/port.ts';
import { accountQuery } from './finding-query.ts';
import {
  type Checks,
  countsWire,
  frameworkListWire,
  frameworkWire,
  historyWire,
  toFrameworkWire,
  toPointWire,
} from './findings-wire.ts';

export interface StandingOptions {
  readonly reader: Pick<FindingReader, 'counts'>;
  readonly scans: Pick<ScanStore, 'latestDone' | 'history'>;
  readonly checks: Checks;
  readonly clock: Clock;
}

const shared = { method: 'GET', access: { kind: 'operator', scope: 'read' }, tag: 'AWS' } as const;

/** How accounts stand: findings counted, by framework, and over time. */
export const standingRoutes = (options: StandingOptions): Route[] => [
  countsRoute(options),
  frameworksRoute(options),
  frameworkRoute(options),
  historyRoute(options),
];

const countsRoute = ({ reader }: StandingOptions): Route =>
  defineRoute({
    ...shared,
    path: '/api/v1/findings/counts',
    summary: 'How many findings there are, by severity, service, account and check',
    query: Type.Object({ ...accountQuery, service: Type.Optional(oneOf(checkedServices)) }),
    reply: { status: 200, schema: countsWire },
    problems: ['store_unavailable'],
    async handle({ query: { accountId, service } }) {
      const counts = await reader.counts({
        ...(accountId === undefined ? {} : { account: accountId }),
        ...(service === undefined ? {} : { service }),
      });
      const by = <Name extends 'service' | 'account' | 'check'>(name: Name) =>
        [...new Set(counts.map((one) => one[name]))]
          .sort()
          .map((value) => ({ value, ...tallyOf(counts.filter((one) => one[name] === value)) }));
      return {
        ...tallyOf(counts),
        services: by('service').map(({ value, ...tally }) => ({ service: value, ...tally })),
        accounts: by('account').map(({ value, ...tally }) => ({ accountId: value, ...tally })),
        checks: by('check').map(({ value, ...tally }) => ({ check: value, ...tally })),
      };
    },
  });

function tallyOf(counts: readonly FindingCount[]) {
  const open: Record<CheckSeverity, number> = { informational: 0, low: 0, medium: 0, high: 0, critical: 0 };
  let muted = 0;
  let resolved = 0;
  for (const one of counts) {
    if (one.state === 'resolved') resolved += one.count;
    else if (one.muted) muted += one.count;
    else open[one.severity] += one.count;
  }
  return { open, muted, resolved };
}

const frameworksRoute = (options: StandingOptions): Route =>
  defineRoute({
    ...shared,
    path: '/api/v1/findings/frameworks',
    summary: 'How each framework stands, by the last done scan of each account and what is open',
    query: Type.Object(accountQuery),
    reply: { status: 200, schema: frameworkListWire },
    problems: ['store_unavailable'],
    async handle({ query: { accountId } }) {
      const summaries = await summariesOf(options, accountId);
      return {
        items: summaries.map(({ framework, version, statuses }) => ({ framework, version, statuses })),
      };
    },
  });

const MISSING = 'There is no such version of a framework: GET /api/v1/findings/frameworks lists them.';

const frameworkRoute = (options: StandingOptions): Route =>
  defineRoute({
    ...shared,
    path: '/api/v1/findings/frameworks/{framework}/{version}',
    summary: 'How each control of a framework stands',
    params: Type.Object({
      framework: Type.String({ pattern: '^[a-z0-9-]{1,64}$' }),
      version: Type.String({ pattern: '^[0-9A-Za-z.-]{1,32}$' }),
    }),
    missing: MISSING,
    query: Type.Object(accountQuery),
    reply: { status: 200, schema: frameworkWire },
    problems: ['not_found', 'store_unavailable'],
    async handle({ params, query: { accountId } }) {
      const found = (await summariesOf(options, accountId)).find(
        ({ framework, version }) => framework === params.framework && version === params.version,
      );
      if (found === undefined) throw new Problem('not_found', MISSING);
      return toFrameworkWire(found);
    },
  });

async function summariesOf(
  { reader, scans, checks }: StandingOptions,
  accountId: string | undefined,
): Promise<readonly FrameworkSummary[]> {
  const [reports, findings] = await Promise.all([
    scans.latestDone(accountId),
    reader.counts({ state: 'open', ...(accountId === undefined ? {} : { account: accountId }) }),
  ]);
  const said = reports.flatMap(({ outcome }) => (outcome === undefined ? [] : [outcome.checks]));
  return frameworkSummaries([...checks.values()], { scans: said, findings });
}

const POINTS_MAX = 2_000;
const USUAL_PERIOD_MS = 30 * 86_400_000;

/** An offset can lead out of the years that the answer can be written in. */
const toCalendar = (ms: number): number => Math.min(INSTANT_MS_MAX, Math.max(INSTANT_MS_MIN, ms));
const INSTANT_MS_MAX = 253_402_300_799_999;
const INSTANT_MS_MIN = -62_167_219_200_000;

const historyRoute = ({ scans, clock }: StandingOptions): Route =>
  defineRoute({
    ...shared,
    path: '/api/v1/findings/history',
    summary: `How accounts stood over time: a point for each done scan, at most ${POINTS_MAX}; the last 30 days unless told`,
    query: Type.Object({ ...accountQuery, ...periodQuery }),
    reply: { status: 200, schema: historyWire },
    problems: ['store_unavailable'],
    async handle({ query: { accountId, ...asked } }) {
      const said = toPeriod(asked);
      // The last millisecond counts: what has just been done is in it.
      const until = toCalendar(said.until ?? clock.now() + 1);
      const since = toCalendar(said.since ?? until - USUAL_PERIOD_MS);
      if (since >= until) throw new Problem('bad_request', '"since" must be before "until".');
      const account = accountId === undefined ? {} : { accountId };
      const points = await scans.history({ since, until, ...account }, POINTS_MAX);
      return { since: toInstant(since), until: toInstant(until), points: points.map(toPointWire) };
    },
  });
