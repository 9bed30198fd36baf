import { Type } from 'typebox';
import type { Clock } from '../../kernel/clock.ts';
import { durationMs } from '../../kernel/duration.ts';
import { periodQuery, toPeriod } from '../../kernel/period.ts';
import { Problem } from '../../kernel/problem.ts';
import { defineRoute, type Route } from '../../kernel/route.ts';
import { duration, instant, toInstant } from '../../kernel/schema.ts';
import { traitQuery } from './filter-query.ts';
import type { IncidentReader } from '../store/port.ts';
import { countsWire, toCalendar, toCounts } from './wire.ts';

const STEPS_MAX = 2_000;
const STEP_MS_MIN = 1_000;
const USUAL_PERIOD_MS = 7 * 86_400_000;
/** What people count by, for the advice in a refusal. */
const USUAL_STEPS = ['1m', '5m', '15m', '1h', '6h', '1d', '7d', '30d', '365d'] as const;

const wire = Type.Object({
  since: instant('Where the first step begins.'),
  until: instant('Where the last one ends.'),
  step: Type.String(),
  points: Type.Array(Type.Object({ at: instant('Where the step begins.'), counts: countsWire }), {
    description: 'In the order of time. Steps without an incident are left out.',
  }),
});

export const countRoute = ({
  reader,
  clock,
}: {
  reader: Pick<IncidentReader, 'counts'>;
  clock: Clock;
}): Route =>
  defineRoute({
    method: 'GET',
    path: '/api/v1/incidents/counts',
    access: { kind: 'operator', scope: 'read' },
    tag: 'Incidents',
    summary: 'How many incidents there were over time, by priority; the last seven days unless told',
    query: Type.Object({
      ...periodQuery,
      ...traitQuery,
      step: duration({ default: '1h', description: `How long one step is; at most ${STEPS_MAX} of them.` }),
    }),
    reply: { status: 200, schema: wire },
    problems: ['store_unavailable'],
    async handle({ query: { since, until, step, ...traits } }) {
      const stepMs = durationMs(step);
      if (stepMs < STEP_MS_MIN) throw new Problem('bad_request', '"step" must be at least 1s.');
      const period = periodOf(toPeriod({ since, until }), stepMs, clock.now());
      const points = await reader.counts({ ...traits, ...period }, stepMs);
      return {
        since: toInstant(period.since),
        until: toInstant(period.until),
        step,
        points: points.map(({ at, counts }) => ({ at: toInstant(at), counts: toCounts(counts) })),
      };
    },
  });

interface Period {
  readonly since: number;
  readonly until: number;
}

/** What is not said: until now, from a whole step seven days before. */
function periodOf(said: Partial<Period>, stepMs: number, now: number): Period {
  // An offset can lead out of the years that the answer can be written in.
  const until = toCalendar(said.until ?? now);
  const since = toCalendar(said.since ?? usualSince(until, stepMs));
  if (since >= until) throw new Problem('bad_request', '"since" must be before "until".');
  const steps = Math.ceil((until - since) / stepMs);
  if (steps <= STEPS_MAX) return { since, until };
  const enough = USUAL_STEPS.find((one) => (until - since) / durationMs(one) < STEPS_MAX);
  const advice =
    enough === undefined ? 'Ask for a shorter period' : `Take "step=${enough}", or a shorter period`;
  throw new Problem('bad_request', `That would be ${steps} steps, and ${STEPS_MAX} are answered. ${advice}.`);
}

/** At a whole step, so that the points of one day are those of the next; unless one step is longer than all. */
function usualSince(until: number, stepMs: number): number {
  const since = until - USUAL_PERIOD_MS;
  return stepMs > USUAL_PERIOD_MS ? since : Math.floor(since / stepMs) * stepMs;
}
