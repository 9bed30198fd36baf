import { Problem } from '../kernel/problem.ts';
import { orTimeout } from './or-timeout.ts';
import type { TargetContext } from './target.ts';
import { webUrl } from './text.ts';

/** The link to a message with that text; undefined when there is none in time. Never rejects. */
export type AskLink = (deliveryId: string, text: string, signal: AbortSignal) => Promise<string | undefined>;

/** A text cut now is worth more than a whole one late. */
const TIMEOUT_MS = 2_000;
/** After one that came too late nobody else waits for so long. */
const PAUSE_MS = 30_000;
const LOG_EVERY_MS = 60_000;
/** Longer ones would leave no room for the text itself. */
const LINK_LENGTH_MAX = 500;

/** Asks for links within a part of an attempt's time; what keeps them from being made is logged, not told. */
export function linkAsker({ id, clock, log, timeoutMs, shareText }: TargetContext): AskLink {
  let pausedUntil = 0;
  let loggedAt = -Infinity;
  const failed = (reason: string): undefined => {
    if (clock.now() - loggedAt < LOG_EVERY_MS) return;
    loggedAt = clock.now();
    log.warn(
      { 'tocsin.target.id': id, reason },
      'no message could be made for a text that is too long for its channel: it was cut',
    );
  };
  return async (deliveryId, text, signal) => {
    if (shareText === undefined || clock.now() < pausedUntil) return undefined;
    const late = new AbortController();
    const cancel = clock.after(Math.min(TIMEOUT_MS, timeoutMs / 2), () => late.abort());
    const either = AbortSignal.any([signal, late.signal]);
    try {
      // The key of one delivery, whichever attempt and whichever replica: they all link to one message.
      const made = await orTimeout(shareText(`delivery/${deliveryId}`, text, either), undefined, either);
      const url = webUrl(made);
      if (url !== undefined && url.length <= LINK_LENGTH_MAX) return url;
      if (late.signal.aborted) pausedUntil = clock.now() + PAUSE_MS;
      // Where the attempt itself is over there is nothing to tell.
      return signal.aborted ? undefined : failed(made === undefined ? 'timeout' : 'the link is too long');
    } catch (error) {
      // Whatever it was: the text goes out cut. An error's own words might quote it.
      return failed(reasonOf(error));
    } finally {
      cancel();
    }
  };
}

function reasonOf(error: unknown): string {
  if (error instanceof Problem) return error.code;
  return error instanceof Error ? error.name : 'unknown';
}
