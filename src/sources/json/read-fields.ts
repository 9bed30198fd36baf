import type { MatterState, Observable, ObservableKind, Severity, Subject } from '../../events/event.ts';
import { oneLine } from '../../kernel/one-line.ts';
import { itemsOf } from '../fields.ts';
import { instantMs } from '../instant-ms.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { type Facts, webLink } from '../make-draft.ts';
import { observed } from '../observe.ts';
import { severityReader } from '../severity-table.ts';
import { severityOfNumber, type SeverityScale } from '../severity-words.ts';
import { compilePlace, exactText, firstOf, plainText, type Read } from './place.ts';
import type { JsonSettings, Place } from './settings.ts';
import { USUAL, USUAL_ENDS, USUAL_OBSERVABLES, USUAL_SUBJECTS } from './usual.ts';

export type ReadField<Value> = (record: JsonObject) => Value | undefined;
type Mapping = NonNullable<JsonSettings['map']>;

/** A field out of the first of its places that has one. */
export function fieldReader<Value>(
  place: Place,
  usual: readonly string[],
  read: (value: unknown) => Value | undefined,
): ReadField<Value> {
  const values = compilePlace(place, usual);
  return (record) => firstOf(values(record), read);
}

export const linkReader = (place: Place): ReadField<string> =>
  fieldReader(place, USUAL.link, (value) => webLink(plainText(value)));

export const timeReader = (place: Place): ReadField<number> =>
  fieldReader(place, USUAL.occurredAt, instantMs);

export const nameReader = (place: Place): ReadField<string> => fieldReader(place, [], exactText);

/** A number means something on a scale only; `priority` and `severity_id` (OCSF) have theirs by custom. */
export function severityFieldReader({ map, severities, scale }: JsonSettings): ReadField<Severity> {
  const ofWord = severityReader(severities);
  const on = (used: SeverityScale | undefined) => (value: unknown) =>
    ofWord(plainText(value)) ?? numbered(value, used);
  if (map?.severity !== undefined) return fieldReader(map.severity, [], on(scale));
  const byName = fieldReader(undefined, USUAL.severity, on(scale));
  const byPriority = fieldReader(undefined, ['/priority'], on(scale ?? 'priority'));
  const byOcsf = fieldReader(undefined, ['/severity_id'], on(scale ?? 'ocsf'));
  return (record) => byName(record) ?? byPriority(record) ?? byOcsf(record);
}

function numbered(value: unknown, scale: SeverityScale | undefined): Severity | undefined {
  if (scale === undefined) return undefined;
  const number = typeof value === 'string' && /^\d{1,3}(?:\.\d{1,3})?$/.test(value) ? Number(value) : value;
  return typeof number === 'number' ? severityOfNumber(number, scale) : undefined;
}

export function stateReader({ map, resolved = USUAL_ENDS }: JsonSettings): ReadField<MatterState> {
  if (map?.state === undefined) return () => undefined;
  const ends = new Set(resolved.map((word) => word.trim().toLowerCase()));
  const read = fieldReader(map.state, [], plainText);
  return (record) => {
    const word = read(record);
    if (word === undefined) return undefined;
    return word.length <= 256 && ends.has(word.trim().toLowerCase()) ? 'resolved' : 'open';
  };
}

const KIND_LENGTH_MAX = 60;

export function subjectReader(subject: Mapping['subject']): ReadField<Subject> {
  if (subject === undefined) return usualSubject;
  const kindOf = fieldReader(subject.kind, [], plainText);
  const idOf = fieldReader(subject.id, [], plainText);
  const nameOf = fieldReader(subject.name, [], plainText);
  return (record) => {
    const name = nameOf(record);
    const id = idOf(record) ?? name;
    if (id === undefined) return undefined;
    // The other texts are made harmless with all of the draft's.
    const kind = oneLine(kindOf(record) ?? '', KIND_LENGTH_MAX) || 'subject';
    return name === undefined ? { kind, id } : { kind, id, name };
  };
}

function usualSubject(record: JsonObject): Subject | undefined {
  for (const [member, kind] of USUAL_SUBJECTS) {
    const id = Object.hasOwn(record, member) ? plainText(record[member]) : undefined;
    if (id !== undefined) return { kind, id };
  }
  return undefined;
}

const KINDS = ['ip', 'user', 'url', 'host'] as const satisfies readonly ObservableKind[];
const VALUES_MAX = 100;

/** Of every place and of every entry of a list there. */
export function observablesReader(
  observables: Mapping['observables'],
): (record: JsonObject) => readonly Observable[] {
  const reads = KINDS.map((kind): readonly [ObservableKind, Read] => [
    kind,
    compilePlace(observables?.[kind], observables === undefined ? USUAL_OBSERVABLES[kind] : []),
  ]);
  return (record) =>
    reads.flatMap(([kind, read]) =>
      read(record).flatMap((value) =>
        (Array.isArray(value) ? itemsOf(value, VALUES_MAX) : [value]).flatMap((one) => observed(kind, one)),
      ),
    );
}

export function labelsReader(labels: Mapping['labels']): (record: JsonObject) => Facts['labels'] {
  if (labels === undefined) return plainMembers;
  const reads = Object.entries(labels).map(
    ([name, place]) => [name, fieldReader(place, [], listedText)] as const,
  );
  return (record) => Object.fromEntries(reads.map(([name, read]) => [name, read(record)]));
}

/** `a,b` for a list of plain values. */
function listedText(value: unknown): string | undefined {
  if (!Array.isArray(value)) return plainText(value);
  const texts = itemsOf(value, 30)
    .map(plainText)
    .filter((text) => text !== undefined);
  return texts.length === 0 ? undefined : texts.join(',');
}

const MEMBERS_MAX = 40;
/** Labels are shown to people; Slack for one sends a token in each body. */
const HIDDEN = /token|secret|passw|credential|authorization|cookie|api_?key|signature/i;

function plainMembers(record: JsonObject): Facts['labels'] {
  const labels: Record<string, string> = {};
  let count = 0;
  // Not by Object.entries: a hostile record has a million members, of which the first few are read.
  for (const name in record) {
    if (count >= MEMBERS_MAX) break;
    const text = plainText(record[name]);
    if (text === undefined || HIDDEN.test(name)) continue;
    labels[name] = text;
    count += 1;
  }
  return labels;
}
