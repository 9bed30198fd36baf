import { Problem } from '../../kernel/problem.ts';

const PER_ACTOR_MAX = 10;
const ALL_MAX = 100;
const RETRY_SECONDS = 5;

/** How many may watch scans at once, each operator and all together: every one of them looks into the store. */
export class ProgressPlaces {
  readonly #perActorMax: number;
  readonly #allMax: number;
  /** Who watches, by id; once for each stream. */
  readonly #held = new Set<{ readonly actorId: string }>();

  constructor(perActorMax = PER_ACTOR_MAX, allMax = ALL_MAX) {
    this.#perActorMax = perActorMax;
    this.#allMax = allMax;
  }

  /** Problem: too_many_requests. */
  mustHaveRoom(actorId: string): void {
    const detail = this.#fullOf(actorId);
    if (detail === undefined) return;
    throw new Problem('too_many_requests', detail, { retryAfterSeconds: RETRY_SECONDS });
  }

  /**
   * The same, counted from its first message until its reader is gone: one whose reader leaves before that never runs.
   * Ends at once where the last place was taken meanwhile.
   */
  async *hold(actorId: string, messages: AsyncIterable<string>): AsyncGenerator<string> {
    if (this.#fullOf(actorId) !== undefined) return;
    const place = { actorId };
    this.#held.add(place);
    try {
      yield* messages;
    } finally {
      this.#held.delete(place);
    }
  }

  #fullOf(actorId: string): string | undefined {
    const own = [...this.#held].filter((place) => place.actorId === actorId).length;
    if (own >= this.#perActorMax) return `A token watches ${this.#perActorMax} scans at most: end one.`;
    if (this.#held.size < this.#allMax) return undefined;
    return 'As many watch scans as this process takes. Try again later.';
  }
}
