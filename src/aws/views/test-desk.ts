import { ManualClock } from '../../../tests/support/manual-clock.ts';
import { NOW, REGION } from '../checks/test-inventory.ts';
import { failureKinds, type FailureKind } from '../inventory/reading.ts';
import type { Action } from '../inventory/reads.ts';
import type { Principal } from '../principal.ts';
import type { Answered } from '../thread/protocol.ts';
import { AnswerDesk } from './desk.ts';
import type { Question } from './question.ts';
import { anAccount, TestReader, type TestAccount } from './test-reader.ts';

export const SESSION: Principal = {
  kind: 'keys',
  keys: { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'never told' },
  region: REGION,
};
export const CONFIGURED: Principal = { kind: 'configured', id: 'live', source: 'default', region: REGION };

/** A desk over an account in memory, and the readers that it opened. */
export class TestDesk {
  readonly clock = new ManualClock(undefined, NOW);
  readonly account: TestAccount;
  readonly readers: TestReader[] = [];
  readonly failing: TestReader['failing'] = new Map();
  readonly desk: AnswerDesk;
  /** What the next readers wait for. */
  opened: Promise<void> = Promise.resolve();

  constructor(account: Partial<TestAccount> = {}, itemsMax?: number) {
    this.account = anAccount(account);
    this.desk = new AnswerDesk({
      openReader: () => this.#open(),
      clock: this.clock,
      ...(itemsMax !== undefined && { itemsMax }),
    });
  }

  /** `what`: a method, or a method and a region. */
  fail(what: string, action: Action, kind: FailureKind = 'denied'): this {
    this.failing.set(what, { kind, action, region: REGION, code: failureKinds.join() });
    return this;
  }

  /** How often a method of any reader was called. */
  times(method: Parameters<TestReader['times']>[0]): number {
    return this.readers.reduce((sum, reader) => sum + reader.times(method), 0);
  }

  ask(question: Question, over: { owner?: string; isForced?: boolean; principal?: Principal } = {}) {
    const { owner = 'someone', isForced = false, principal = SESSION } = over;
    return this.desk.answer(principal, owner, question, isForced, this.clock.now());
  }

  /** The document of an answer; throws for anything else. */
  async document(question: Question, over: Parameters<TestDesk['ask']>[1] = {}): Promise<Document> {
    return documentIn(await this.ask(question, over));
  }

  #open(): TestReader {
    const reader = new TestReader(this.account, this.failing);
    reader.opened = this.opened;
    this.readers.push(reader);
    return reader;
  }
}

export type Document = Readonly<Record<string, unknown>>;

export function documentIn(answered: Answered): Document {
  if (answered.kind !== 'answered') throw new Error(`no document: ${JSON.stringify(answered)}`);
  return JSON.parse(Buffer.from(answered.body).toString('utf8'));
}

/** A list of a document. */
export function rowsOf(document: Document, member: string): readonly Document[] {
  const rows = document[member];
  if (!Array.isArray(rows)) throw new Error(`no list: ${member}`);
  return rows;
}
