import type { Severity } from '../events/event.ts';
import type { Terminal } from './command.ts';
import type { DeliveryDetails, EventDetails, EventSummary } from './event-wire.ts';
import { type Cell, cell, layOut } from './layout.ts';
import { painter, type Style } from './paint.ts';

/** Events as a table: one line each. */
export const eventTable = (events: readonly EventSummary[], terminal: Terminal): string[] =>
  layOut(events.map(eventCells), terminal);

function eventCells(event: EventSummary): Cell[] {
  const marks = [event.internal ? '[internal]' : '', event.unrouted ? '[unrouted]' : ''];
  return [
    cell(event.id),
    cell(shortTime(event.receivedAt), 'dim'),
    severityCell(event.severity),
    cell(event.source),
    cell(event.type),
    cell([...marks, event.title].filter((part) => part !== '').join(' ')),
  ];
}

const severityStyles: Partial<Record<Severity, Style>> = { critical: 'red', high: 'red', medium: 'yellow' };
const severityCell = (severity: Severity): Cell => cell(severity, severityStyles[severity]);

/** To the second: `2026-01-31T12:00:00Z`. */
const shortTime = (time: string): string => time.replace(/\.\d+Z$/, 'Z');

/** One event with the rules that took it, its deliveries and each attempt. */
export function eventDetailLines(event: EventDetails, terminal: Terminal): string[] {
  const paint = painter(terminal);
  return [
    paint(event.title, 'bold'),
    ...layOut(factCells(event), whole(terminal), '  '),
    '',
    paint('Rules', 'bold'),
    ...rows(
      event.matched.map(({ rule, targets }) => [cell(rule), cell(targets.join(', ') || 'no target')]),
      'No rule took it.',
      terminal,
    ),
    '',
    paint('Deliveries', 'bold'),
    ...(event.deliveries.length === 0
      ? ['  None.']
      : event.deliveries.flatMap((one) => deliveryLines(one, terminal))),
  ];
}

/** On the page of one event nothing is cut. */
const whole = (terminal: Terminal): Terminal => ({ ...terminal, columns: undefined });

const rows = (cells: readonly Cell[][], none: string, terminal: Terminal): string[] =>
  cells.length === 0 ? [`  ${none}`] : layOut(cells, whole(terminal), '  ');

function factCells(event: EventDetails): Cell[][] {
  const { subject, labels, observables, duplicates, lastDuplicateAt } = event;
  const facts: readonly (readonly [string, string | null | undefined])[] = [
    ['Id', event.id],
    ['Source', event.source],
    ['Type', event.type],
    ['Occurred', event.occurredAt],
    ['Received', event.receivedAt],
    ['Subject', subject === null ? null : `${subject.kind} ${subject.name ?? ''} (${subject.id})`],
    ['Seen', observables.map(({ kind, value }) => `${kind} ${value}`).join(', ')],
    [
      'Labels',
      Object.entries(labels)
        .map(([name, value]) => `${name}=${value}`)
        .join(', '),
    ],
    ['Fingerprint', event.fingerprint],
    ['Link', event.link],
    ['Internal', event.internal ? 'about our own application' : null],
    [
      'Repeats',
      duplicates === 0 ? null : `${duplicates} absorbed, the last at ${lastDuplicateAt ?? 'unknown'}`,
    ],
    ['Payload', `${Buffer.byteLength(event.payload)} bytes, sha256 ${event.payloadSha256}; --json has it`],
  ];
  const given = facts.flatMap(([name, text]) => (text ? [[cell(name, 'dim'), cell(text)]] : []));
  return [[cell('Severity', 'dim'), severityCell(event.severity)], ...given];
}

const statusStyles = { delivered: 'green', dead: 'red', pending: 'yellow' } as const;

function deliveryLines(delivery: DeliveryDetails, terminal: Terminal): string[] {
  const { id, target, status, attempts, nextAttemptAt, replayOf, replayedAs } = delivery;
  const notes = [
    `${attempts} attempt${attempts === 1 ? '' : 's'}`,
    nextAttemptAt === null ? '' : `next at ${shortTime(nextAttemptAt)}`,
    delivery.internal ? 'internal alert' : '',
    replayOf === null ? '' : `replay of ${replayOf}`,
    replayedAs === null ? '' : `replayed as ${replayedAs}`,
  ].filter((note) => note !== '');
  const head = [cell(id), cell(target), cell(status, statusStyles[status]), cell(notes.join(', '))];
  return [
    ...layOut([head], whole(terminal), '  '),
    ...layOut(delivery.attemptLog.map(attemptCells), whole(terminal), '    '),
  ];
}

function attemptCells(attempt: DeliveryDetails['attemptLog'][number]): Cell[] {
  const { number, startedAt, durationMs, outcome, reason, status, answer } = attempt;
  const why = [reason ?? '', status === null ? '' : String(status), answer === null ? '' : `“${answer}”`];
  return [
    cell(`#${number}`),
    cell(shortTime(startedAt), 'dim'),
    cell(`${durationMs} ms`),
    cell(outcome, outcome === 'delivered' ? 'green' : outcome === 'retry' ? 'yellow' : 'red'),
    cell(why.filter((part) => part !== '').join(' ')),
  ];
}
