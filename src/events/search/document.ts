import type { ListedEvent } from '../row.ts';
import { wordsOf } from './words.ts';

/** Characters of a payload, and of each other part of an event, that can be searched for. */
export const TEXT_MAX = 4_096;
const WORDS_MAX = 2_000;

/** An event with the beginning of its payload. */
export type Searchable = ListedEvent & { readonly payloadStart: string };

/** The words by which an event is found, by its parts: no phrase goes from one into the next. */
export function documentOf(event: Searchable): readonly (readonly string[])[] {
  const { subject } = event;
  const parts = [
    event.title,
    event.type,
    event.source,
    ...(subject === undefined ? [] : [subject.kind, subject.id, subject.name ?? '']),
    ...bounded(Object.entries(event.labels).map(([name, value]) => `${name} ${value}`)),
    ...bounded(event.observables.map(({ value }) => value)),
    event.link ?? '',
    unescaped(event.payloadStart.slice(0, TEXT_MAX)),
  ];
  return withinMax(parts.map((part) => wordsOf(part.slice(0, TEXT_MAX))));
}

/** As many as fit together. */
function bounded(texts: readonly string[]): readonly string[] {
  let room = TEXT_MAX;
  return texts.filter((text) => (room -= text.length) >= 0);
}

/** JSON's escapes would stick to the words behind them: `\nfoo` is no word `nfoo`. */
const unescaped = (json: string): string =>
  json.replaceAll(/\\(?:u([0-9a-fA-F]{4})|.)/g, (_, hex: string | undefined) =>
    hex === undefined ? ' ' : String.fromCharCode(Number.parseInt(hex, 16)),
  );

function withinMax(fields: readonly (readonly string[])[]): readonly (readonly string[])[] {
  let room = WORDS_MAX;
  return fields
    .map((words) => {
      const kept = words.slice(0, Math.max(0, room));
      room -= kept.length;
      return kept;
    })
    .filter((words) => words.length > 0);
}
