import { Type } from 'typebox';
import { durationMs } from '../kernel/duration.ts';
import { duration, idText, type Static } from '../kernel/schema.ts';

/** How a target is spared, slowed down, given up and stood in for: part of what all kinds have in common. */
export const operationSettings = {
  breakerFailures: Type.Integer({
    minimum: 0,
    maximum: 1_000,
    default: 5,
    description:
      'Failed attempts in a row after which nothing is sent for `breakerPause`; then one delivery is tried. 0: attempts go on whatever happens.',
  }),
  breakerShare: Type.Integer({
    minimum: 0,
    maximum: 100,
    default: 80,
    description:
      'The same after so many percent of at least 20 attempts within a minute failed. 0: only failures in a row count.',
  }),
  breakerPause: duration({
    default: '30s',
    description: 'How long nothing is sent; with each failed try twice as long, up to eight times.',
  }),
  rateLimit: Type.Optional(
    Type.String({
      pattern: '^[1-9][0-9]{0,5}/[smh]$',
      expected: 'a number a second, minute or hour, such as 10/s, 100/m or 1000/h',
      examples: ['100/m'],
      description: 'Attempts at most, over all replicas. Absent: no limit. What is beyond it waits.',
    }),
  ),
  disableAfter: Type.String({
    pattern: '^([1-9][0-9]{0,8}(ms|s|m|h|d)|never)$',
    default: '5d',
    expected: 'a duration such as 30s, 24h or 90d, or "never"',
    description:
      'A target that has failed for so long without one success is disabled; announced at half of it to others.',
  }),
  fallback: Type.Optional(
    idText('The id of the target that gets what is given up here, or skipped because this one is disabled.'),
  ),
};

/** How many targets may stand in one for the other. */
export const FALLBACKS_MAX = 3;

const settings = Type.Object(operationSettings);
type OperationSettings = Static<typeof settings>;

/** When to stop sending for a while. */
export interface BreakerPolicy {
  /** Failures in a row. */
  readonly failures: number;
  /** Percent of the attempts of a minute; 0 for never. */
  readonly share: number;
  readonly pauseMs: number;
}

/** `limit` attempts in each window of `periodMs`; windows begin at whole multiples of it since the epoch. */
export interface RateLimit {
  readonly limit: number;
  readonly periodMs: number;
}

export interface TargetOperation {
  /** Undefined: attempts go on whatever happens. */
  readonly breaker: BreakerPolicy | undefined;
  readonly rateLimit: RateLimit | undefined;
  /** Undefined: never. */
  readonly disableAfterMs: number | undefined;
  readonly fallback: string | undefined;
}

export const operationOf = (own: OperationSettings): TargetOperation => ({
  breaker:
    own.breakerFailures === 0
      ? undefined
      : { failures: own.breakerFailures, share: own.breakerShare, pauseMs: durationMs(own.breakerPause) },
  rateLimit: own.rateLimit === undefined ? undefined : rateLimitOf(own.rateLimit),
  disableAfterMs: own.disableAfter === 'never' ? undefined : durationMs(own.disableAfter),
  fallback: own.fallback,
});

/** The limit that a text such as `100/m` says. The schema has checked its form: anything else is a bug. */
export function rateLimitOf(text: string): RateLimit {
  const [limit = '', unit = ''] = text.split('/');
  return { limit: Number(limit), periodMs: durationMs(`1${unit}`) };
}
