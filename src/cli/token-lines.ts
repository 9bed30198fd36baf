import type { TokenWire } from '../access/tokens-wire.ts';
import type { Terminal } from './command.ts';
import { cell, layOut } from './layout.ts';

/** Tokens as a table: one line each. */
export const tokenTable = (tokens: readonly TokenWire[], terminal: Terminal): string[] =>
  layOut(
    tokens.map((token) => [
      cell(token.id),
      cell(token.name),
      cell(token.scope, token.scope === 'admin' ? 'yellow' : undefined),
      cell(lifeText(token), token.state === 'expired' ? 'red' : 'dim'),
      cell(token.lastUsedAt === null ? 'not used yet' : `used ${token.lastUsedAt}`, 'dim'),
    ]),
    terminal,
  );

/** What there is to know of a new secret; the secret itself is the answer. */
export const issuedLines = (token: TokenWire): string[] => [
  `${token.id}: ${token.name}, ${token.scope}, ${lifeText(token)}.`,
  ...(token.previousUntil === null ? [] : [`The secret before is valid until ${token.previousUntil}.`]),
  'The secret is shown this once: keep it.',
];

function lifeText({ origin, state, expiresAt }: TokenWire): string {
  if (origin === 'settings') return 'in the settings';
  if (expiresAt === null) return 'no end';
  return `${state === 'expired' ? 'expired' : 'until'} ${expiresAt}`;
}
