import type { OwnEvent } from '../../events/ingest.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Journal } from '../../storage/journal.ts';
import type { Group, Write } from '../../storage/statement.ts';
import { type Store, StoreUnavailable } from '../../storage/store.ts';
import { factsOf, type Message, type MessageFacts, mayClaim, type ReceiptKind } from '../message.ts';
import type { Contents } from './contents.ts';
import { ownPages } from './own-pages.ts';
import type { Claimed, MessageStore, MessageStoreParts, Put, Usage } from './port.ts';
import { factsOfRow, rowOf } from './row.ts';
import { MessageRows } from './rows.ts';
import { SharedReads } from './shared-reads.ts';
import { messageStatements as statements } from './statements.ts';
import { Tally } from './tally.ts';
import { Turns } from './turns.ts';

export interface SqlMessagesOptions extends MessageStoreParts {
  readonly store: Store;
  readonly journal: Pick<Journal, 'submit'>;
  readonly clock: Clock;
  readonly contents: Contents;
}

/** In one process claims of a message wait for each other: a round is lost only to another process, which got further. */
const ROUNDS_MAX = 100;
/** Messages and bytes deleted in one commit: what is deleted is written over, and other commits wait for that. */
const SWEEP_BATCH = 500;
const SWEEP_BYTES = 4_000_000;
/** Replicas count anew what others made. */
const REFRESH_MS = 5_000;

/**
 * Messages in the SQL store, written through the journal. A read that counts is a compare-and-swap on the reads left,
 * behind which stands its receipt; only who passed it releases what it has read before. Times are this process's:
 * replicas need clocks that agree.
 */
export class SqlMessages implements MessageStore {
  readonly kind = 'database';
  readonly #options: SqlMessagesOptions;
  readonly #rows: MessageRows;
  readonly #sharedReads: SharedReads;
  readonly #tally: Tally;
  readonly #turns = new Turns();
  #makingRoom: Promise<number> | undefined;

  constructor(options: SqlMessagesOptions) {
    this.#options = options;
    const { store, caps, clock } = options;
    this.#rows = new MessageRows(store);
    this.#sharedReads = new SharedReads((ids) => this.#rows.shared(ids, this.#now));
    const refreshMs = store.peers === undefined ? undefined : REFRESH_MS;
    this.#tally = new Tally(caps, () => this.#rows.count(), clock, refreshMs);
    // What a process deleted that was killed soon after may be in the log still.
    store.scrub?.();
  }

