import { Type } from 'typebox';
import type { EventStore } from '../events/store.ts';
import { eventSummaryWire, toEventSummary } from '../events/wire.ts';
import { EVENT_ID_PATTERN, type EventId } from '../kernel/ids.ts';
import { pageOf, pageQuery } from '../kernel/paging.ts';
import { defineRoute, operator, type Route } from '../kernel/route.ts';
import { idText } from '../kernel/schema.ts';
import { oneObjectRoutes } from './change-routes.ts';
import { OBJECTS_MAX } from './object-control.ts';
import type { RuleTallies } from './rule-tallies.ts';
import type { ObjectsOptions } from './sources-http.ts';
import { ruleWire, rulesWire, toDefaultWire, toRuleWire } from './wire.ts';

export interface RuleObjectsOptions extends ObjectsOptions {
  readonly events: Pick<EventStore, 'listTakenBy'>;
  readonly ruleTallies: Pick<RuleTallies, 'counts'>;
}

const tag = 'Rules';
/** Events that are looked through for one page: a rule that takes few would have all of them read. */
const LOOKED_MAX = 20_000;

/** The configured rules in their order, what they took of late, and changes of those in the store. */
export const ruleObjectRoutes = (options: RuleObjectsOptions): Route[] => [
  listRules(options),
  ...objectRoutes(options),
  orderRoute(options),
  matchesRoute(options),
];

const listRules = ({ objects, members, ruleTallies }: RuleObjectsOptions): Route =>
  defineRoute({
    method: 'GET',
    path: '/api/v1/rules',
    access: { kind: 'operator', scope: 'read' },
    tag,
    summary: 'Every rule, in the order in which they are asked, with how many events it took of late',
    reply: { status: 200, schema: rulesWire },
    problems: ['store_unavailable'],
    async handle() {
      const counts = await ruleTallies.counts();
      const now = objects();
      const items = now.rules.map((rule, index) =>
        toRuleWire(rule, index, members.settingsOf('rule', rule), counts),
      );
      return { items, default: toDefaultWire(now, counts) };
    },
  });

const objectRoutes = ({ objects, members, control, ruleTallies }: RuleObjectsOptions): Route[] =>
  oneObjectRoutes({
    kind: 'rule',
    tag,
    control,
    schema: ruleWire,
    async show(id) {
      const counts = await ruleTallies.counts();
      const { rules } = objects();
      const index = rules.findIndex((one) => one.id === id);
      const rule = rules[index];
      if (rule === undefined) return undefined;
      return {
        wire: toRuleWire(rule, index, members.settingsOf('rule', rule), counts),
        stored: rule.stored,
      };
    },
  });

const orderRoute = ({ control, objects }: RuleObjectsOptions): Route =>
  defineRoute({
    method: 'POST',
    path: '/api/v1/rules/order',
    access: { kind: 'operator', scope: 'admin' },
    tag,
    summary: 'Put the rules that were made over the API into this order; those of the file are asked before',
    body: Type.Object(
      {
        rules: Type.Array(idText('The id of a rule.'), {
          maxItems: OBJECTS_MAX,
          description: 'Every rule that was made over the API, each once.',
        }),
      },
      { additionalProperties: false },
    ),
    reply: { status: 200, schema: Type.Object({ rules: Type.Array(Type.String()) }) },
    problems: ['conflict', 'store_unavailable'],
    async handle({ body: { rules }, actor }) {
      await control.order(rules, operator(actor));
      return { rules: objects().rules.map(({ id }) => id) };
    },
  });

const matchesRoute = ({ events }: RuleObjectsOptions): Route =>
  defineRoute({
    method: 'GET',
    path: '/api/v1/rules/{id}/matches',
    access: { kind: 'operator', scope: 'read' },
    tag,
    summary: `Events that a rule took, or took while there was one; newest first. A page ends after ${LOOKED_MAX} events looked at, however few it has found`,
    params: Type.Object({ id: idText('The id of the rule; `default` for what no rule took.') }),
    query: Type.Object(pageQuery(EVENT_ID_PATTERN)),
    reply: { status: 200, schema: pageOf(eventSummaryWire) },
    problems: ['not_found', 'store_unavailable'],
    async handle({ params: { id }, query: { limit, cursor } }) {
      // The schema has checked its form.
      const found = await events.listTakenBy(id, limit + 1, LOOKED_MAX, cursor as EventId | undefined);
      const shown = found.items.slice(0, limit);
      const isMore = found.items.length > limit;
      return {
        items: shown.map(toEventSummary),
        nextCursor: isMore ? (shown.at(-1)?.id ?? null) : (found.end ?? null),
      };
    },
  });
