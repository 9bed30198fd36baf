import type { CommandContext } from './command.ts';

const EVERY_MS = 5_000;

/** Says how far something is, on standard error and not too often; `what` makes the sentence. */
export function progressOf({ err, now }: Pick<CommandContext, 'err' | 'now'>): (what: () => string) => void {
  let told = now();
  return (what) => {
    if (now() - told < EVERY_MS) return;
    told = now();
    err(what());
  };
}

/** `12.3 MB`. */
export const megabytes = (bytes: number): string => `${(bytes / 1_000_000).toFixed(1)} MB`;

/** `1 row`, `12,345 rows`. */
export const rowsText = (rows: number): string =>
  `${rows.toLocaleString('en-US')} ${rows === 1 ? 'row' : 'rows'}`;
