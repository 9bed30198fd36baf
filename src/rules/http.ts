import { Type } from 'typebox';
import { Problem } from '../kernel/problem.ts';
import { defineRoute, type Route } from '../kernel/route.ts';
import { oneOf } from '../kernel/schema.ts';
import { readEventFile } from './event-file.ts';
import type { RuleSet } from './rule.ts';

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

/** Which of the rules in force take an event, and why. Nothing is sent. */
export function rulesRoutes(rules: () => RuleSet): Route[] {
  return [
    defineRoute({
      method: 'POST',
      path: '/api/v1/rules/test',
      access: { kind: 'operator', scope: 'read' },
      tag: 'Rules',
      summary: 'Which rules take this event, and why',
      body: Type.Object({
        event: Type.Unknown({ description: 'An event; `source` and `type` are enough.' }),
      }),
      reply: { status: 200, schema: rulesTestWire },
      problems: ['bad_request'],
      async handle({ body }) {
        const event = readEventFile(body.event);
        if (isFaults(event)) {
          throw new Problem('bad_request', 'This is not an event.', { members: { errors: event } });
        }
        const { decision, rules: explained } = rules().explain(event);
        return { ...decision, rules: explained };
      },
    }),
  ];
}

type Read = ReturnType<typeof readEventFile>;
const isFaults = (read: Read): read is Extract<Read, readonly unknown[]> => Array.isArray(read);
