import { openReader } from '../collect/open-reader.ts';
import { ScanDesk } from '../scan/scan-desk.ts';
import { AnswerDesk } from '../views/desk.ts';
import type { AwsThreadOptions, Identified, Results, ScanNotice, Work } from './protocol.ts';
import type { Principal } from '../principal.ts';

/** All that a thread of AWS can be asked for. One either answers questions or makes one scan. */
export class Workshop {
  readonly #options: AwsThreadOptions;
  readonly #answers: AnswerDesk;
  #scan: ScanDesk | undefined;

  constructor(options: AwsThreadOptions) {
    this.#options = options;
    this.#answers = new AnswerDesk({
      openReader: (principal) => openReader(principal, options),
      keptMs: options.freshForMs,
    });
  }

  async run(work: Work, notify: (notice: ScanNotice) => void): Promise<Results[Work['kind']]> {
    switch (work.kind) {
      case 'identify':
        return this.#identify(work.principal);
      case 'answer':
        return this.#answers.answer(work.principal, work.owner, work.question, work.isForced, work.now);
      case 'forget':
        this.#answers.forget(work.owner);
        return undefined;
      case 'scan':
        this.#scan = new ScanDesk(this.#options, notify);
        return this.#scan.scan(work.plan);
      case 'known':
        this.#scanning.known(work.findings);
        return undefined;
      case 'changes':
        return this.#scanning.changes(work.limit);
      case 'cancel':
      case 'close':
        this.#scan?.cancel();
        return undefined;
    }
  }

  get #scanning(): ScanDesk {
    if (this.#scan === undefined) throw new TypeError('no scan was begun');
    return this.#scan;
  }

  async #identify(principal: Principal): Promise<Identified> {
    const reader = openReader(principal, this.#options);
    try {
      const identity = await reader.identity();
      return identity.kind === 'read'
        ? { kind: 'known', identity: identity.value }
        : { kind: 'failed', failure: identity.failure };
    } finally {
      reader.close();
    }
  }
}

/** What is handed over instead of copied. */
export function transferOf(result: Results[Work['kind']]): readonly ArrayBuffer[] {
  return result !== undefined && 'body' in result ? [result.body.buffer] : [];
}
