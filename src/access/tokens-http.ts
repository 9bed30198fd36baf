import { Type } from 'typebox';
import type { Clock } from '../kernel/clock.ts';
import { durationMs } from '../kernel/duration.ts';
import { oneLine } from '../kernel/one-line.ts';
import { Problem } from '../kernel/problem.ts';
import { defineRoute, operator, type Route, scopes } from '../kernel/route.ts';
import { duration, oneOf } from '../kernel/schema.ts';
import { NAME_LENGTH_MAX, TOKEN_ID_PATTERN } from './token.ts';
import type { Issued, TokenControl } from './token-control.ts';
import type { TokenStore } from './token-store.ts';
import type { Tokens } from './tokens.ts';
import { issuedWire, settingsTokenWire, tokenWire, toTokenWire } from './tokens-wire.ts';

const LIFE_MS_MAX = 3_650 * 86_400_000;
const GRACE_MS_MAX = 30 * 86_400_000;

const params = Type.Object({ id: Type.String({ pattern: TOKEN_ID_PATTERN }) });
const shared = { access: { kind: 'operator', scope: 'admin' }, tag: 'Access' } as const;
const expiresIn = (description: string) => Type.Optional(duration({ description }));

export interface TokenRoutesOptions {
  readonly tokens: Tokens;
  readonly tokenStore: TokenStore;
  readonly tokenControl: TokenControl;
  readonly clock: Clock;
}

/** Who may speak to the service, and for how long. */
export const tokenRoutes = (options: TokenRoutesOptions): Route[] => [
  listRoute(options),
  createRoute(options),
  rotateRoute(options),
  revokeRoute(options),
];

const listRoute = ({ tokens, tokenStore, clock }: TokenRoutesOptions): Route =>
  defineRoute({
    ...shared,
    method: 'GET',
    path: '/api/v1/tokens',
    summary: 'Every token that was not revoked; never a secret',
    reply: { status: 200, schema: Type.Object({ items: Type.Array(tokenWire) }) },
    problems: ['store_unavailable'],
    async handle() {
      const now = clock.now();
      const { environment } = tokens;
      const stored = (await tokenStore.list()).map((token) => toTokenWire(token, now));
      return { items: environment === undefined ? stored : [settingsTokenWire(environment), ...stored] };
    },
  });

const createRoute = ({ tokenControl, clock }: TokenRoutesOptions): Route =>
  defineRoute({
    ...shared,
    method: 'POST',
    path: '/api/v1/tokens',
    summary: 'Make a token; its secret is in this answer only',
    body: Type.Object(
      {
        name: Type.String({
          minLength: 1,
          maxLength: NAME_LENGTH_MAX,
          description: 'Who or what it is for.',
        }),
        scope: oneOf(scopes),
        expiresIn: expiresIn('`90d`. Absent: it has no end.'),
      },
      { additionalProperties: false },
    ),
    reply: { status: 201, schema: issuedWire },
    problems: ['conflict', 'store_unavailable'],
    async handle({ body: { name: typed, scope, expiresIn: life }, actor }) {
      const name = oneLine(typed, NAME_LENGTH_MAX);
      if (name === '')
        throw new Problem('bad_request', 'The name is empty: write something that can be read.');
      const lifeMs = life === undefined ? undefined : lifeOf(life);
      return toIssued(await tokenControl.create({ name, scope, lifeMs }, operator(actor)), clock.now());
    },
  });

const rotateRoute = ({ tokenControl, clock }: TokenRoutesOptions): Route =>
  defineRoute({
    ...shared,
    method: 'POST',
    path: '/api/v1/tokens/{id}/rotate',
    summary: 'Give a token a new secret; it is in this answer only',
    params,
    body: Type.Object(
      {
        grace: duration({
          default: '0s',
          description: 'For so long the secret before is valid still, 30 days at most.',
        }),
        expiresIn: expiresIn('From now. Absent: a token with an end gets as long again as it had.'),
      },
      { additionalProperties: false },
    ),
    reply: { status: 200, schema: issuedWire },
    problems: ['not_found', 'conflict', 'store_unavailable'],
    async handle({ params: { id }, body: { grace, expiresIn: life }, actor }) {
      const graceMs = durationMs(grace);
      if (graceMs > GRACE_MS_MAX) throw new Problem('bad_request', '"grace" is 30 days at most.');
      const lifeMs = life === undefined ? undefined : lifeOf(life);
      return toIssued(await tokenControl.rotate(id, { graceMs, lifeMs }, operator(actor)), clock.now());
    },
  });

const revokeRoute = ({ tokenControl }: TokenRoutesOptions): Route =>
  defineRoute({
    ...shared,
    method: 'DELETE',
    path: '/api/v1/tokens/{id}',
    summary: 'End a token, and the sessions opened with it, for good',
    params,
    reply: { status: 204 },
    problems: ['not_found', 'conflict', 'store_unavailable'],
    handle: ({ params: { id }, actor }) => tokenControl.revoke(id, operator(actor)),
  });

function lifeOf(text: string): number {
  const ms = durationMs(text);
  if (ms <= 0 || ms > LIFE_MS_MAX)
    throw new Problem('bad_request', '"expiresIn" is more than 0 and 3650 days at most.');
  return ms;
}

const toIssued = ({ token, secret }: Issued, now: number) => ({ ...toTokenWire(token, now), secret });
