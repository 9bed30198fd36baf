const DELIVERIES_MAX = 1_000;

interface Progress {
  /** Who still has to get the delivery. */
  readonly pending: readonly string[];
  /** Whether anyone has it. */
  readonly hasReached: boolean;
}

/**
 * How far deliveries with several recipients have got. A server may take some recipients and put off others: the
 * next attempt is for those alone. Kept in memory, for the latest deliveries: after a restart everyone is sent
 * to again, with the same Message-ID.
 */
export class Recipients {
  readonly #start: Progress;
  readonly #progress = new Map<string, Progress>();

  constructor(all: readonly string[]) {
    this.#start = { pending: all, hasReached: false };
  }

  of(deliveryId: string): Progress {
    return this.#progress.get(deliveryId) ?? this.#start;
  }

  /** Forgets the delivery when nobody is left. */
  update(deliveryId: string, progress: Progress): void {
    this.#progress.delete(deliveryId);
    if (progress.pending.length === 0) return;
    this.#progress.set(deliveryId, progress);
    const [oldest] = this.#progress.keys();
    if (this.#progress.size > DELIVERIES_MAX && oldest !== undefined) this.#progress.delete(oldest);
  }
}
