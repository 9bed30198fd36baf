import { clientKey } from '../../access/rate-limit.ts';
import { Problem } from '../../kernel/problem.ts';

const PER_CLIENT_MAX = 50;
const ALL_MAX = 1_000;
/** Sessions end, and people log out: when one may try again is a guess. */
const RETRY_SECONDS = 60;

/** How many sessions there may be at once that began in this process, over all clients and of each. */
export class SessionPlaces {
  readonly #perClientMax: number;
  readonly #allMax: number;
  /** The client by what holds the place: a login under way, or a session's owner. */
  readonly #held = new Map<object | string, string>();

  constructor(perClientMax = PER_CLIENT_MAX, allMax = ALL_MAX) {
    this.#perClientMax = perClientMax;
    this.#allMax = allMax;
  }

  /** A place for a login under way. Problem: too_many_requests. */
  take(address: string): LoginPlace {
    const client = clientKey(address);
    if (this.#held.size >= this.#allMax) throw full('There are');
    if (this.#countOf(client) >= this.#perClientMax) throw full('From your address there are');
    const login = {};
    this.#held.set(login, client);
    return {
      release: () => void this.#held.delete(login),
      keepFor: (owner) => {
        if (this.#held.delete(login)) this.#held.set(owner, client);
      },
    };
  }

  /** The session is over. */
  free(owner: string): void {
    this.#held.delete(owner);
  }

  get taken(): number {
    return this.#held.size;
  }

  #countOf(client: string): number {
    let count = 0;
    for (const holder of this.#held.values()) if (holder === client) count += 1;
    return count;
  }
}

export interface LoginPlace {
  /** No session came of it; nothing happens when one did. */
  release(): void;
  keepFor(owner: string): void;
}

const full = (who: string): Problem =>
  new Problem('too_many_requests', `${who} too many AWS sessions at once. Log out of one, or wait.`, {
    retryAfterSeconds: RETRY_SECONDS,
  });
