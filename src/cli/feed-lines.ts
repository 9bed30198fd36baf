import type { Terminal } from './command.ts';
import { shortTime, whole } from './event-lines.ts';
import type { FeedsStatus, FeedStatus, ListStatus } from './incident-wire.ts';
import { type Cell, cell, layOut } from './layout.ts';
import { painter } from './paint.ts';

/** How each feed and each of its lists stands. */
export function feedLines(status: FeedsStatus, terminal: Terminal): string[] {
  const { feeds, incidents, unresolved, documentChangedAt } = status;
  const paint = painter(terminal);
  const told =
    incidents === null
      ? 'Nothing is listed yet.'
      : `${incidents} incidents listed, ${unresolved ?? 0} without an employee; changed ${documentChangedAt === null ? 'never' : shortTime(documentChangedAt)}`;
  return [...feeds.flatMap((feed) => [...oneFeed(feed, terminal), '']), paint(told)];
}

function oneFeed(feed: FeedStatus, terminal: Terminal): string[] {
  const paint = painter(terminal);
  const notes = [
    feed.kind,
    feed.durationMs === null ? '' : `the last refresh took ${feed.durationMs} ms`,
    feed.breaker === null || feed.breaker === 'closed' ? '' : `breaker ${feed.breaker.replace('_', ' ')}`,
  ].filter((note) => note !== '');
  return [
    `${paint(feed.id, 'bold')}  ${paint(notes.join(', '), 'dim')}`,
    ...layOut(listsOf(feed).map(listCells(feed)), whole(terminal), '  '),
  ];
}

export const listsOf = ({ identities, types }: FeedStatus): readonly ListStatus[] =>
  identities === null ? types : [identities, ...types];

const listCells =
  ({ identities }: FeedStatus) =>
  (list: ListStatus): Cell[] => [
    cell(list.name),
    stateCell(list),
    cell(list.ageSeconds === null ? 'never had' : `${list.ageSeconds} s old`, list.stale ? 'red' : 'dim'),
    cell(`${list.count}`),
    list === identities
      ? cell(some(list.unresolved, 'remembered'))
      : cell(some(list.unresolved, 'unresolved'), 'yellow'),
    cell(some(list.invalid, 'invalid'), 'yellow'),
    cell(list.durationMs === null ? '' : `${list.durationMs} ms`, 'dim'),
    cell(list.error === null ? '' : errorText(list.error), 'red'),
  ];

const some = (count: number, what: string): string => (count === 0 ? '' : `${count} ${what}`);

function stateCell({ stale, error }: ListStatus): Cell {
  if (stale) return cell('stale', 'red');
  return error === null ? cell('good', 'green') : cell('failing', 'yellow');
}

const errorText = ({ reason, detail, since }: NonNullable<ListStatus['error']>): string =>
  `${reason}: ${detail}, since ${shortTime(since)}`;
