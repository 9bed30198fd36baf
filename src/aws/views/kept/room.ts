/** Something that is kept, and how it is dropped. */
export interface Tenant {
  readonly owner: string;
  /** How much room it takes. */
  readonly items: number;
  /** Unix ms. */
  readonly endsAt: number;
  /** Makes its shelf forget it. */
  readonly drop: () => void;
}

/** Bounds what is kept over all shelves: the oldest makes room. */
export class Room {
  /** How long what was read is good for. */
  readonly keptMs: number;
  readonly #itemsMax: number;
  /** In the order in which they came. */
  readonly #tenants = new Set<Tenant>();
  #items = 0;

  constructor(itemsMax: number, keptMs: number) {
    this.keptMs = keptMs;
    this.#itemsMax = itemsMax;
  }

  get isEmpty(): boolean {
    return this.#tenants.size === 0;
  }

  get items(): number {
    return this.#items;
  }

  /** Whether there is room for so much at all. */
  holds(items: number): boolean {
    return items <= this.#itemsMax;
  }

  add(tenant: Tenant): void {
    for (const oldest of this.#tenants) {
      if (this.#items + tenant.items <= this.#itemsMax) break;
      this.remove(oldest);
    }
    this.#tenants.add(tenant);
    this.#items += tenant.items;
  }

  remove(tenant: Tenant): void {
    if (!this.#tenants.delete(tenant)) return;
    this.#items -= tenant.items;
    tenant.drop();
  }

  forget(owner: string): void {
    for (const tenant of this.#tenants) if (tenant.owner === owner) this.remove(tenant);
  }

  /** Drops what has ended. */
  sweep(now: number): void {
    for (const tenant of this.#tenants) if (tenant.endsAt <= now) this.remove(tenant);
  }
}
