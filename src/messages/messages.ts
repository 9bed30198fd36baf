import { randomUUID } from 'node:crypto';
import { auditWrite } from '../access/audit.ts';
import { RateLimit } from '../access/rate-limit.ts';
import type { Clock } from '../kernel/clock.ts';
import { Problem } from '../kernel/problem.ts';
import type { Actor } from '../kernel/route.ts';
import { sha256Hex } from '../kernel/secret.ts';
import type { Journal } from '../storage/journal.ts';
import { type Claimant, type ClaimGate, nobodyThere } from './claim-gate.ts';
import { isForAll, type Message, type MessageFacts, referenceOf } from './message.ts';
import type { MessageMetrics } from './message-metrics.ts';
import type { Caps, Claimed, MessageStore, Receipts } from './store/port.ts';

/** The bounds of what is asked for; the same in the API, on the page and on the command line. */
export interface MessageLimits {
  readonly bytesMax: number;
  readonly expiresInMs: { readonly min: number; readonly default: number; readonly max: number };
  readonly readsMax: number;
  readonly create: 'everyone' | 'operators';
}

export interface MessagesOptions {
  readonly store: MessageStore;
  readonly gate: Pick<ClaimGate, 'pass'>;
  readonly receipts: Pick<Receipts, 'tell'>;
  readonly metrics: MessageMetrics;
  readonly journal: Pick<Journal, 'submit'>;
  readonly clock: Clock;
  readonly limits: MessageLimits;
  /** The id that follows from a key (fixedIds). */
  readonly idOf: (key: string) => string;
  /** Base of every link, without a trailing slash. */
  readonly publicUrl: () => string;
}

/** What somebody wants kept. */
export interface MessageDraft extends Pick<Message, 'kind' | 'content'> {
  readonly expiresInMs?: number | undefined;
  readonly readsMax?: number | undefined;
  readonly maker?: Actor | undefined;
  /** Lower-case hex; `sealed` needs it. */
  readonly claimHash?: string | undefined;
  /** The text that deletes it; kept as its hash only. */
  readonly deleteToken?: string | undefined;
}

export type Released = Extract<Claimed, { kind: 'released' }>;

/** Wrong deletion tokens a minute and client. */
const DELETE_FAILURES_PER_MINUTE = 30;

const cappedBy: Readonly<Record<keyof Caps, string>> = {
  messagesMax: 'as many messages as the setting messages.messagesMax allows',
  bytesMax: 'as many bytes as the setting messages.totalBytesMax allows',
};

/** What can be done with messages. Ids are UUIDs in lower case; what is refused is a Problem. */
export class Messages {
  readonly #options: MessagesOptions;
  readonly #deleteFailures: RateLimit;

  constructor(options: MessagesOptions) {
    this.#options = options;
    this.#deleteFailures = new RateLimit(DELETE_FAILURES_PER_MINUTE, options.clock);
  }

  get limits(): MessageLimits {
    return this.#options.limits;
  }

  /** Problems: body_too_large, store_full. The draft's life and reads are within the bounds already. */
  async create(draft: MessageDraft): Promise<MessageFacts> {
    const message = this.#toMessage(randomUUID(), draft);
    await this.#put(message);
    this.#options.metrics.created(message.kind);
    return message;
  }

