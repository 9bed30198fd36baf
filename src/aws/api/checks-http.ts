import { Type } from 'typebox';
import { Problem } from '../../kernel/problem.ts';
import { defineRoute, type Route } from '../../kernel/route.ts';
import { CHECK_ID_PATTERN, type Checks, checkListWire, checkWire, toCheckWire } from './findings-wire.ts';

const shared = { method: 'GET', access: { kind: 'operator', scope: 'read' }, tag: 'AWS' } as const;
const MISSING = 'There is no check with this id: GET /api/v1/checks lists them.';

/** What is checked. */
export const checkRoutes = ({ checks }: { readonly checks: Checks }): Route[] => [
  defineRoute({
    ...shared,
    path: '/api/v1/checks',
    summary: 'What AWS accounts are checked for, with the controls that each check is for',
    reply: { status: 200, schema: checkListWire },
    problems: [],
    async handle() {
      return { items: [...checks.values()].map(toCheckWire) };
    },
  }),
  defineRoute({
    ...shared,
    path: '/api/v1/checks/{id}',
    summary: 'One check: what it asserts, why it matters, how to mend it',
    params: Type.Object({ id: Type.String({ pattern: CHECK_ID_PATTERN }) }),
    missing: MISSING,
    reply: { status: 200, schema: checkWire },
    problems: ['not_found'],
    async handle({ params: { id } }) {
      const check = checks.get(id);
      if (check === undefined) throw new Problem('not_found', MISSING);
      return toCheckWire(check);
    },
  }),
];
