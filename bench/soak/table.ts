import { goalMet, type Report, type Row } from '../report/report.ts';

/** What was found and what it is held against, a line each; then the notes. Reads well on a terminal. */
export function soakTable({ name, title, rows, notes }: Report): string {
  const width = Math.max(...rows.map(({ what }) => what.length));
  const lines = rows.map((row) => `${row.what.padEnd(width)}  ${figure(row)}${held(row)}`.trimEnd());
  return [`${name}: ${title}`, '', ...lines, '', ...notes.map((note) => `- ${note}`), ''].join('\n');
}

function figure({ values: [value = NaN], unit }: Row): string {
  const digits = Number.isInteger(value) || Math.abs(value) >= 100 ? 0 : 1;
  const text = value.toLocaleString('en-US', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  return `${text.padStart(12)} ${unit.padEnd(10)}`;
}

function held(row: Row): string {
  if (row.goal === undefined) return '';
  return ` ${row.goal.kind} ${Math.round(row.goal.value)}: ${goalMet(row) === true ? 'met' : 'MISSED'}`;
}
