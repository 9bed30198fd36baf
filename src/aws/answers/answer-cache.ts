import { canonicalJson } from '../../kernel/canonical-json.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { ReadFailure } from '../inventory/reading.ts';
import type { Principal } from '../principal.ts';
import type { Answered } from '../thread/protocol.ts';
import type { Question } from '../views/question.ts';
import { KeptAnswers, type KeptBounds, type ReadyAnswer } from './kept-answers.ts';
import { refusedElsewhere } from './refused-elsewhere.ts';

/** Asks AWS. Rejects for no reason of AWS's: a thread that ended, or a bug. */
export type Ask = (
  principal: Principal,
  owner: string,
  question: Question,
  isForced: boolean,
) => Promise<Answered>;

export interface AnswerCacheOptions {
  readonly ask: Ask;
  readonly clock: Clock;
  /** For so long after it was read an answer is given as it is. */
  readonly freshForMs: number;
  /** And for so long while a new one is being read. */
  readonly staleForMs: number;
  readonly bounds?: KeptBounds;
  /** AWS does not take the owner's credentials any more. */
  readonly refused: (owner: string) => void;
}

/** Who asks, and what for. */
export interface AnswerRequest {
  readonly owner: string;
  readonly principal: Principal;
  readonly question: Question;
  /** Whatever is kept: a new one. */
  readonly isForced: boolean;
}

export type AnswerOutcome =
  | { readonly kind: 'answered'; readonly answer: ReadyAnswer }
  | { readonly kind: 'failed'; readonly failure: ReadFailure }
  | { readonly kind: 'refused'; readonly status: 400 | 404; readonly detail: string };

/** A question under way; whoever asks the same meanwhile waits for it too. */
interface Flight {
  readonly isForced: boolean;
  readonly outcome: Promise<AnswerOutcome>;
}

const MIB = 1_048_576;
const BOUNDS: KeptBounds = {
  bytesMax: 64 * MIB,
  entriesMax: 10_000,
  ownerBytesMax: 32 * MIB,
  ownerEntriesMax: 2_000,
};
/** An answer made of what was read long ago is not asked for again and again. */
const APART_MS = 5_000;

/**
 * The answers of a while ago, each of its own principal alone: fresh ones at once, stale ones at once and a new one
 * behind them, and of all who ask the same at the same time one asks AWS.
 */
export class AnswerCache {
  readonly #options: AnswerCacheOptions;
  readonly #kept: KeptAnswers;
  /** By owner, then by question. */
  readonly #flights = new Map<string, Map<string, Flight>>();
  /** When a kept answer was asked for last, to be asked for again; Unix ms. */
  readonly #askedAt = new WeakMap<ReadyAnswer, number>();

  constructor(options: AnswerCacheOptions) {
    this.#options = options;
    this.#kept = new KeptAnswers(options.bounds ?? BOUNDS);
  }

  get size(): KeptAnswers['size'] {
    return this.#kept.size;
  }

  /** Rejects as `ask` does. Nothing is awaited before it is called. */
  answer(request: AnswerRequest): Promise<AnswerOutcome> {
    const key = canonicalJson(request.question);
    const kept = this.#kept.get(request.owner, key);
    if (kept === undefined || request.isForced) return this.#fly(key, request);
    const ageMs = this.#options.clock.now() - kept.readAt;
    if (ageMs >= this.#options.staleForMs) return this.#fly(key, request);
    if (ageMs >= this.#options.freshForMs) this.#revalidate(key, kept, request);
    return Promise.resolve({ kind: 'answered', answer: kept });
  }

  /** The owner is gone: nothing of it is kept, nor what is under way when it comes. */
  forget(owner: string): void {
    this.#kept.forget(owner);
    this.#flights.delete(owner);
  }

  #revalidate(key: string, kept: ReadyAnswer, request: AnswerRequest): void {
    const now = this.#options.clock.now();
    if (now - (this.#askedAt.get(kept) ?? 0) < APART_MS) return;
    this.#askedAt.set(kept, now);
    // Whatever came of it is in what is kept; who asks later is told of a failure that lasts.
    this.#fly(key, request).catch(() => undefined);
  }

  #fly(key: string, request: AnswerRequest): Promise<AnswerOutcome> {
    const { owner, isForced } = request;
    const flights = this.#flights.get(owner) ?? new Map<string, Flight>();
    this.#flights.set(owner, flights);
    const known = flights.get(key);
    if (known !== undefined && (known.isForced || !isForced)) return known.outcome;
    const flight: Flight = {
      isForced,
      outcome: this.#ask(request, (outcome) => {
        // A later flight is on its way, or the owner was forgotten: this one's word is not the last.
        if (this.#flights.get(owner) === flights && flights.get(key) === flight)
          this.#take(owner, key, outcome);
      }).finally(() => this.#land(owner, key, flights, flight)),
    };
    flights.set(key, flight);
    return flight.outcome;
  }

  async #ask(
    { principal, owner, question, isForced }: AnswerRequest,
    came: (outcome: AnswerOutcome) => void,
  ): Promise<AnswerOutcome> {
    const outcome = ready(await this.#options.ask(principal, owner, question, isForced), principal.region);
    came(outcome);
    return outcome;
  }

  #land(owner: string, key: string, flights: Map<string, Flight>, flight: Flight): void {
    if (flights.get(key) === flight) flights.delete(key);
    if (flights.size === 0 && this.#flights.get(owner) === flights) this.#flights.delete(owner);
  }

  /** What is denied now, or gone, is not shown from a time when it was not; other failures pass. */
  #take(owner: string, key: string, outcome: AnswerOutcome): void {
    if (outcome.kind === 'answered') return this.#kept.put(owner, key, outcome.answer);
    const failure = outcome.kind === 'failed' ? outcome.failure.kind : 'missing';
    if (failure === 'denied' || failure === 'missing') this.#kept.drop(owner, key);
    if (failure !== 'refused') return;
    this.forget(owner);
    this.#options.refused(owner);
  }
}

function ready(answered: Answered, home: string): AnswerOutcome {
  if (answered.kind === 'failed')
    return { kind: 'failed', failure: refusedElsewhere(answered.failure, home) };
  if (answered.kind === 'refused') return answered;
  const { body, tag, readAt } = answered;
  const { buffer, byteOffset, byteLength } = body;
  return { kind: 'answered', answer: { body: Buffer.from(buffer, byteOffset, byteLength), tag, readAt } };
}
