import type { Logger } from '../../kernel/log.ts';
import type { Sealer } from '../../kernel/seal.ts';

/** Contents as they rest outside of memory. */
export interface Contents {
  seal(id: string, content: string): string;
  /** Undefined for what another master key sealed: as good as not there. */
  open(id: string, sealed: string): string | undefined;
}

/** Sealed, bound to the message's id. That one does not open is logged once: it is never one alone. */
export function sealedContents(sealer: Pick<Sealer, 'seal' | 'open'>, log: Logger): Contents {
  let isTold = false;
  return {
    seal: (id, content) => sealer.seal(content, id),
    open(id, sealed) {
      const content = sealer.open(sealed, id);
      if (content === undefined && !isTold) {
        isTold = true;
        log.warn({}, 'messages are sealed under another master key: they count as gone, and will expire');
      }
      return content;
    },
  };
}
