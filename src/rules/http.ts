import { Type } from 'typebox';
import type { ListedEvent } from '../events/store.ts';
import type { Fault } from '../kernel/fault.ts';
import type { EventId } from '../kernel/ids.ts';
import { Problem } from '../kernel/problem.ts';
import { type Actor, defineRoute, operator, type Route } from '../kernel/route.ts';
import { instant, nullable, oneOf, toInstantOrNull } from '../kernel/schema.ts';
import { compileRules } from './compile.ts';
import { dryRun, type DryRun } from './dry-run.ts';
import { readEventFile } from './event-file.ts';
import type { RuleSet } from './rule.ts';
import type { RuleSettings } from './schema.ts';

const conditionWire = Type.Object({
  field: Type.String(),
  condition: Type.String({ description: 'In words: `>= high`.' }),
  actual: Type.Array(Type.String(), { description: "The event's values of that field." }),
  holds: Type.Boolean(),
});
const explanationWire = Type.Object({
  rule: Type.String(),
  result: oneOf(['matched', 'not_matched', 'skipped']),
  conditions: Type.Array(conditionWire),
  targets: Type.Array(Type.String()),
  continue: Type.Boolean(),
});
export const rulesTestWire = Type.Object({
  targets: Type.Array(Type.String(), { description: 'Where the event would go.' }),
  matched: Type.Array(Type.Object({ rule: Type.String(), targets: Type.Array(Type.String()) })),
  rules: Type.Array(explanationWire),
});
const targetIds = Type.Array(Type.String());
export const dryRunWire = Type.Object({
  looked: Type.Integer({
    description: 'Events that were looked at. Fewer than asked for: there are no more, or it took too long.',
  }),
  since: nullable(instant('When the oldest of them was received.')),
  rules: Type.Array(Type.Object({ rule: Type.String(), events: Type.Integer() }), {
    description: 'How many each rule would have taken.',
  }),
  targets: Type.Array(Type.Object({ target: Type.String(), events: Type.Integer() })),
  untaken: Type.Integer({ description: 'Taken by no rule, not even the default one.' }),
  changed: Type.Integer({ description: 'Those that would go elsewhere than by the rules in force.' }),
  examples: Type.Array(
    Type.Object({ event: Type.String(), title: Type.String(), before: targetIds, after: targetIds }),
    { description: 'Some of those.' },
  ),
});

/** Rules as somebody sent them, read as the config's are; or every fault. */
export type ReadRules = (
  given: readonly Readonly<Record<string, unknown>>[],
) =>
  | { readonly ok: true; readonly rules: readonly RuleSettings[] }
  | { readonly ok: false; readonly faults: readonly Fault[] };

export interface RulesRoutesOptions {
  /** Those in force. */
  readonly rules: () => RuleSet;
  readonly defaultTargets: () => readonly string[];
  readonly read: ReadRules;
  /** Events, newest first; `after` is the last id of the page before. */
  readonly recent: (limit: number, after?: EventId) => Promise<readonly ListedEvent[]>;
}

const BODY_BYTES_MAX = 524_288;
const RULES_MAX = 500;
const LAST_MAX = 2_000;

const unsaved = Type.Optional(
  Type.Array(Type.Record(Type.String(), Type.Unknown()), {
    maxItems: RULES_MAX,
    description:
      'Rules to try in place of all those in force, with their ids; for admins. Absent: those in force.',
  }),
);
const shared = {
  method: 'POST',
  access: { kind: 'operator', scope: 'read' },
  tag: 'Rules',
  bodyBytesMax: BODY_BYTES_MAX,
} as const;

/** Which of the rules in force, or of others that are not saved, take an event or took those that came. Nothing is sent. */
export const rulesRoutes = (options: RulesRoutesOptions): Route[] => [
  defineRoute({
    ...shared,
    path: '/api/v1/rules/test',
    summary: 'Which rules take this event, and why',
    body: Type.Object({
      event: Type.Unknown({ description: 'An event; `source` and `type` are enough.' }),
      rules: unsaved,
    }),
    reply: { status: 200, schema: rulesTestWire },
    problems: ['bad_request', 'config_faulty'],
    async handle({ body, actor }) {
      const event = readEventFile(body.event);
      if (isFaults(event)) {
        throw new Problem('bad_request', 'This is not an event.', { members: { errors: event } });
      }
      const { decision, rules: explained } = candidate(options, body.rules, operator(actor)).explain(event);
      return { ...decision, rules: explained };
    },
  }),
  defineRoute({
    ...shared,
    path: '/api/v1/rules/dry-run',
    summary:
      'What rules would have made of the last events: how many each took, and where they would have gone',
    body: Type.Object(
      {
        rules: unsaved,
        last: Type.Integer({ minimum: 1, maximum: LAST_MAX, default: 500, description: 'So many events.' }),
      },
      { additionalProperties: false },
    ),
    reply: { status: 200, schema: dryRunWire },
    problems: ['config_faulty', 'store_unavailable'],
    async handle({ body: { rules, last }, actor }) {
      const { recent } = options;
      const tried = candidate(options, rules, operator(actor));
      return toDryRunWire(await dryRun({ candidate: tried, inForce: options.rules(), recent, last }));
    },
  }),
];

function candidate(
  { rules: inForce, read, defaultTargets }: RulesRoutesOptions,
  given: readonly Readonly<Record<string, unknown>>[] | undefined,
  { scope }: Actor,
): RuleSet {
  if (given === undefined) return inForce();
  if (scope !== 'admin')
    throw new Problem('forbidden', 'Rules that are not saved are for the scope "admin" to try.');
  const found = read(given);
  if (found.ok) return compileRules(found.rules, { defaultTargets: defaultTargets() });
  const errors = found.faults.map(({ path, message }) => ({ path, message }));
  throw new Problem('config_faulty', 'These rules have faults.', { members: { errors } });
}

const toDryRunWire = ({ looked, since, rules, targets, untaken, changed, examples }: DryRun) => ({
  looked,
  since: toInstantOrNull(since),
  rules: [...rules].map(([rule, events]) => ({ rule, events })),
  targets: [...targets].map(([target, events]) => ({ target, events })),
  untaken,
  changed,
  examples: examples.map(({ event, title, before, after }) => ({
    event,
    title,
    before: [...before],
    after: [...after],
  })),
});

type Read = ReturnType<typeof readEventFile>;
const isFaults = (read: Read): read is Extract<Read, readonly unknown[]> => Array.isArray(read);