  async put(message: Message): Promise<Put> {
    await this.#tally.ready();
    for (let round = 0; round < ROUNDS_MAX; round++) {
      const limit = await this.#takeRoom(message.bytes);
      if (limit === undefined && (await this.#insert(message))) return { kind: 'kept' };
      const there = await this.#rows.facts(message.id);
      if (there !== undefined && there.expiresAt > this.#now) return { kind: 'known' };
      if (there !== undefined) await this.#expire([there]);
      else if (limit !== undefined) return { kind: 'full', limit };
    }
    throw new StoreUnavailable('this id is taken and given up all the time');
  }

  async find(id: string): Promise<MessageFacts | undefined> {
    const facts = await this.#rows.facts(id);
    return facts !== undefined && facts.expiresAt > this.#now ? facts : undefined;
  }

  async read(id: string): Promise<string | undefined> {
    const sealed = await this.#sharedReads.read(id);
    return sealed === undefined ? undefined : this.#options.contents.open(id, sealed);
  }

  async claim(id: string, claimHash: string | undefined, lastCheck?: () => void): Promise<Claimed> {
    await this.#tally.ready();
    const claimed = await this.#turns.run(id, () => this.#claimInTurn(id, claimHash, lastCheck));
    // A read that is not counted writes nothing that its receipt could go with.
    const isUncounted = claimed.kind === 'released' && claimed.facts.readsLeft === undefined;
    if (isUncounted) await this.#options.receipts.tell('read', claimed.facts);
    return claimed;
  }

  async remove(id: string, by: string | 'operator'): Promise<'removed' | 'refused' | 'absent'> {
    await this.#tally.ready();
    const row = await this.#rows.removable(id, this.#now);
    if (row === undefined) return 'absent';
    if (by !== 'operator' && by !== row.delete_hash) return 'refused';
    const [passed] = await this.#options.journal.submit([
      { guard: { statement: statements.remove.name, row: [id, this.#now] }, writes: [] },
    ]);
    if (passed !== true) return 'absent';
    this.#gone([row]);
    return 'removed';
  }

  async sweep(limit: number): Promise<number> {
    await this.#tally.ready();
    let swept = 0;
    while (swept < limit) {
      const ended = await this.#rows.ended(this.#now, Math.min(SWEEP_BATCH, limit - swept));
      const deleted = await this.#expire(ended);
      swept += deleted;
      // None of them: another process is at it.
      if (deleted === 0) break;
    }
    return swept;
  }

  async usage(): Promise<Usage> {
    await this.#tally.ready();
    return this.#tally.usage;
  }

  async close(): Promise<void> {}

  get #now(): number {
    return this.#options.clock.now();
  }

  async #claimInTurn(
    id: string,
    claimHash: string | undefined,
    lastCheck: (() => void) | undefined,
  ): Promise<Claimed> {
    for (let round = 0; round < ROUNDS_MAX; round++) {
      const row = await this.#rows.claimable(id, claimHash, this.#now);
      if (row === undefined) return { kind: 'absent' };
      const facts = factsOfRow(row);
      if (!mayClaim({ claimHash: row.claim_hash ?? undefined }, claimHash)) return { kind: 'refused', facts };
      const content = this.#options.contents.open(id, row.content ?? '');
      if (content === undefined) return { kind: 'absent' };
      if (facts.readsLeft === undefined) return { kind: 'released', content, facts };
      lastCheck?.();
      const left = facts.readsLeft - 1;
      const after = { ...facts, readsLeft: left };
      if (await this.#countRead(after)) return { kind: 'released', content, facts: after };
    }
    throw new StoreUnavailable('too many processes claim this message at once');
  }

  /** Whether it was still as seen. `facts` as they are after it. */
  async #countRead(facts: MessageFacts & { readonly readsLeft: number }): Promise<boolean> {
    const { id, readsLeft } = facts;
    if (readsLeft > 0) {
      const row = [id, readsLeft + 1, this.#now];
      return this.#submit('read', facts, { statement: statements.countRead.name, row });
    }
    const burn: Write = { statement: statements.burn.name, row: [id, this.#now] };
    const isBurned = await this.#submit('burned', facts, burn);
    if (isBurned) this.#gone([facts]);
    return isBurned;
  }

  /** The cap in the way, when what has expired makes no room. */
  async #takeRoom(bytes: number): Promise<ReturnType<Tally['take']>> {
    for (;;) {
      const limit = this.#tally.take(bytes);
      if (limit === undefined || this.#tally.firstEnd > this.#now) return limit;
      // Of many that find it full at once, one sweeps.
      this.#makingRoom ??= this.#makeRoom().finally(() => (this.#makingRoom = undefined));
      if ((await this.#makingRoom) === 0) return limit;
    }
  }

  async #makeRoom(): Promise<number> {
    const swept = await this.sweep(SWEEP_BATCH);
    this.#tally.endsFirst(await this.#rows.firstEnd());
    return swept;
  }

  /** Whether it is kept; not, when there is one with its id. The room that was taken for it is settled either way. */
  async #insert(message: Message): Promise<boolean> {
    const { store, contents } = this.#options;
    const sealed = contents.seal(message.id, message.content);
    const content = store.dialect === 'sqlite' ? ownPages(sealed, rowOf(message, '')) : sealed;
    let isKept = false;
    try {
      const guard: Write = { statement: statements.put.name, row: rowOf(message, content) };
      isKept = await this.#submit('created', factsOf(message), guard);
    } finally {
      this.#tally.taken(message.bytes, isKept ? message.expiresAt : undefined);
    }
    return isKept;
  }

  /** How many of them were still there to be deleted; each has its receipt in the same commit. */
  async #expire(ended: readonly MessageFacts[]): Promise<number> {
    let deleted = 0;
    for (const portion of portions(ended)) {
      const now = this.#now;
      const passed = await this.#submitAll(
        portion.map((facts) => {
          const guard: Write = { statement: statements.expire.name, row: [facts.id, now] };
          return { kind: 'expired', facts, guard };
        }),
      );
      const gone = portion.filter((_, index) => passed[index]);
      this.#gone(gone);
      deleted += gone.length;
    }
    return deleted;
  }

  async #submit(kind: ReceiptKind, facts: MessageFacts, guard: Write): Promise<boolean> {
    const [passed] = await this.#submitAll([{ kind, facts, guard }]);
    return passed === true;
  }

  /** What becomes of messages, each with its receipt where it has a maker, in one transaction. */
  async #submitAll(changes: readonly Change[]): Promise<readonly boolean[]> {
    const { journal, receipts } = this.#options;
    const owns: (OwnEvent | undefined)[] = changes.map(({ kind, facts, guard }) =>
      facts.maker === undefined ? undefined : receipts.prepare(kind, facts, guard, []),
    );
    const groups = changes.map(({ guard }, index): Group => owns[index]?.group ?? { guard, writes: [] });
    let passed: readonly boolean[] = [];
    try {
      passed = await journal.submit(groups);
    } finally {
      for (const [index, own] of owns.entries()) own?.ended(passed[index] === true);
    }
    return passed;
  }

  #gone(messages: readonly { readonly bytes: number }[]): void {
    for (const { bytes } of messages) this.#tally.gone(bytes);
    if (messages.length > 0) this.#options.store.scrub?.();
  }
}

interface Change {
  readonly kind: ReceiptKind;
  readonly facts: MessageFacts;
  readonly guard: Write;
}

function portions(messages: readonly MessageFacts[]): MessageFacts[][] {
  const found: MessageFacts[][] = [];
  let bytes = Infinity;
  for (const message of messages) {
    if (bytes + message.bytes > SWEEP_BYTES) {
      found.push([]);
      bytes = 0;
    }
    bytes += message.bytes;
    found.at(-1)?.push(message);
  }
  return found;
}
