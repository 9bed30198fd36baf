import type { Severity } from '../events/event.ts';
import { geoWords } from '../events/geo.ts';
import type { Terminal } from './command.ts';
import type { DeliveryDetails, EventDetails, EventSummary } from './event-wire.ts';
import { type Cell, cell, layOut } from './layout.ts';
import { painter, type Style } from './paint.ts';

/** Events as a table: one line each. */
export const eventTable = (events: readonly EventSummary[], terminal: Terminal): string[] =>
  layOut(events.map(eventCells), terminal);

function eventCells(event: EventSummary): Cell[] {
  const marks = [
    event.internal ? '[internal]' : '',
    event.unrouted ? '[unrouted]' : '',
    event.state === 'resolved' ? '[resolved]' : '',
    event.geo?.allowed === false ? '[not allowed]' : '',
    event.acknowledged === true ? '[acknowledged]' : '',
  ];
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
export const severityCell = (severity: Severity): Cell => cell(severity, severityStyles[severity]);

/** To the second: `2026-01-31T12:00:00Z`. */
export const shortTime = (time: string): string => time.replace(/\.\d+Z$/, 'Z');

/** One event with the rules that took it, its deliveries and each attempt. */
export function eventDetailLines(event: EventDetails, terminal: Terminal): string[] {
  const paint = painter(terminal);
  return [
    paint(event.title, 'bold'),
    ...layOut(factCells(event), whole(terminal), '  '),
    ...noteLines(event, terminal),
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

function acknowledgedBy({ acknowledgement }: EventDetails): string | null {
  if (acknowledgement === undefined || acknowledgement === null) return null;
  const { at, by, reason } = acknowledgement;
  return `${shortTime(at)} by ${by.name}${reason === null ? '' : `: ${reason}`}`;
}

function noteLines({ notes = [] }: EventDetails, terminal: Terminal): string[] {
  if (notes.length === 0) return [];
  const cells = notes.flatMap(({ at, by, text }) =>
    text
      .split('\n')
      .map((line, n) => [
        cell(n === 0 ? shortTime(at) : '', 'dim'),
        cell(n === 0 ? by.name : ''),
        cell(line),
      ]),
  );
  return ['', painter(terminal)('Notes', 'bold'), ...layOut(cells, whole(terminal), '  ')];
}

/** On the page of one event nothing is cut. */
export const whole = (terminal: Terminal): Terminal => ({ ...terminal, columns: undefined });

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
    ['Countries', event.geo ? geoWords(event.geo) : null],
    ['Seen', observables.map(({ kind, value }) => `${kind} ${value}`).join(', ')],
    [
      'Labels',
      Object.entries(labels)
        .map(([name, value]) => `${name}=${value}`)
        .join(', '),
    ],
    ['State', event.state],
    ['Fingerprint', event.fingerprint],
    ['Link', event.link],
    ['Acknowledged', acknowledgedBy(event)],
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

const statusStyles = { delivered: 'green', dead: 'red', pending: 'yellow', skipped: 'yellow' } as const;

function deliveryLines(delivery: DeliveryDetails, terminal: Terminal): string[] {
  const { id, target, status, attempts, nextAttemptAt, replayOf, replayedAs } = delivery;
  const notes = [
    `${attempts} attempt${attempts === 1 ? '' : 's'}`,
    status === 'skipped' ? (delivery.reason ?? '') : '',
    nextAttemptAt === null ? '' : `next at ${shortTime(nextAttemptAt)}`,
    delivery.held === null ? '' : `held: ${delivery.held.reason}`,
    delivery.internal ? 'internal alert' : '',
    delivery.fallbackOf === null ? '' : `in the stead of ${delivery.fallbackOf}`,
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
