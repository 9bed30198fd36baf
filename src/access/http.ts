import { Type } from 'typebox';
import { pageOf, pageQuery, toPage } from '../kernel/paging.ts';
import { Problem } from '../kernel/problem.ts';
import { defineRoute, operator, Reply, type Route, scopes } from '../kernel/route.ts';
import { oneOf } from '../kernel/schema.ts';
import type { Store } from '../storage/store.ts';
import { auditWire, listAudit } from './audit.ts';
import { SESSION_COOKIE, SESSION_SECONDS, type Sessions } from './sessions.ts';

const AUDIT_ID_PATTERN = '^aud_[0-9a-f-]{36}$';
const actorWire = Type.Object({ id: Type.String(), name: Type.String(), scope: oneOf(scopes) });

/** The operators' sessions and what they did. */
export function accessRoutes(store: Store, sessions: Sessions): Route[] {
  return [
    defineRoute({
      method: 'POST',
      path: '/api/v1/session',
      access: { kind: 'operator', scope: 'read' },
      tag: 'Access',
      summary: 'Exchange the token for an HttpOnly cookie',
      reply: { status: 200, schema: actorWire },
      problems: [],
      async handle({ actor, headers, secure }) {
        const { id } = operator(actor);
        // A cookie that could be exchanged for the next one would never end.
        if (headers['authorization'] === undefined) throw tokenNeeded();
        return new Reply(200, actor, { 'set-cookie': cookie(sessions.open(id), SESSION_SECONDS, secure) });
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/api/v1/session',
      access: { kind: 'operator', scope: 'read' },
      tag: 'Access',
      summary: 'Who is asking',
      reply: { status: 200, schema: actorWire },
      problems: [],
      handle: async ({ actor }) => operator(actor),
    }),
    defineRoute({
      method: 'DELETE',
      path: '/api/v1/session',
      access: { kind: 'operator', scope: 'read' },
      tag: 'Access',
      summary: 'Give the cookie back',
      reply: { status: 204 },
      problems: [],
      handle: async ({ secure }) => new Reply(204, undefined, { 'set-cookie': cookie('', 0, secure) }),
    }),
    defineRoute({
      method: 'GET',
      path: '/api/v1/audit',
      access: { kind: 'operator', scope: 'admin' },
      tag: 'Access',
      summary: 'Every change of state, newest first',
      query: Type.Object(pageQuery(AUDIT_ID_PATTERN)),
      reply: { status: 200, schema: pageOf(auditWire) },
      problems: ['store_unavailable'],
      async handle({ query: { limit, cursor } }) {
        return toPage(await listAudit(store, limit + 1, cursor), limit, (entry) => entry);
      },
    }),
  ];
}

function cookie(value: string, seconds: number, secure: boolean): string {
  const attributes = `Path=/; HttpOnly; SameSite=Strict; Max-Age=${seconds}${secure ? '; Secure' : ''}`;
  return `${SESSION_COOKIE}=${encodeURIComponent(value)}; ${attributes}`;
}

const tokenNeeded = (): Problem =>
  new Problem('unauthorized', 'Only the token opens a session: send it as "Authorization: Bearer <token>".', {
    headers: { 'www-authenticate': 'Bearer realm="tocsin"' },
  });
