import type { EventDraft } from '../../events/event.ts';
import type { OwnEvent } from '../../events/ingest.ts';
import type { Write } from '../../storage/statement.ts';
import type { MessageFacts, ReceiptKind } from '../message.ts';
import type { Receipts } from './port.ts';

interface Receipt {
  readonly kind: ReceiptKind;
  readonly facts: MessageFacts;
}

/** Receipts that keep what they are told, for tests. */
export class TestReceipts implements Receipts {
  readonly all: Receipt[] = [];
  /** Prepared ones of which nobody has said what became of them. */
  open = 0;
  prepared = 0;

  draft(): EventDraft {
    throw new TypeError('no store makes drafts');
  }

  prepare(kind: ReceiptKind, facts: MessageFacts, guard: Write, also: readonly Write[]): OwnEvent {
    this.open += 1;
    this.prepared += 1;
    let isEnded = false;
    return {
      group: { guard, writes: also },
      ended: (passed) => {
        if (isEnded) throw new TypeError('told twice what became of a receipt');
        isEnded = true;
        this.open -= 1;
        if (passed) this.all.push({ kind, facts: only(facts) });
      },
    };
  }

  async tell(kind: ReceiptKind, facts: MessageFacts): Promise<void> {
    if (facts.maker !== undefined) this.all.push({ kind, facts: only(facts) });
  }

  of(id: string): Receipt[] {
    return this.all.filter(({ facts }) => facts.id === id);
  }

  told(kind: ReceiptKind, id: string): Receipt[] {
    return this.of(id).filter((receipt) => receipt.kind === kind);
  }

  forget(): void {
    this.all.length = 0;
    this.prepared = 0;
  }
}

/** A receipt that was handed a content would tell it. */
function only(facts: MessageFacts): MessageFacts {
  if ('content' in facts) throw new TypeError('a receipt was handed the content');
  return facts;
}
