import type { EventDraft, Severity } from '../events/event.ts';
import { OWN_SOURCE } from '../events/event.ts';
import type { Ingest, OwnEvent } from '../events/ingest.ts';
import type { Clock } from '../kernel/clock.ts';
import { uuidv7 } from '../kernel/ids.ts';
import { errorText, type Logger } from '../kernel/log.ts';
import { toInstant } from '../kernel/schema.ts';
import { sha256Hex } from '../kernel/secret.ts';
import type { Ephemeral } from '../storage/ephemeral/port.ts';
import type { Write } from '../storage/statement.ts';
import { type MessageFacts, type ReceiptKind, referenceOf } from './message.ts';
import type { Receipts } from './store/port.ts';

export interface ReceiptsOptions {
  readonly ingest: Pick<Ingest, 'prepareOwn' | 'accept'>;
  readonly ephemeral: Pick<Ephemeral, 'increment'>;
  readonly clock: Clock;
  readonly log: Logger;
}

/**
 * What is told so often of one message at most: whoever has its link can do that as often as they like, and must not
 * be able to flood the maker's channels.
 */
const TOLD_MAX = 10;

/**
 * Receipts as events of our own, for messages that a known operator made: for others nobody would be told but those
 * whom anybody could then flood. Neither text nor token is in them, nor the id, which alone opens a plain message.
 */
export class MessageReceipts implements Receipts {
  readonly #options: ReceiptsOptions;

  constructor(options: ReceiptsOptions) {
    this.#options = options;
  }

  draft(kind: ReceiptKind, facts: MessageFacts): EventDraft {
    const { clock } = this.#options;
    const now = clock.now();
    const type = `message.${kind}`;
    const reference = referenceOf(facts.id);
    const told = {
      kind: facts.kind,
      ...(facts.maker === undefined ? {} : { maker: facts.maker.name, maker_id: facts.maker.id }),
      ...(facts.readsLeft === undefined ? {} : { reads_left: String(facts.readsLeft) }),
      expires_at: toInstant(facts.expiresAt),
    };
    return {
      type,
      severity: severities[kind],
      title: `Message ${reference} ${whatHappened[kind]}`,
      occurredAt: now,
      subject: { kind: 'message', id: reference },
      fingerprint: sha256Hex(`tocsin.message ${facts.id}`).slice(0, 32),
      labels: told,
      observables: [],
      link: undefined,
      internalAlert: undefined,
      dedupeKey: sha256Hex(`${type} ${facts.id} ${mark(kind, facts, now)}`),
      payload: JSON.stringify({ type, reference, at: toInstant(now), ...told }),
    };
  }

  prepare(kind: ReceiptKind, facts: MessageFacts, guard: Write, also: readonly Write[]): OwnEvent {
    return this.#options.ingest.prepareOwn(this.draft(kind, facts), guard, also);
  }

  async tell(kind: ReceiptKind, facts: MessageFacts): Promise<void> {
    if (facts.maker === undefined) return;
    const { ingest, log } = this.#options;
    try {
      if (isEndless(kind, facts) && (await this.#isTooMany(kind, facts))) return;
      // With its key as the guard: of two replicas that sweep the same message, one tells that it has expired.
      await ingest.accept(OWN_SOURCE, [this.draft(kind, facts)]);
    } catch (error) {
      log.warn(
        { receipt: kind, reference: referenceOf(facts.id), reason: errorText(error) },
        'a receipt was not told',
      );
    }
  }

  async #isTooMany(kind: ReceiptKind, { id, expiresAt }: MessageFacts): Promise<boolean> {
    const { clock, ephemeral } = this.#options;
    const lifeMs = Math.max(1, expiresAt - clock.now());
    return (await ephemeral.increment(`messages/told/${kind}/${referenceOf(id)}`, 1, lifeMs)) > TOLD_MAX;
  }
}

/** What nothing else bounds: a burn comes once, and so do reads that are counted. */
const isEndless = (kind: ReceiptKind, { readsMax }: MessageFacts): boolean =>
  kind === 'wrong_key' || (kind === 'read' && readsMax === undefined);

/** What tells a receipt from others of its kind and message. */
const mark = (kind: ReceiptKind, facts: MessageFacts, now: number): string =>
  isEndless(kind, facts) ? uuidv7(now) : String(facts.readsLeft);

const severities: Readonly<Record<ReceiptKind, Severity>> = {
  created: 'informational',
  read: 'informational',
  burned: 'informational',
  expired: 'informational',
  wrong_key: 'medium',
};

const whatHappened: Readonly<Record<ReceiptKind, string>> = {
  created: 'was made',
  read: 'was read',
  burned: 'was read for the last time and is gone',
  expired: 'has expired and is gone',
  wrong_key: 'was asked for with a wrong key',
};
