import type { Terminal } from './command.ts';
import type { FetchedList } from './fetch-feeds.ts';
import { type Cell, cell, layOut } from './layout.ts';

/** What became of each list, one line each, and of all together. */
export function fetchLines(lists: readonly FetchedList[], elapsedMs: number, terminal: Terminal): string[] {
  return [...layOut(lists.map(cells), { ...terminal, columns: undefined }), totalLine(lists, elapsedMs)];
}

function cells(list: FetchedList): Cell[] {
  const { feed, name, isIdentities, error } = list;
  return [
    cell(`${feed}/${name}`),
    cell(`${list.durationMs ?? 0} ms`),
    cell(list.status === undefined ? '-' : String(list.status)),
    cell(list.bytes === undefined ? '-' : `${list.bytes} bytes`),
    cell(`${list.attempts ?? 0} ${list.attempts === 1 ? 'attempt' : 'attempts'}`),
    cell(String(list.count)),
    cell(isIdentities ? '' : `${list.unresolved} unresolved`),
    cell(`${list.invalid} invalid`),
    cell(error === undefined ? '' : `${error.reason}: ${error.detail}`),
  ];
}

function totalLine(lists: readonly FetchedList[], elapsedMs: number): string {
  const types = lists.filter(({ isIdentities }) => !isIdentities);
  const sum = (part: 'count' | 'unresolved' | 'invalid'): number =>
    types.reduce((total, list) => total + list[part], 0);
  const had = lists.filter(({ error }) => error === undefined).length;
  return `total: ${had} of ${lists.length} lists, ${sum('count')} incidents, ${sum('unresolved')} unresolved, ${sum('invalid')} invalid, ${elapsedMs} ms`;
}

/** What is wrong, for whoever did not ask for every line. */
export function faultLines(lists: readonly FetchedList[]): string[] {
  const failed = lists.flatMap(({ feed, name, error }) =>
    error === undefined ? [] : [`${feed}/${name} was not had: ${error.reason}: ${error.detail}`],
  );
  const types = lists.filter(({ isIdentities }) => !isIdentities);
  const unresolved = types.reduce((total, list) => total + list.unresolved, 0);
  const invalid = types.reduce((total, list) => total + list.invalid, 0);
  return [
    ...failed,
    ...leftOut(unresolved, 'incident', 'no employee is known'),
    ...leftOut(invalid, 'record', 'invalid'),
  ];
}

const leftOut = (count: number, what: string, why: string): string[] =>
  count === 0 ? [] : [`left out: ${count} ${what}${count === 1 ? '' : 's'}; ${why}`];
