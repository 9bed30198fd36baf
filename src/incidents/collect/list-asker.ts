import type { Clock } from '../../kernel/clock.ts';
import { pause } from '../../kernel/pause.ts';
import type { Attempt, FailedAttempt, FeedAsker, ListPlace } from './attempt.ts';
import type { CollectedList, CollectFailure } from './collected.ts';
import type { ListMemory } from './list-memory.ts';
import type { Parallel } from './parallel.ts';

const FIRST_PAUSE_MS = 250;
const PAUSE_MS_MAX = 5_000;
/** Whoever asks for a longer wait gets this one. */
const RETRY_AFTER_MS_MAX = 600_000;

export interface ListAskerParts {
  readonly asker: FeedAsker;
  readonly memory: ListMemory;
  readonly parallel: Parallel;
  readonly attemptsMax: number;
  readonly clock: Clock;
  readonly random: () => number;
}

/** Asks for a list until it is had, or there is no use in asking on. */
export class ListAsker {
  readonly #parts: ListAskerParts;
  /** Until when a list is not asked for, as the feed wished. */
  readonly #notBefore = new Map<string | undefined, number>();

  constructor(parts: ListAskerParts) {
    this.#parts = parts;
  }

  mayAsk(type: string | undefined): boolean {
    const leftMs = (this.#notBefore.get(type) ?? 0) - this.#parts.clock.now();
    // A longer one than there is means that the clock was set back.
    return leftMs <= 0 || leftMs > RETRY_AFTER_MS_MAX;
  }

  async ask(place: ListPlace, signal: AbortSignal): Promise<CollectedList> {
    const { attemptsMax, clock } = this.#parts;
    if (!this.mayAsk(place.type))
      return notAsked(place, 'status_refused', 'the feed asked to be left alone for now');
    await this.#parts.parallel.enter();
    const began = clock.now();
    for (let attempts = 1; ; attempts += 1) {
      const attempt = await this.#once(place, signal);
      const isLast = attempt.kind !== 'failed' || !attempt.mayPass || attempts >= attemptsMax;
      const mustWait = attempt.kind === 'failed' && this.#heed(place, attempt);
      if (isLast || mustWait || signal.aborted)
        return this.#outcome(place, attempt, attempts, clock.now() - began);
      await this.#pause(attempts, signal);
      await this.#parts.parallel.enter();
    }
  }

  /** Begins with its turn taken and gives it back. */
  async #once(place: ListPlace, signal: AbortSignal): Promise<Attempt> {
    const { asker, memory, parallel, clock } = this.#parts;
    const began = clock.now();
    let isTimeout = false;
    try {
      if (signal.aborted) return aborted;
      const attempt = await asker.ask(place, memory.conditions(place.type), signal);
      isTimeout = attempt.kind === 'failed' && attempt.reason === 'timeout' && !signal.aborted;
      return attempt;
    } finally {
      parallel.leave(clock.now() - began, isTimeout);
    }
  }

  /** Whether the feed said when to come back. */
  #heed({ type }: ListPlace, { retryAfterMs }: FailedAttempt): boolean {
    if (retryAfterMs === undefined) return false;
    this.#notBefore.set(type, this.#parts.clock.now() + Math.min(retryAfterMs, RETRY_AFTER_MS_MAX));
    return true;
  }

  #pause(attempts: number, signal: AbortSignal): Promise<void> {
    const { clock, random } = this.#parts;
    const plainMs = Math.min(PAUSE_MS_MAX, FIRST_PAUSE_MS * 2 ** (attempts - 1));
    return pause(clock, plainMs * (0.5 + random()), signal);
  }

  #outcome(place: ListPlace, attempt: Attempt, attempts: number, durationMs: number): CollectedList {
    const { memory } = this.#parts;
    const { type } = place;
    const told = { type, status: attempt.status, attempts, durationMs, bytes: attempt.bytes };
    if (attempt.kind === 'failed') {
      const { reason, detail } = attempt;
      return { ...told, failure: { reason, detail }, body: undefined, isUnchanged: false };
    }
    if (attempt.kind === 'body') {
      const isUnchanged = memory.take(type, attempt.content, attempt.headers);
      return { ...told, failure: undefined, body: isUnchanged ? undefined : attempt.text, isUnchanged };
    }
    // Only an answer to a condition says that nothing has changed.
    const isUnchanged = memory.knows(type);
    const failure = isUnchanged
      ? undefined
      : ({ reason: 'status_refused', detail: `status ${attempt.status}` } as const);
    return { ...told, failure, body: undefined, isUnchanged };
  }
}

/** A list that nothing was sent for. */
export function notAsked({ type }: ListPlace, reason: CollectFailure, detail: string): CollectedList {
  const nothing = { status: undefined, attempts: 0, durationMs: 0, bytes: 0, body: undefined };
  return { type, failure: { reason, detail }, ...nothing, isUnchanged: false };
}

const aborted: FailedAttempt = {
  kind: 'failed',
  reason: 'timeout',
  detail: 'aborted',
  status: undefined,
  bytes: 0,
  mayPass: false,
  retryAfterMs: undefined,
};
