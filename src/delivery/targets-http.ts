import { Type } from 'typebox';
import { periodQuery, toPeriod } from '../kernel/period.ts';
import type { Clock } from '../kernel/clock.ts';
import { durationMs } from '../kernel/duration.ts';
import { Problem } from '../kernel/problem.ts';
import { defineRoute, operator, type Route } from '../kernel/route.ts';
import { duration, idText } from '../kernel/schema.ts';
import type { TargetControl } from './target-control.ts';
import type { TargetReports } from './target-reports.ts';
import { type ConfiguredTarget, targetWire, type TargetWire, toTargetWire } from './targets-wire.ts';

export interface TargetRoutesOptions {
  /** The configured targets, in the order of the config. */
  readonly targets: () => readonly ConfiguredTarget[];
  readonly reports: TargetReports;
  readonly control: TargetControl;
  readonly clock: Clock;
}

const params = Type.Object({ id: idText('The id of the target.') });
const reason = Type.Optional(
  Type.String({ minLength: 1, maxLength: 500, description: 'Why, for the colleagues.' }),
);
const reply = { status: 200, schema: targetWire } as const;
const changing = {
  method: 'POST',
  access: { kind: 'operator', scope: 'operate' },
  tag: 'Targets',
  params,
  reply,
} as const;
/** A pause beyond this is a disabling that nobody wanted to call so. */
const PAUSE_MS_MAX = 366 * 86_400_000;

export const targetRoutes = (options: TargetRoutesOptions): Route[] => [
  listTargets(options),
  ...changeRoutes(options),
];

const listTargets = ({ targets, reports }: TargetRoutesOptions): Route =>
  defineRoute({
    method: 'GET',
    path: '/api/v1/targets',
    access: { kind: 'operator', scope: 'read' },
    tag: 'Targets',
    summary: 'Every target: how it stands, and how it did in the last hour',
    reply: { status: 200, schema: Type.Object({ items: Type.Array(targetWire) }) },
    problems: ['store_unavailable'],
    async handle() {
      const all = targets();
      const found = await reports.of(all.map(({ target }) => target.id));
      const items = all.flatMap((one, index) => {
        const report = found[index];
        return report === undefined ? [] : [toTargetWire(one, report)];
      });
      return { items };
    },
  });

/** In this order a target goes through all of them and is as it was. */
const changeRoutes = (options: TargetRoutesOptions): Route[] => [
  defineRoute({
    ...changing,
    path: '/api/v1/targets/{id}/pause',
    summary: 'Hold its deliveries until it is resumed, or for a time',
    body: Type.Object(
      {
        reason,
        until: periodQuery.until,
        for: Type.Optional(duration({ description: 'It ends by itself after that; instead of `until`.' })),
      },
      { additionalProperties: false },
    ),
    problems: ['not_found', 'conflict', 'store_unavailable'],
    async handle({ params: { id }, body, actor }) {
      const endsAt = endOf(body, options.clock.now());
      find(options, id);
      await options.control.change(id, { action: 'pause', reason: body.reason, endsAt }, operator(actor));
      return showTarget(options, id);
    },
  }),
  defineRoute({
    ...changing,
    path: '/api/v1/targets/{id}/resume',
    summary: "End a pause, a breaker's pause, and what a Retry-After holds",
    problems: ['not_found', 'conflict', 'store_unavailable'],
    async handle({ params: { id }, actor }) {
      find(options, id);
      await options.control.change(id, { action: 'resume' }, operator(actor));
      return showTarget(options, id);
    },
  }),
  defineRoute({
    ...changing,
    path: '/api/v1/targets/{id}/disable',
    summary: 'Skip new deliveries, or give them to the fallback; hold those on their way',
    body: Type.Object({ reason }, { additionalProperties: false }),
    problems: ['not_found', 'store_unavailable'],
    async handle({ params: { id }, body, actor }) {
      find(options, id);
      await options.control.change(id, { action: 'disable', reason: body.reason }, operator(actor));
      return showTarget(options, id);
    },
  }),
  defineRoute({
    ...changing,
    path: '/api/v1/targets/{id}/enable',
    summary: 'Send again. What was skipped meanwhile is counted in `health.skipped`, to be replayed',
    problems: ['not_found', 'store_unavailable'],
    async handle({ params: { id }, actor }) {
      find(options, id);
      await options.control.change(id, { action: 'enable' }, operator(actor));
      return showTarget(options, id);
    },
  }),
];

function find({ targets }: Pick<TargetRoutesOptions, 'targets'>, id: string): ConfiguredTarget {
  const found = targets().find(({ target }) => target.id === id);
  if (found === undefined) throw new Problem('not_found', 'There is no target with this id.');
  return found;
}

/** One target: how it stands, and how it did in the last hour. */
export async function showTarget(
  options: Pick<TargetRoutesOptions, 'targets' | 'reports'>,
  id: string,
): Promise<TargetWire> {
  const found = find(options, id);
  const [report] = await options.reports.of([id]);
  if (report === undefined) throw new TypeError('a report was asked for and not made');
  return toTargetWire(found, report);
}

/** Unix ms; undefined when only an operator ends it. */
function endOf(body: { until?: string; for?: string }, now: number): number | undefined {
  if (body.until === undefined && body.for === undefined) return undefined;
  if (body.until !== undefined && body.for !== undefined)
    throw new Problem('bad_request', 'Give "until" or "for", not both.');
  const endsAt = toPeriod({ until: body.until }).until ?? now + durationMs(body.for ?? '');
  if (endsAt <= now) throw new Problem('bad_request', 'The end of the pause must lie ahead.');
  if (endsAt > now + PAUSE_MS_MAX) throw new Problem('bad_request', 'A pause is at most a year long.');
  return endsAt;
}
