/** Where a service can be made to kill itself, in the order of an event's way. */
export const crashSites = [
  /** In the middle of the migration's transaction; `hit` counts its statements. */
  'migration',
  /** Events are handed to the store, nothing is written. */
  'before-commit',
  /** Events are on disk, their sender has no answer. */
  'after-commit',
  /** A receiver has answered, the outcome is not written. */
  'before-settle',
  'after-settle',
  /** Deliveries of an earlier process are leased, none is sent. */
  'after-claim',
  'before-replay',
  'after-replay',
  /** A target is to be disabled, and others told: the outcome that led to it is in the same commit. */
  'before-disable',
  'after-disable',
  /** A page of what a feed lists is handed to the store: new incidents with their events, or such as are back. */
  'before-incidents',
  /** It is on disk, and the thread that read it does not know. */
  'after-incidents',
  'before-gone',
  'after-gone',
  /** A feed's first lists are on disk, their summary is not. */
  'before-backlog',
  'after-backlog',
] as const;
export type CrashSite = (typeof crashSites)[number];

/** A process dies at a site the n-th time it gets there. */
export interface CrashPoint {
  readonly site: CrashSite;
  /** From 1. */
  readonly hit: number;
}

const VARIABLE = 'CRASH_POINT';

export const crashEnv = ({ site, hit }: CrashPoint): Record<string, string> => ({
  [VARIABLE]: `${site}:${hit}`,
});

export function crashPointOf(env: Readonly<Record<string, string | undefined>>): CrashPoint {
  const [name, hit] = (env[VARIABLE] ?? '').split(':');
  const site = crashSites.find((site) => site === name);
  if (site === undefined || !(Number(hit) >= 1)) throw new TypeError(`${VARIABLE} names no point`);
  return { site, hit: Number(hit) };
}
