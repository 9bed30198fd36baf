import { Type } from 'typebox';
import { type Actor, scopes } from '../kernel/route.ts';
import { instant, nullable, oneOf, type Static, toInstant, toInstantOrNull } from '../kernel/schema.ts';
import { endingOf, type Token } from './token.ts';

/** A token as clients see it: never its secret, nor the hash of it. */
export const tokenWire = Type.Object({
  id: Type.String(),
  name: Type.String(),
  scope: oneOf(scopes),
  origin: oneOf(['store', 'settings'], { description: '`settings`: TOCSIN_TOKEN; it is changed there.' }),
  state: oneOf(['active', 'expired']),
  createdAt: nullable(instant('Null for the one of the settings.')),
  createdBy: nullable(Type.String({ description: "The maker's id; null for the one of the first start." })),
  expiresAt: nullable(instant('Null: it has no end.')),
  rotatedAt: nullable(instant()),
  previousUntil: nullable(instant('Until then the secret before the last rotation is valid as well.')),
  lastUsedAt: nullable(instant('To the minute, and a few seconds late.')),
});
export type TokenWire = Static<typeof tokenWire>;

/** The one answer that holds the secret. */
export const issuedWire = Type.Object({
  ...tokenWire.properties,
  secret: Type.String({ description: 'The token itself. It is shown this once and kept nowhere.' }),
});

/** Who asks. */
export const actorWire = Type.Object({
  id: Type.String(),
  name: Type.String(),
  scope: oneOf(scopes),
  expiresAt: nullable(
    instant('When the token, or the session, with which you ask ends. Null: it has no end.'),
  ),
});

export const toActorWire = ({ id, name, scope, expiresAt }: Actor): Static<typeof actorWire> => ({
  id,
  name,
  scope,
  expiresAt: toInstantOrNull(expiresAt),
});

export function toTokenWire(token: Token, now: number): TokenWire {
  const { id, name, scope, createdBy = null, previousUntil } = token;
  return {
    id,
    name,
    scope,
    origin: 'store',
    state: endingOf(token, now) === undefined ? 'active' : 'expired',
    createdAt: toInstant(token.createdAt),
    createdBy,
    expiresAt: toInstantOrNull(token.expiresAt),
    rotatedAt: toInstantOrNull(token.rotatedAt),
    previousUntil: toInstantOrNull(
      previousUntil !== undefined && previousUntil > now ? previousUntil : undefined,
    ),
    lastUsedAt: toInstantOrNull(token.lastUsedAt),
  };
}

/** The token of the settings, which the store knows nothing of. */
export const settingsTokenWire = ({ id, name, scope }: Actor): TokenWire => ({
  id,
  name,
  scope,
  origin: 'settings',
  state: 'active',
  createdAt: null,
  createdBy: null,
  expiresAt: null,
  rotatedAt: null,
  previousUntil: null,
  lastUsedAt: null,
});
