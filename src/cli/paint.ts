import type { Terminal } from './command.ts';
import { printable } from './printable.ts';

const codes = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33 } as const;
export type Style = keyof typeof codes;

/** Makes a text safe to print and, on a terminal with colours, styles it. */
export type Paint = (text: string, style?: Style) => string;

export const painter =
  ({ colors }: Terminal): Paint =>
  (text, style) => {
    const safe = printable(text);
    return colors && style !== undefined && safe !== '' ? `\u001b[${codes[style]}m${safe}\u001b[0m` : safe;
  };