  /**
   * A link to a plain message, made at most once per key, whatever the retries and on whichever replica: asked again it
   * is the same link. Without a maker, so without receipts. Its life is at most the longest that the settings allow.
   * Rejects with a Problem (body_too_large, store_full) or StoreUnavailable; then there is no message.
   */
  async shareOnce(key: string, text: string, expiresInMs: number): Promise<string> {
    const { idOf, limits, metrics } = this.#options;
    const lifeMs = Math.min(expiresInMs, limits.expiresInMs.max);
    const message = this.#toMessage(idOf(key), { kind: 'plain', content: text, expiresInMs: lifeMs });
    if ((await this.#put(message)) === 'kept') metrics.created('plain');
    return this.linkTo(message.id);
  }

  linkTo(id: string): string {
    return `${this.#options.publicUrl()}/m/${id}`;
  }

  /** The text of a message that everybody may read; problems: not_found, and conflict for one that is to be claimed. */
  async read(id: string): Promise<string> {
    const { store, metrics } = this.#options;
    const text = await store.read(id);
    if (text !== undefined) {
      metrics.read('read');
      return text;
    }
    const facts = await store.find(id);
    // What is there for everybody and still does not come was sealed under a key that is gone.
    const isAbsent = facts === undefined || isForAll(facts);
    metrics.read(isAbsent ? 'absent' : 'to_be_claimed');
    if (isAbsent) throw missing();
    throw new Problem(
      'conflict',
      `Reading this message takes a deliberate step, so that no preview of a link uses it up: POST /api/v1/messages/${id}/claim.`,
    );
  }

  /** Changes nothing. Problem: not_found. */
  async find(id: string): Promise<MessageFacts> {
    const facts = await this.#options.store.find(id);
    if (facts === undefined) throw missing();
    return facts;
  }

  /**
   * Releases the content and counts the read. Problems: not_found, wrong_key, too_many_requests, stopping. Without a
   * token nothing is guessed, so nobody has to wait for that.
   */
  async claim(id: string, token: string | undefined, claimant: Claimant): Promise<Released> {
    const { store, gate, receipts, metrics } = this.#options;
    const wanted = (): void => {
      if (claimant.isGone()) throw nobodyThere();
    };
    const claimed =
      token === undefined
        ? await store.claim(id, undefined, wanted)
        : await gate.pass(
            claimant,
            referenceOf(id),
            () => store.claim(id, claimHashOf(token), wanted),
            isWrong,
          );
    metrics.claimed(claimed);
    if (claimed.kind === 'released') return claimed;
    if (claimed.kind === 'absent') throw missing();
    if (token !== undefined) await receipts.tell('wrong_key', claimed.facts);
    throw new Problem(
      'wrong_key',
      'The claim token is missing or not the right one. The message is still there.',
    );
  }

  /** By who has the token that its making was answered with. Problems: not_found, wrong_key, too_many_requests. */
  async remove(id: string, token: string | undefined, address: string): Promise<void> {
    const wait = this.#deleteFailures.wait(address);
    if (wait > 0) {
      throw new Problem(
        'too_many_requests',
        'Too many wrong deletion tokens from this address. Wait and try again.',
        {
          retryAfterSeconds: wait,
        },
      );
    }
    const removed = await this.#options.store.remove(id, token === undefined ? '' : sha256Hex(token));
    if (removed === 'absent') throw missing();
    if (removed === 'removed') return;
    if (token !== undefined) this.#deleteFailures.charge(address);
    throw new Problem(
      'wrong_key',
      "Deleting takes the token that the message's making was answered with, as the header Tocsin-Delete-Token, or an operator's token of the scope operate.",
    );
  }

  /** By an operator, which the audit log tells; first, so that nothing is gone of which it does not. */
  async removeAs(actor: Actor, id: string): Promise<void> {
    const { store, journal, clock } = this.#options;
    const { kind, createdAt } = await this.find(id);
    const before = { kind, createdAt };
    const entry = {
      at: clock.now(),
      actor: actor.id,
      action: 'message.delete',
      subject: referenceOf(id),
      before,
    };
    await journal.submit([{ writes: [auditWrite(entry)] }]);
    if ((await store.remove(id, 'operator')) === 'absent') throw missing();
  }

  #toMessage(id: string, { kind, content, maker, ...asked }: MessageDraft): Message {
    const { clock, limits } = this.#options;
    const createdAt = clock.now();
    return {
      id,
      kind,
      content,
      readsMax: asked.readsMax,
      readsLeft: asked.readsMax,
      createdAt,
      expiresAt: createdAt + (asked.expiresInMs ?? limits.expiresInMs.default),
      bytes: Buffer.byteLength(content),
      maker: maker && { id: maker.id, name: maker.name },
      claimHash: asked.claimHash,
      deleteHash: asked.deleteToken === undefined ? undefined : sha256Hex(asked.deleteToken),
    };
  }

  async #put(message: Message): Promise<'kept' | 'known'> {
    const { store, limits, metrics } = this.#options;
    if (message.bytes > limits.bytesMax) {
      metrics.refused('too_large');
      throw new Problem(
        'body_too_large',
        `A message is at most ${limits.bytesMax} bytes (messages.bytesMax).`,
      );
    }
    const put = await store.put(message);
    if (put.kind !== 'full') return put.kind;
    metrics.refused('full');
    throw new Problem('store_full', `There are ${cappedBy[put.limit]}. Try again when some have expired.`, {
      members: { limit: put.limit === 'bytesMax' ? 'messages.totalBytesMax' : 'messages.messagesMax' },
    });
  }
}

const isWrong = ({ kind }: Claimed): boolean => kind === 'refused';

/** Of the token's bytes. What is no base64url gives another hash, and is a wrong token like any other. */
const claimHashOf = (token: string): string => sha256Hex(Buffer.from(token, 'base64url'));

export const NO_MESSAGE = 'Not found - There is no message for this id';
const missing = (): Problem => new Problem('not_found', NO_MESSAGE);
