import { isJsonObject } from '../kernel/json.ts';
import type { Priority } from '../incidents/incident.ts';
import type { Terminal } from './command.ts';
import { shortTime, whole } from './event-lines.ts';
import type { IncidentDetails, IncidentSummary, InvalidRecord } from './incident-wire.ts';
import { type Cell, cell, layOut } from './layout.ts';
import { painter, type Style } from './paint.ts';

/** Incidents as a table: one line each. */
export const incidentTable = (incidents: readonly IncidentSummary[], terminal: Terminal): string[] =>
  layOut(incidents.map(incidentCells), terminal);

function incidentCells(incident: IncidentSummary): Cell[] {
  const { id, priority, feed, type, employee, listed } = incident;
  return [
    cell(id),
    cell(timeOf(incident), 'dim'),
    cell(priority ?? '-', styleOf(priority)),
    cell(feed),
    cell(type),
    employee === null ? cell('unresolved', 'yellow') : cell(`employee ${employee}`),
    cell([partiesOf(incident), listed ? '' : '[no longer listed]'].filter((part) => part !== '').join(' ')),
  ];
}

const styles: Partial<Record<Priority, Style>> = { critical: 'red', high: 'red', medium: 'yellow' };
export const styleOf = (priority: Priority | null): Style | undefined =>
  priority === null ? undefined : styles[priority];

const timeOf = ({ occurredAt, timestamp }: IncidentSummary): string =>
  occurredAt === null ? String(timestamp ?? '-') : shortTime(occurredAt);

const partiesOf = ({ address, sourceAddress, identity }: IncidentSummary): string =>
  [
    address ?? '',
    identity === 'remembered' ? '(remembered)' : '',
    sourceAddress === null ? '' : `from ${sourceAddress}`,
  ]
    .filter((part) => part !== '')
    .join(' ');

const identityWords = {
  stated: 'named by the record',
  current: 'by its address, as the feed says now',
  remembered: 'by its address, which the feed has forgotten since',
} as const;

/** One incident with its record. */
export function incidentDetailLines(incident: IncidentDetails, terminal: Terminal): string[] {
  const { priority, employee, identity, fault } = incident;
  const facts: readonly (readonly [string, string | null])[] = [
    ['Priority', priority],
    ['Occurred', incident.occurredAt ?? (incident.timestamp === null ? null : String(incident.timestamp))],
    ['Employee', employee ?? 'not known'],
    ['Known', identity === null ? null : identityWords[identity]],
    ['Known since', incident.attributedAt],
    ['Address', incident.address],
    ['From', incident.sourceAddress],
    ['Invalid', fault],
    ['First seen', incident.firstSeenAt],
    ['Listed', incident.listed ? 'now' : `until ${incident.lastSeenAt ?? 'some time'}`],
    ['Event', incident.eventId],
  ];
  const paint = painter(terminal);
  const given = facts.flatMap(([name, text]) => (text === null ? [] : [[cell(name, 'dim'), cell(text)]]));
  return [
    `${paint(`${incident.feed}/${incident.type}`, 'bold')}  ${paint(incident.id, 'dim')}`,
    ...layOut(given, whole(terminal), '  '),
    '',
    paint('Record', 'bold'),
    ...layOut(recordCells(incident), whole(terminal), '  '),
  ];
}

/** Member by member; as it came where a number would read otherwise, or it is no object. */
function recordCells({ record, recordText }: IncidentDetails): Cell[][] {
  if (!isJsonObject(record) || JSON.stringify(record) !== recordText) return [[cell(recordText)]];
  return Object.entries(record).map(([name, value]) => [
    cell(name, 'dim'),
    cell(typeof value === 'string' ? value : JSON.stringify(value)),
  ]);
}

/** Records that are filed under nobody, with what is wrong with each. */
export const invalidTable = (records: readonly InvalidRecord[], terminal: Terminal): string[] =>
  layOut(
    records.map(({ id, feed, type, fault, text }) => [
      cell(id),
      cell(feed),
      cell(type),
      cell(fault ?? '-', 'yellow'),
      cell(text),
    ]),
    terminal,
  );
