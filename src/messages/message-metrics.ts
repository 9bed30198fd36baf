import type { Meter } from '../kernel/meter.ts';
import type { MessageKind } from './message.ts';
import type { Claimed } from './store/port.ts';

/** Why a message was not made. */
export type NotMade = 'full' | 'too_large' | 'too_many_requests' | 'not_an_operator';
export type ReadOutcome = 'read' | 'absent' | 'to_be_claimed';

/** What becomes of messages, counted; never which. */
export interface MessageMetrics {
  created(kind: MessageKind): void;
  refused(reason: NotMade): void;
  /** By `GET /msg/{id}`. */
  read(outcome: ReadOutcome): void;
  claimed(claimed: Claimed): void;
}

export function messageMetrics(meter: Meter): MessageMetrics {
  const created = meter.counter({
    name: 'tocsin_messages_created_total',
    help: 'Messages made, by kind.',
    labels: ['kind'],
  });
  const refused = meter.counter({
    name: 'tocsin_messages_refused_total',
    help: 'Messages not made, by reason.',
    labels: ['reason'],
  });
  const reads = meter.counter({
    name: 'tocsin_messages_reads_total',
    help: 'Messages asked for by GET /msg/{id}, by outcome.',
    labels: ['outcome'],
  });
  const claims = meter.counter({
    name: 'tocsin_messages_claims_total',
    help: 'Claims of messages, by outcome: released, burned (released for the last time), refused, absent.',
    labels: ['outcome'],
  });
  return {
    created: (kind) => created.of(kind).inc(),
    refused: (reason) => refused.of(reason).inc(),
    read: (outcome) => reads.of(outcome).inc(),
    claimed: (claimed) => claims.of(outcomeOf(claimed)).inc(),
  };
}

const outcomeOf = (claimed: Claimed): string =>
  claimed.kind === 'released' && claimed.facts.readsLeft === 0 ? 'burned' : claimed.kind;
