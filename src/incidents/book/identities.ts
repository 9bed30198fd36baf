import type { Identity } from '../incident.ts';
import { Queue } from './queue.ts';

/** Beyond this, addresses that the feed has forgotten are forgotten here, the longest known first. */
const REMEMBERED_MAX = 2_000_000;

interface Known {
  readonly employee: string;
  /** Unix ms; undefined while the feed names it. */
  readonly forgottenAt: number | undefined;
}

/**
 * Which address is whose as one feed says, and said: an address that it does not name for a while stays whose it was.
 */
export class Identities {
  readonly #known = new Map<string, Known>();
  /** Addresses that the store does not know as they are. */
  readonly #unstored = new Queue<string>();

  get unstoredCount(): number {
    return this.#unstored.size;
  }

  /** Those that the store does not know as they are, up to `limit` of them. */
  unstored(limit: number): readonly Identity[] {
    return this.#unstored.first(limit).flatMap((address) => {
      const known = this.#known.get(address);
      return known === undefined ? [] : [{ address, ...known }];
    });
  }

  employeeOf(address: string): string | undefined {
    return this.#known.get(address)?.employee;
  }

  /** The feed does not name it now. */
  isRemembered(address: string): boolean {
    return this.#known.get(address)?.forgottenAt !== undefined;
  }

  /** All that the feed says now. `appeared` are addresses that were nobody's before. */
  take(
    identities: ReadonlyMap<string, string>,
    now: number,
  ): { readonly appeared: readonly string[]; readonly forgotten: number } {
    const appeared: string[] = [];
    for (const [address, employee] of identities) {
      const before = this.#known.get(address);
      if (before?.employee === employee && before.forgottenAt === undefined) continue;
      if (before === undefined) appeared.push(address);
      this.#change(address, { employee, forgottenAt: undefined });
    }
    if (this.#known.size > identities.size) this.#forgetOthers(identities, now);
    return { appeared, forgotten: this.#known.size - identities.size };
  }

  /** As the store has them; returns those that were nobody's before. */
  adopt(identities: readonly Identity[]): readonly string[] {
    const appeared: string[] = [];
    for (const { address, employee, forgottenAt } of identities) {
      if (!this.#known.has(address)) appeared.push(address);
      this.#known.set(address, { employee, forgottenAt });
      this.#unstored.put(address, false);
    }
    return appeared;
  }

  /** That is stored now; what has changed since then is not. */
  stored({ address, employee, forgottenAt }: Identity): void {
    const known = this.#known.get(address);
    const isSame = known?.employee === employee && known.forgottenAt === forgottenAt;
    if (known === undefined || isSame) this.#unstored.put(address, false);
  }

  #forgetOthers(identities: ReadonlyMap<string, string>, now: number): void {
    for (const [address, { employee, forgottenAt }] of this.#known) {
      if (identities.has(address)) continue;
      if (forgottenAt === undefined) this.#change(address, { employee, forgottenAt: now });
      if (this.#known.size > REMEMBERED_MAX) this.#drop(address);
    }
  }

  #change(address: string, known: Known): void {
    this.#known.set(address, known);
    this.#unstored.put(address, true);
  }

  #drop(address: string): void {
    this.#known.delete(address);
    this.#unstored.put(address, false);
  }
}
