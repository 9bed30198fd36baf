import { systemClock, type Clock } from '../../kernel/clock.ts';
import { tagOf } from '../../kernel/entity-tag.ts';
import type { AccountReader } from '../collect/port.ts';
import type { Principal } from '../principal.ts';
import type { Answered } from '../thread/protocol.ts';
import { answerQuestion } from './ask/answer-question.ts';
import { AccountReads } from './kept/account-reads.ts';
import { OpenReaders } from './kept/open-readers.ts';
import { KEPT_MS } from './kept/shelf.ts';
import { Shelves } from './kept/shelves.ts';
import type { Question } from './question.ts';

export interface AnswerDeskOptions {
  readonly openReader: (principal: Principal) => AccountReader;
  readonly clock?: Clock;
  /** Things (a volume, a point of a metric) that are kept over all owners. */
  readonly itemsMax?: number;
  /** How long what was read is good for; no longer than an answer made of it is given again. */
  readonly keptMs?: number;
}

/** A volume takes about a kilobyte. */
const ITEMS_MAX = 250_000;
const SWEEP_MS = 60_000;

/**
 * Answers questions about accounts with ready bytes. What was read is kept a minute for its owner alone (a session, a
 * configured account), so that filters, pages and the summary read nothing again, and goes with the owner.
 */
export class AnswerDesk {
  readonly #readers: OpenReaders;
  readonly #shelves: Shelves;
  readonly #clock: Clock;
  #isSweeping = false;

  constructor({
    openReader,
    clock = systemClock,
    itemsMax = ITEMS_MAX,
    keptMs = KEPT_MS,
  }: AnswerDeskOptions) {
    this.#readers = new OpenReaders(openReader);
    this.#shelves = new Shelves(itemsMax, Math.min(keptMs, KEPT_MS));
    this.#clock = clock;
  }

  /** `isForced`: nothing that is kept or was begun before will do. `now`: Unix ms. */
  async answer(
    principal: Principal,
    owner: string,
    question: Question,
    isForced: boolean,
    now: number,
  ): Promise<Answered> {
    try {
      return await this.#readers.with(principal, owner, now, async (reader) => {
        const reads = new AccountReads({ reader, shelves: this.#shelves, owner, isForced, now });
        const answer = await answerQuestion({ reads, region: principal.region, now }, question);
        if (answer.kind !== 'document') return answer;
        const body = bytesOf(answer.document);
        return { kind: 'answered', body, tag: tagOf(body), readAt: reads.oldestAt };
      });
    } finally {
      this.#sweepLater();
    }
  }

  /** Ends what is under way for this one, and keeps nothing of it. */
  forget(owner: string): void {
    this.#readers.forget(owner);
    this.#shelves.forget(owner);
  }

  /** Nothing rests for longer than it is good, though nobody asks any more. */
  #sweepLater(): void {
    if (this.#isSweeping || (this.#readers.isEmpty && this.#shelves.room.isEmpty)) return;
    this.#isSweeping = true;
    this.#clock.after(SWEEP_MS, () => {
      this.#isSweeping = false;
      const now = this.#clock.now();
      this.#readers.sweep(now);
      this.#shelves.room.sweep(now);
      this.#sweepLater();
    });
  }
}

const encoder = new TextEncoder();

/** With a buffer of its own, which is handed over to the main thread. */
const bytesOf = (document: object): Uint8Array<ArrayBuffer> => encoder.encode(JSON.stringify(document));
