import { Type, type Static, type TEnum, type TSchema } from 'typebox';
import { DURATION_PATTERN } from './duration.ts';

/** A secret in the config: `${ENV}` there, never a literal; masked wherever settings are shown. */
export const secretText = (options: { description: string; minLength?: number; maxLength?: number }) =>
  Type.String({ minLength: 1, maxLength: 4096, ...options, secret: true });

/** `30s`, `24h`, `90d`. */
export const duration = (options: { description: string; default?: string }) =>
  Type.String({ pattern: DURATION_PATTERN, ...options });

/** Names of sources, targets and rules: they stand in URLs, logs and the database. */
export const idText = (description: string) =>
  Type.String({ pattern: '^[a-z0-9][a-z0-9_-]{0,62}$', description });

/** A value out of a closed list. */
export const oneOf = <const T extends readonly [string, ...string[]]>(
  values: T,
  options: { description?: string; default?: T[number] } = {},
): TEnum<[...T]> => Type.Enum<[...T]>([...values], options);

export type { Static, TSchema };
