import type { ScanSummary } from './aws-wire.ts';
import type { CommandContext } from './command.ts';

export interface ScanTeller {
  tell(scan: ScanSummary): void;
  /** Takes away what stands there. */
  end(): void;
}

const EVERY_MS = 5_000;
const BAR_WIDTH = 20;

/** Tells people on standard error how far a scan is: in one line on a terminal, else in a line now and then. */
export function scanTeller({ status, err, now }: Pick<CommandContext, 'status' | 'err' | 'now'>): ScanTeller {
  const isOver = ({ endedAt }: ScanSummary): boolean => endedAt !== null;
  if (status !== undefined)
    return {
      tell(scan) {
        if (!isOver(scan)) status(progressLine(scan));
      },
      end: () => status(''),
    };
  let phase = '';
  let toldAt = 0;
  return {
    tell(scan) {
      if (isOver(scan)) return;
      const isNews = phaseOf(scan) !== phase;
      if (!isNews && now() - toldAt < EVERY_MS) return;
      phase = phaseOf(scan);
      toldAt = now();
      err(`${phase}: ${countsOf(scan)}`);
    },
    end() {},
  };
}

const progressLine = (scan: ScanSummary): string =>
  `${phaseOf(scan).padEnd(10)} ${bar(scan.progress)} ${countsOf(scan)}`;

const phaseOf = ({ state, progress }: ScanSummary): string =>
  state === 'requested' ? 'waiting' : progress.phase;

/** In characters that every terminal has. */
function bar({ done, steps }: ScanSummary['progress']): string {
  const filled = steps === 0 ? 0 : Math.floor((Math.min(done, steps) / steps) * BAR_WIDTH);
  return `[${'#'.repeat(filled)}${'-'.repeat(BAR_WIDTH - filled)}]`;
}

function countsOf({ state, progress }: ScanSummary): string {
  if (state === 'requested') return 'for a process that scans';
  const { steps, done, calls, opened, resolved } = progress;
  if (steps === 0) return 'it begins';
  const found = opened + resolved === 0 ? '' : `, ${opened} opened, ${resolved} resolved`;
  return `${done} of ${steps} steps, ${calls} calls${found}`;
}
