import { Type } from 'typebox';
import { instant, nullable, oneOf, type Static, toInstant, toInstantOrNull } from '../kernel/schema.ts';
import type { OpenTarget } from '../targets/open-target.ts';
import { holdReasons, type Hold, targetStates } from './target-standing.ts';
import type { Counted, TargetReport } from './target-reports.ts';

/** Why deliveries wait; the end of it, when it ends by itself. */
export const holdWire = Type.Object({ reason: oneOf(holdReasons), until: nullable(instant()) });

export const toHoldWire = (hold: Hold | undefined): Static<typeof holdWire> | null =>
  hold === undefined ? null : { reason: hold.reason, until: toInstantOrNull(hold.until) };

const countWire = Type.Object({
  count: Type.Integer(),
  isMore: Type.Boolean({ description: 'There are more: they are counted up to 10,000.' }),
  oldestAt: nullable(instant('When the oldest of them was made.')),
});

/** The attempts of the last hour. */
const healthWire = Type.Object({
  delivered: Type.Integer(),
  failed: Type.Integer({ description: 'Attempts that failed and are made again.' }),
  rejected: Type.Integer({ description: 'Attempts that ended a delivery for good.' }),
  successRate: nullable(Type.Number({ description: 'From 0 to 1; null without an attempt.' })),
  durationMs: nullable(
    Type.Object({ p50: Type.Integer(), p95: Type.Integer() }, { description: 'Of attempts, within 25 %.' }),
  ),
  lastSuccessAt: nullable(instant()),
  lastFailureAt: nullable(instant()),
  failingSince: nullable(instant('The first failure after the last success.')),
  breaker: Type.Object({
    state: oneOf(['closed', 'open', 'half_open'], {
      description: 'Of the replica that is worst off; of others than the one asked as of a few seconds ago.',
    }),
    until: nullable(instant()),
  }),
  pending: countWire,
  skipped: Type.Object(countWire.properties, { description: 'Skipped, and not replayed yet.' }),
});

/** Where events go, how it stands and how it did of late. Its settings are not shown. */
export const targetWire = Type.Object({
  id: Type.String(),
  kind: Type.String(),
  origin: oneOf(['file', 'store']),
  state: oneOf(targetStates),
  reason: nullable(Type.String({ description: 'Of our own doing: `failing`, `gone`.' })),
  changedBy: nullable(Type.String({ description: 'An operator, or `tocsin`.' })),
  changedAt: nullable(instant()),
  until: nullable(instant('When a pause ends by itself.')),
  held: Type.Union([holdWire, Type.Null()], {
    description: 'Why the replica asked sends nothing to it now.',
  }),
  rateLimit: nullable(Type.String()),
  fallback: nullable(Type.String()),
  health: healthWire,
});
export type TargetWire = Static<typeof targetWire>;

/** A target as configured, without what is its kind's. */
export interface ConfiguredTarget {
  readonly target: OpenTarget;
  readonly origin: 'file' | 'store';
}

export function toTargetWire({ target, origin }: ConfiguredTarget, report: TargetReport): TargetWire {
  const { standing, state } = report;
  const isPlain = state === 'enabled';
  return {
    id: target.id,
    kind: target.kind,
    origin,
    state,
    reason: isPlain ? null : (standing.reason ?? null),
    changedBy: standing.changedBy ?? null,
    changedAt: instantOrNull(standing.changedAt),
    until: isPlain ? null : instantOrNull(standing.endsAt),
    held: toHoldWire(report.hold),
    rateLimit: rateText(target),
    fallback: target.operation.fallback ?? null,
    health: toHealthWire(report),
  };
}

function toHealthWire({ standing, attempts, breaker, pending, skipped }: TargetReport): TargetWire['health'] {
  const { delivered, failed, rejected, durations } = attempts;
  const total = delivered + failed + rejected;
  const [p50, p95] = [durations.quantile(0.5), durations.quantile(0.95)];
  return {
    delivered,
    failed,
    rejected,
    successRate: total === 0 ? null : delivered / total,
    durationMs: p50 === undefined || p95 === undefined ? null : { p50, p95 },
    lastSuccessAt: instantOrNull(standing.lastSuccessAt),
    lastFailureAt: instantOrNull(standing.lastFailureAt),
    failingSince: instantOrNull(standing.failingSince),
    breaker: { state: breaker.state, until: instantOrNull(breaker.until) },
    pending: toCountWire(pending),
    skipped: toCountWire(skipped),
  };
}

const toCountWire = ({ count, isMore, oldestAt }: Counted): Static<typeof countWire> => ({
  count,
  isMore,
  oldestAt: toInstantOrNull(oldestAt),
});

/** 0 stands for never. */
const instantOrNull = (ms: number): string | null => (ms === 0 ? null : toInstant(ms));

const UNITS: Readonly<Record<number, string>> = { 1_000: 's', 60_000: 'm', 3_600_000: 'h' };

function rateText({ operation: { rateLimit } }: OpenTarget): string | null {
  return rateLimit === undefined ? null : `${rateLimit.limit}/${UNITS[rateLimit.periodMs] ?? '?'}`;
}
