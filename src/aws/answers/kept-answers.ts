import { tagOf } from '../../kernel/entity-tag.ts';

/** Bytes of an answer, ready to be sent. */
export interface ReadyAnswer {
  /** JSON. */
  readonly body: Buffer;
  /** A strong entity tag, its quotes included. */
  readonly tag: string;
  /** Unix ms at which the oldest of what it is made of was read. */
  readonly readAt: number;
}

/** With a tag of its bytes. */
export const readyAnswer = (body: Buffer, readAt: number): ReadyAnswer => ({
  body,
  tag: tagOf(body),
  readAt,
});

export interface KeptBounds {
  /** Of all together. */
  readonly bytesMax: number;
  readonly entriesMax: number;
  /** Of one owner. */
  readonly ownerBytesMax: number;
  readonly ownerEntriesMax: number;
}

interface Shelf {
  /** In the order of use, the one used longest ago first. */
  readonly answers: Map<string, ReadyAnswer>;
  bytes: number;
}

/** What an answer costs beside its body: its key, its tag and its places in maps. */
const OVERHEAD_BYTES = 512;
const sizeOf = ({ body }: ReadyAnswer): number => body.byteLength + OVERHEAD_BYTES;

/**
 * Answers by owner and question, bounded for each owner and together. What was used longest ago makes room: of the
 * owner itself, and then of the owner who asked longest ago.
 */
export class KeptAnswers {
  readonly #bounds: KeptBounds;
  /** In the order of use. */
  readonly #shelves = new Map<string, Shelf>();
  #bytes = 0;
  #entries = 0;

  constructor(bounds: KeptBounds) {
    this.#bounds = bounds;
  }

  /** In bytes, what it costs to keep them included. */
  get size(): { readonly bytes: number; readonly entries: number } {
    return { bytes: this.#bytes, entries: this.#entries };
  }

  get(owner: string, key: string): ReadyAnswer | undefined {
    const shelf = this.#shelves.get(owner);
    const answer = shelf?.answers.get(key);
    if (shelf === undefined || answer === undefined) return undefined;
    moveToEnd(this.#shelves, owner, shelf);
    moveToEnd(shelf.answers, key, answer);
    return answer;
  }

  /** One that is more than an owner may have is not kept. */
  put(owner: string, key: string, answer: ReadyAnswer): void {
    this.drop(owner, key);
    const { bytesMax, entriesMax, ownerBytesMax, ownerEntriesMax } = this.#bounds;
    const size = sizeOf(answer);
    if (size > Math.min(ownerBytesMax, bytesMax)) return;
    const shelf = this.#shelves.get(owner) ?? { answers: new Map(), bytes: 0 };
    moveToEnd(this.#shelves, owner, shelf);
    shelf.answers.set(key, answer);
    this.#count(shelf, size, 1);
    while (shelf.bytes > ownerBytesMax || shelf.answers.size > ownerEntriesMax)
      this.#dropOldest(owner, shelf);
    while (this.#bytes > bytesMax || this.#entries > entriesMax) this.#dropOldestOfAll();
  }

  drop(owner: string, key: string): void {
    const shelf = this.#shelves.get(owner);
    const answer = shelf?.answers.get(key);
    if (shelf === undefined || answer === undefined) return;
    shelf.answers.delete(key);
    this.#count(shelf, -sizeOf(answer), -1);
    if (shelf.answers.size === 0) this.#shelves.delete(owner);
  }

  /** All of an owner's. */
  forget(owner: string): void {
    const shelf = this.#shelves.get(owner);
    if (shelf === undefined) return;
    this.#bytes -= shelf.bytes;
    this.#entries -= shelf.answers.size;
    this.#shelves.delete(owner);
  }

  #count(shelf: Shelf, bytes: number, entries: number): void {
    shelf.bytes += bytes;
    this.#bytes += bytes;
    this.#entries += entries;
  }

  #dropOldestOfAll(): void {
    const oldest = this.#shelves.entries().next();
    if (!oldest.done) this.#dropOldest(...oldest.value);
  }

  #dropOldest(owner: string, { answers }: Shelf): void {
    const oldest = answers.keys().next();
    if (!oldest.done) this.drop(owner, oldest.value);
  }
}

function moveToEnd<Value>(map: Map<string, Value>, key: string, value: Value): void {
  map.delete(key);
  map.set(key, value);
}
