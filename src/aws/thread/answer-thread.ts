import type { Clock } from '../../kernel/clock.ts';
import { ThreadEnded } from '../../kernel/work-thread.ts';
import type { Principal } from '../principal.ts';
import type { Question } from '../views/question.ts';
import { AwsThread } from './aws-thread.ts';
import type { Answered, AwsThreadOptions, Identified, Results, Work } from './protocol.ts';

type Thread = Pick<AwsThread, 'call' | 'close' | 'ended'>;

export interface AnswerThreadOptions extends AwsThreadOptions {
  readonly clock: Clock;
  readonly openThread?: (options: AwsThreadOptions) => Thread;
}

/** Nobody asks for so long: the memory of it, some 100 MB, is given back. */
const IDLE_MS = 300_000;

/** The thread that answers questions about accounts: begun with the first one, ended when nobody asks any more. */
export class AnswerThread {
  readonly #options: AnswerThreadOptions;
  #thread: Thread | undefined;
  #underWay = 0;
  #cancelIdle: (() => void) | undefined;
  #isStopped = false;

  constructor(options: AnswerThreadOptions) {
    this.#options = options;
  }

  /** Whose keys they are. Rejects with ThreadEnded. */
  identify(principal: Principal): Promise<Identified> {
    return this.#call({ kind: 'identify', principal });
  }

  /** Rejects with ThreadEnded. */
  answer(principal: Principal, owner: string, question: Question, isForced: boolean): Promise<Answered> {
    const now = this.#options.clock.now();
    return this.#call({ kind: 'answer', principal, owner, question, isForced, now });
  }

  /** Nothing of this one is kept any more. */
  forget(owner: string): void {
    // A thread that is gone has forgotten it.
    this.#thread?.call({ kind: 'forget', owner }).catch(() => undefined);
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancelIdle?.();
    await this.#thread?.close();
  }

  async #call<W extends Work>(work: W): Promise<Results[W['kind']]> {
    if (this.#isStopped) throw new ThreadEnded('the service is stopping');
    this.#cancelIdle?.();
    this.#underWay += 1;
    try {
      return await this.#open().call(work);
    } finally {
      this.#underWay -= 1;
      if (this.#underWay === 0) this.#waitIdle();
    }
  }

  #open(): Thread {
    if (this.#thread !== undefined) return this.#thread;
    const { openThread = (options: AwsThreadOptions) => new AwsThread(options) } = this.#options;
    const { endpoints, callsAtOnce, pace, freshForMs } = this.#options;
    const thread = openThread({ endpoints, callsAtOnce, pace, freshForMs });
    this.#thread = thread;
    void thread.ended.then(() => {
      if (this.#thread === thread) this.#thread = undefined;
    });
    return thread;
  }

  #waitIdle(): void {
    this.#cancelIdle?.();
    this.#cancelIdle = this.#options.clock.after(IDLE_MS, () => {
      const thread = this.#thread;
      this.#thread = undefined;
      void thread?.close();
    });
  }
}
