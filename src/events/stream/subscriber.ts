import { Readable } from 'node:stream';
import type { EventId } from '../../kernel/ids.ts';
import { HEARTBEAT, message } from './message.ts';
import type { TraitFilter } from './traits.ts';

/** Characters that wait for a reader; a slower one is cut off, and comes back for what it missed. */
const WAITING_MAX = 4_194_304;

export interface SubscriberOptions {
  readonly filter: TraitFilter;
  /** Of the operator who listens. */
  readonly actorId: string;
  /** Whether they still may. */
  readonly stillMay: () => Promise<boolean>;
}

const TAKEN_MAX = 65_536;

/** A message; of an event with its id. */
export interface Told {
  readonly id: EventId | undefined;
  readonly text: string;
}

/** Gives the past page by page, then undefined. */
export type Past = () => Promise<readonly Told[] | undefined>;

/**
 * One open stream. The past is read as fast as its reader takes it, so that it needs no memory; what comes meanwhile is
 * held back, and told when it is not part of the past.
 */
export class Subscriber {
  readonly filter: TraitFilter;
  readonly actorId: string;
  readonly stillMay: () => Promise<boolean>;
  readonly body: Readable;
  /** Unix ms. */
  sentAt: number;
  checkedAt: number;
  /** Undefined once the past is told. */
  #past: Past | undefined = async () => undefined;
  readonly #pastIds = new Set<EventId>();
  #isLoading = false;
  readonly #held: Told[] = [];
  /** What is read of the past does not count: it is not read before it is wanted. */
  readonly #ready: { readonly text: string; readonly isCounted: boolean }[] = [];
  #waiting = 0;
  /** The reader takes more. */
  #isWanted = false;
  #isOver = false;

  constructor({ filter, actorId, stillMay }: SubscriberOptions, now: number) {
    this.filter = filter;
    this.actorId = actorId;
    this.stillMay = stillMay;
    this.sentAt = now;
    this.checkedAt = now;
    this.body = new Readable({
      read: () => {
        this.#isWanted = true;
        this.#pump();
      },
    });
  }

  /** What is told first, and then the past. */
  begin(first: string, past: Past): void {
    this.#past = past;
    this.#ready.push({ text: first, isCounted: false });
    this.#pump();
  }

  send(told: Told, now: number): void {
    if (this.#isOver || this.body.destroyed) return;
    this.sentAt = now;
    this.#waiting += told.text.length;
    if (this.#waiting > WAITING_MAX) return void this.body.destroy();
    if (this.#past === undefined) this.#ready.push({ text: told.text, isCounted: true });
    else this.#held.push(told);
    this.#pump();
  }

  /** Something is left out: whoever shows a list had better load it anew. */
  gap(reason: GapReason, now: number): void {
    this.send({ id: undefined, text: gapText(reason) }, now);
  }

  heartbeat(now: number): void {
    this.send({ id: undefined, text: HEARTBEAT }, now);
  }

  /** Ends it in good order, or cuts it off when its reader does not keep up. */
  end(): void {
    this.#isOver = true;
    if (this.#ready.length > 0 || this.body.readableLength > 0) this.body.destroy();
    else this.body.push(null);
  }

  #pump(): void {
    while (this.#isWanted && !this.#isOver && this.#ready.length > 0) {
      this.#isWanted = this.body.push(this.#take());
    }
    if (this.#isWanted && this.#past !== undefined && !this.#isLoading) void this.#load(this.#past);
  }

  /** Several at once: a call for each would cost more than the copy. */
  #take(): string {
    let length = 0;
    let count = 0;
    for (const { text, isCounted } of this.#ready) {
      if (length >= TAKEN_MAX) break;
      length += text.length;
      count += 1;
      if (isCounted) this.#waiting -= text.length;
    }
    return this.#ready
      .splice(0, count)
      .map(({ text }) => text)
      .join('');
  }

  async #load(past: Past): Promise<void> {
    this.#isLoading = true;
    try {
      const page = await past();
      if (page === undefined) this.#catchUp();
      else this.#tell(page);
    } catch (error) {
      this.body.destroy(error instanceof Error ? error : undefined);
    } finally {
      this.#isLoading = false;
    }
    this.#pump();
  }

  #tell(page: readonly Told[]): void {
    for (const { id, text } of page) {
      if (id !== undefined) this.#pastIds.add(id);
      this.#ready.push({ text, isCounted: false });
    }
  }

  #catchUp(): void {
    this.#past = undefined;
    for (const { id, text } of this.#held.splice(0)) {
      if (id === undefined || !this.#pastIds.has(id)) this.#ready.push({ text, isCounted: true });
      else this.#waiting -= text.length;
    }
    this.#pastIds.clear();
  }
}

export type GapReason = 'too_many' | 'unknown_id';
export const gapText = (reason: GapReason): string => message({ event: 'gap', data: { reason } });
