import { Type } from 'typebox';
import { pageOf, pageQuery, toPage } from '../kernel/paging.ts';
import { periodQuery, toPeriod } from '../kernel/period.ts';
import { Problem } from '../kernel/problem.ts';
import { defineRoute, operator, Reply, type Route } from '../kernel/route.ts';
import type { Store } from '../storage/store.ts';
import type { OperatorAccess } from './access.ts';
import { auditWire, listAudit } from './audit.ts';
import { type CookieToSet, SECURE_SESSION_COOKIE, SESSION_COOKIE } from './sessions.ts';
import { type TokenRoutesOptions, tokenRoutes } from './tokens-http.ts';
import { actorWire, toActorWire } from './tokens-wire.ts';

const AUDIT_ID_PATTERN = '^aud_[0-9a-f-]{36}$';
const SESSION = {
  path: '/api/v1/session',
  access: { kind: 'operator', scope: 'read' },
  tag: 'Access',
} as const;

export interface AccessRoutesOptions extends TokenRoutesOptions {
  readonly store: Store;
  readonly access: OperatorAccess;
}

/** The operators' tokens and sessions, and what they did. */
export const accessRoutes = (options: AccessRoutesOptions): Route[] => [
  ...sessionRoutes(options.access),
  ...tokenRoutes(options),
  auditRoute(options.store),
];

const sessionRoutes = (access: OperatorAccess): Route[] => [
  defineRoute({
    ...SESSION,
    method: 'POST',
    summary: 'Exchange the token for an HttpOnly cookie',
    reply: { status: 200, schema: actorWire },
    problems: [],
    async handle({ actor, headers, secure }) {
      const session = await access.openSession(headers, secure);
      if (session === undefined) throw tokenNeeded();
      return new Reply(200, toActorWire(operator(actor)), { 'set-cookie': setCookie(session, secure) });
    },
  }),
  defineRoute({
    ...SESSION,
    method: 'GET',
    summary: 'Who is asking, and until when',
    reply: { status: 200, schema: actorWire },
    problems: [],
    handle: async ({ actor }) => toActorWire(operator(actor)),
  }),
  defineRoute({
    ...SESSION,
    method: 'DELETE',
    summary: 'End the session: its cookie opens nothing any more',
    reply: { status: 204 },
    problems: [],
    async handle({ headers, secure }) {
      await access.endSession(headers);
      const name = secure ? SECURE_SESSION_COOKIE : SESSION_COOKIE;
      return new Reply(204, undefined, { 'set-cookie': setCookie({ name, value: '', seconds: 0 }, secure) });
    },
  }),
];

const exactly = (description: string) =>
  Type.Optional(Type.String({ minLength: 1, maxLength: 256, description }));

const auditRoute = (store: Store): Route =>
  defineRoute({
    method: 'GET',
    path: '/api/v1/audit',
    access: { kind: 'operator', scope: 'admin' },
    tag: 'Access',
    summary: 'Every change of state, newest first',
    query: Type.Object({
      actor: exactly("Whose: the token's id."),
      action: exactly('`token.create`.'),
      subject: exactly('What was changed: its id.'),
      ...periodQuery,
      ...pageQuery(AUDIT_ID_PATTERN),
    }),
    reply: { status: 200, schema: pageOf(auditWire) },
    problems: ['store_unavailable'],
    async handle({ query: { limit, cursor, since, until, ...filter } }) {
      const wanted = { ...filter, ...toPeriod({ since, until }) };
      return toPage(await listAudit(store, wanted, limit + 1, cursor), limit, (entry) => entry);
    },
  });

function setCookie({ name, value, seconds }: CookieToSet, isSecure: boolean): string {
  const attributes = `Path=/; HttpOnly; SameSite=Strict; Max-Age=${seconds}${isSecure ? '; Secure' : ''}`;
  return `${name}=${encodeURIComponent(value)}; ${attributes}`;
}

const tokenNeeded = (): Problem =>
  new Problem('unauthorized', 'Only the token opens a session: send it as "Authorization: Bearer <token>".', {
    headers: { 'www-authenticate': 'Bearer realm="tocsin"' },
  });
