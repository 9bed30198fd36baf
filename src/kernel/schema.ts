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

/** An instant as clients see it: RFC 3339, UTC; `toInstant` writes it. */
export const instant = (description?: string) =>
  Type.String({ format: 'date-time', ...(description === undefined ? {} : { description }) });

/** The text of an instant in Unix ms; null for none. */
export const toInstant = (ms: number): string => new Date(ms).toISOString();
export const toInstantOrNull = (ms: number | undefined): string | null =>
  ms === undefined ? null : toInstant(ms);

/** A member that is always there and may be null. */
export const nullable = <const T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

/** A value out of a closed list. */
export const oneOf = <const T extends readonly [string, ...string[]]>(
  values: T,
  options: { description?: string; default?: T[number] } = {},
): TEnum<[...T]> => Type.Enum<[...T]>([...values], options);

export type { Static, TSchema };
