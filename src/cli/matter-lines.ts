import type { Terminal } from './command.ts';
import { eventTable, severityCell, shortTime, whole } from './event-lines.ts';
import type { MatterDetails, MatterSummary } from './event-wire.ts';
import { type Cell, cell, layOut } from './layout.ts';
import { painter } from './paint.ts';

/** Matters as a table: one line each. */
export const matterTable = (matters: readonly MatterSummary[], terminal: Terminal): string[] =>
  layOut(matters.map(matterCells), terminal);

const stateStyles = { open: 'yellow', resolved: 'green' } as const;

const matterCells = (matter: MatterSummary): Cell[] => [
  cell(matter.fingerprint),
  cell(matter.state, stateStyles[matter.state]),
  cell(shortTime(matter.updatedAt), 'dim'),
  severityCell(matter.severity),
  cell(`${matter.eventCount}×`),
  cell(matter.title),
];

/** One matter with its latest events. */
export function matterDetailLines(matter: MatterDetails, terminal: Terminal): string[] {
  const { subject } = matter;
  const facts: readonly (readonly [string, string | null])[] = [
    ['State', `${matter.state}, as of ${matter.stateAt}`],
    ['Opened', matter.openedAt],
    ['Resolved', matter.resolvedAt],
    ['Source', matter.source],
    ['Type', matter.type],
    ['Severity', matter.severity],
    ['Subject', subject === null ? null : `${subject.kind} ${subject.name ?? ''} (${subject.id})`],
    ['Events', `${matter.eventCount}, the last at ${matter.updatedAt}`],
    ['Fingerprint', matter.fingerprint],
  ];
  const given = facts.flatMap(([name, text]) => (text === null ? [] : [[cell(name, 'dim'), cell(text)]]));
  const { items, nextCursor } = matter.events;
  return [
    painter(terminal)(matter.title, 'bold'),
    ...layOut(given, whole(terminal), '  '),
    '',
    painter(terminal)(nextCursor === null ? 'Events' : 'The latest events', 'bold'),
    ...(items.length === 0 ? ['  Past retention.'] : eventTable(items, terminal)),
  ];
}
