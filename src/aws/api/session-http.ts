import { Problem } from '../../kernel/problem.ts';
import { type Admission, defineRoute, Reply, type Route } from '../../kernel/route.ts';
import type { Askers } from '../session/asker.ts';
import type { AwsSessions } from '../session/aws-sessions.ts';
import { isFromElsewhere, isLocal } from '../session/local-client.ts';
import type { Login } from '../session/login.ts';
import type { LoginLimits } from '../session/login-limits.ts';
import { LOGIN_BYTES_MAX, loginBody, principalOf } from '../session/login-request.ts';
import { noCookie } from '../session/session-cookie.ts';
import { awsSessionWire, toAwsSessionWire } from './session-wire.ts';

export interface SessionRoutesOptions {
  readonly sessions: AwsSessions;
  readonly askers: Askers;
  readonly login: Login;
  readonly limits: LoginLimits;
}

/** Who is logged in to AWS. */
export const sessionRoutes = (options: SessionRoutesOptions): Route[] => [
  loginRoute(options),
  logoutRoute(options),
  whoRoute(options),
];

const loginRoute = (options: SessionRoutesOptions): Route =>
  defineRoute({
    method: 'POST',
    path: '/api/v1/auth/login',
    access: { kind: 'public' },
    tag: 'AWS',
    summary: 'Log in with AWS keys, for an HttpOnly cookie',
    body: loginBody,
    bodyBytesMax: LOGIN_BYTES_MAX,
    reply: { status: 200, schema: awsSessionWire },
    problems: [
      'aws_refused',
      'forbidden',
      'tls_needed',
      'region_unknown',
      'aws_unreachable',
      'aws_failed',
      'aws_off',
      'aws_throttled',
      'store_unavailable',
      'too_many_requests',
    ],
    admit: (request) => mayLogIn(options, request),
    async handle({ body, headers, secure, client: { address }, isGone }) {
      const { sessions, login } = options;
      const client = { address, isSecure: secure, isGone };
      const replaced = await sessions.find(headers, secure);
      const { session, cookie } = await login.open(principalOf(body), client, replaced);
      return new Reply(200, toAwsSessionWire(session), { 'set-cookie': cookie });
    },
  });

/** Decided before the keys are read. */
function mayLogIn({ limits, sessions }: SessionRoutesOptions, { client, headers, secure }: Admission): void {
  limits.admit(client.address);
  if (isFromElsewhere(headers)) throw crossSite();
  if (!secure && !isLocal(client.address, headers)) {
    throw new Problem(
      'tls_needed',
      'Keys would be read by others on their way. Use HTTPS: set http.tlsCert and http.tlsKey, or name the proxy that ends TLS in http.trustedProxies.',
    );
  }
  if (sessions.arePossible) return;
  throw new Problem(
    'aws_off',
    'Several replicas share this store, and it never holds AWS keys. Set REDIS_URL, where sessions can rest sealed; or configure `accounts`, which need no login.',
  );
}

const logoutRoute = ({ sessions, login }: SessionRoutesOptions): Route =>
  defineRoute({
    method: 'POST',
    path: '/api/v1/auth/logout',
    access: { kind: 'public' },
    tag: 'AWS',
    summary: 'End the AWS session, and forget all that was read with it',
    reply: { status: 204 },
    problems: ['forbidden', 'store_unavailable'],
    async handle({ headers, secure, client }) {
      if (isFromElsewhere(headers)) throw crossSite();
      const session = await sessions.find(headers, secure);
      if (session !== undefined) await login.close(session, client.address);
      return new Reply(204, undefined, { 'set-cookie': noCookie(secure) });
    },
  });

const whoRoute = ({ sessions, askers }: SessionRoutesOptions): Route =>
  defineRoute({
    method: 'GET',
    path: '/api/v1/auth/session',
    access: { kind: 'aws' },
    tag: 'AWS',
    summary: 'Who is logged in to AWS, and until when',
    reply: { status: 200, schema: awsSessionWire },
    problems: ['aws_no_account'],
    admit: (request) => askers.admit(request),
    async handle({ headers, secure }) {
      const session = await sessions.find(headers, secure);
      if (session !== undefined) return toAwsSessionWire(session);
      throw new Problem(
        'aws_no_account',
        'Nobody is logged in to AWS here: POST /api/v1/auth/login does that.',
      );
    },
  });

const crossSite = (): Problem =>
  new Problem('forbidden', "This change does not come from the service's own page.");
