import { goalMet, median, type Report, type Row } from './report.ts';

/** A benchmark's results as a Markdown table that also reads well on a terminal. */
export function reportTable(report: Report): string {
  const notes = report.notes.map((note) => `- ${note}`);
  const parts = [report.rows.length > 0 ? table(report.rows) : [], notes].filter((part) => part.length > 0);
  return [`## ${report.name}: ${report.title}`, ...parts.flatMap((part) => ['', ...part]), ''].join('\n');
}

function table(rows: readonly Row[]): string[] {
  const cells = [['what', 'unit', 'min', 'median', 'max', 'rounds', 'goal'], ...rows.map(cellsOf)];
  const widths =
    cells[0]?.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0))) ?? [];
  const lines = cells.map((row) => line(row, widths));
  lines.splice(1, 0, `|${widths.map((width, column) => rule(width, column)).join('|')}|`);
  return lines;
}

/** Words stand left, numbers right. */
const isText = (column: number): boolean => column < 2 || column === 6;

const rule = (width: number, column: number): string =>
  isText(column) ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`;

function line(row: readonly string[], widths: readonly number[]): string {
  const padded = row.map((cell, column) =>
    isText(column) ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
  );
  return `| ${padded.join(' | ')} |`;
}

function cellsOf(row: Row): string[] {
  const { values } = row;
  const [min, middle, max] = [Math.min(...values), median(values), Math.max(...values)].map(numberText);
  return [row.what, row.unit, min ?? '', middle ?? '', max ?? '', String(values.length), goalText(row)];
}

function goalText(row: Row): string {
  if (!row.goal) return '';
  return `${row.goal.kind} ${numberText(row.goal.value)}: ${goalMet(row) ? 'met' : 'MISSED'}`;
}

/** Three significant digits or all of the integer part, thousands separated. */
function numberText(value: number): string {
  if (value >= 100 || Number.isInteger(value)) return Math.round(value).toLocaleString('en-US');
  return value.toPrecision(3);
}
