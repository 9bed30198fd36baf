import type { dashboardWire } from '../aws/api/inventory-wire.ts';
import type { Static } from '../kernel/schema.ts';
import { countsText } from './aws-scan-lines.ts';
import type { Terminal } from './command.ts';
import { whole } from './event-lines.ts';
import { type Cell, cell, layOut } from './layout.ts';
import { painter } from './paint.ts';

type Dashboard = Static<typeof dashboardWire>;
type Part = keyof Dashboard['summary'];

const parts: readonly (readonly [Part, string])[] = [
  ['ecs', 'ECS'],
  ['s3', 'S3, of all regions'],
  ['ebs', 'EBS'],
  ['network', 'Network'],
];

/** The sixteen figures, what could not be read, and what the last scans left open. */
export function summaryLines(
  { summary, region, unreadable = [], findings }: Dashboard,
  terminal: Terminal,
): string[] {
  const paint = painter(terminal);
  const block = (title: string, rows: readonly Cell[][]): string[] =>
    rows.length === 0 ? [] : ['', paint(title, 'bold'), ...layOut(rows, whole(terminal), '  ')];
  return [
    paint(region, 'bold'),
    ...parts.flatMap(([part, title]) => block(title, Object.entries(summary[part]).map(figureCells))),
    ...block('Findings, of all regions', [[cell(findingsText(findings))]]),
    ...block(
      'Not read',
      unreadable.map(({ member, action, region: place, reason }) => [
        cell(member),
        cell(action),
        cell(place),
        cell(reason, 'yellow'),
      ]),
    ),
  ];
}

function findingsText(findings: Dashboard['findings']): string {
  if (findings === null) return 'not scanned yet';
  return `${countsText(findings) || 'none'} open`;
}

const figureCells = ([name, value]: readonly [string, number | null]): Cell[] => [
  cell(name.replaceAll('_', ' ')),
  value === null ? cell('not read', 'yellow') : cell(value.toLocaleString('en-US')),
];
