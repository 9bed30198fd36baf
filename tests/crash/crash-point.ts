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
  /** A scan is requested; another process sees it, or this one began it and has read nothing. */
  'before-begin',
  'after-begin',
  /** Whose account it is was read with all the rest: that is to be written, then the changes. */
  'before-identified',
  'after-identified',
  /** A page of new findings with their events is handed to the store; a scan has several. */
  'before-opened',
  'after-opened',
  'before-resolved',
  'after-resolved',
  /** All pages are on disk; that these places were looked at for the first time, with the summary, is not. */
  'before-fill',
  'after-fill',
  'before-scan-end',
  'after-scan-end',
] as const;
export type CrashSite = (typeof crashSites)[number];

/** A process dies at a site the n-th time it gets there. */
export interface CrashPoint {
  readonly site: CrashSite;
  /** From 1. */
  readonly hit: number;
  /** It sleeps there instead of dying, and goes on when it is woken: a process that others think is gone. */
  readonly isPause?: boolean;
}

const VARIABLE = 'CRASH_POINT';

export const crashEnv = ({ site, hit, isPause = false }: CrashPoint): Record<string, string> => ({
  [VARIABLE]: `${site}:${hit}${isPause ? ':pause' : ''}`,
});

export function crashPointOf(env: Readonly<Record<string, string | undefined>>): CrashPoint {
  const [name, hit, how] = (env[VARIABLE] ?? '').split(':');
  const site = crashSites.find((site) => site === name);
  if (site === undefined || !(Number(hit) >= 1)) throw new TypeError(`${VARIABLE} names no point`);
  return { site, hit: Number(hit), isPause: how === 'pause' };
}
