import type { Terminal } from './command.ts';
import { painter, type Style } from './paint.ts';
import { printable } from './printable.ts';

/** One value of a table, as it came; it is made safe here. */
export interface Cell {
  readonly text: string;
  readonly style?: Style;
}

const GAP = '  ';
const LAST_MIN = 20;

export const cell = (text: string, style?: Style): Cell => (style === undefined ? { text } : { text, style });

/** Rows as lines in columns. The last column is cut where the terminal ends; elsewhere nothing is. */
export function layOut(rows: readonly (readonly Cell[])[], terminal: Terminal, indent = ''): string[] {
  const paint = painter(terminal);
  const safe = rows.map((row) => row.map(({ text, style }) => ({ text: printable(text), style })));
  const widths = widthsOf(safe);
  return safe.map((row) => {
    const last = row.length - 1;
    const used = indent.length + widths.slice(0, last).reduce((sum, width) => sum + width + GAP.length, 0);
    const cells = row.map(({ text, style }, column) =>
      column === last
        ? paint(cut(text, terminal.columns, used), style)
        : paint(text, style) + ' '.repeat((widths[column] ?? 0) - lengthOf(text)),
    );
    return (indent + cells.join(GAP)).trimEnd();
  });
}

const lengthOf = (text: string): number => [...text].length;

/** Of every column but a row's last: nothing is lined up behind that one. */
function widthsOf(rows: readonly (readonly { readonly text: string }[])[]): number[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, { text }] of row.slice(0, -1).entries()) {
      widths[column] = Math.max(widths[column] ?? 0, lengthOf(text));
    }
  }
  return widths;
}

function cut(text: string, columns: number | undefined, used: number): string {
  if (columns === undefined) return text;
  const room = Math.max(LAST_MIN, columns - used);
  const chars = [...text];
  return chars.length > room ? `${chars.slice(0, room - 1).join('')}…` : text;
}
