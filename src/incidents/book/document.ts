import { priorities, type Incident, type Priority } from '../incident.ts';
import type { Entry } from './entry.ts';
import { withoutMembers } from './record-text.ts';

/** Characters of a piece, about: texts of hundreds of megabytes are nothing that Node can hold. */
const PIECE_LENGTH = 262_144;

/** The contracted JSON of `GET /incidents`, from employees in their order, each with incidents in theirs. */
export function documentPieces(
  files: Iterable<readonly [employee: string, entries: readonly Entry[]]>,
): readonly Uint8Array[] {
  const pieces: Uint8Array[] = [];
  let text = '{';
  let separator = '';
  for (const [employee, entries] of files) {
    for (const part of fileParts(employee, entries)) {
      text += separator + part;
      separator = '';
      if (text.length < PIECE_LENGTH) continue;
      pieces.push(Buffer.from(text));
      text = '';
    }
    separator = ',';
  }
  pieces.push(Buffer.from(`${text}}`));
  return pieces;
}

/** One employee's member, bit by bit: all incidents can be about one. */
function* fileParts(employee: string, entries: readonly Entry[]): Generator<string> {
  const filed = byPriority(entries);
  let before = `"${employee}":{`;
  for (const priority of priorities) {
    const incidents = filed[priority];
    yield `${before}"${priority}":{"count":${incidents.length},"incidents":[`;
    for (const [index, incident] of incidents.entries())
      yield index === 0 ? documentRecord(incident) : `,${documentRecord(incident)}`;
    before = ']},';
  }
  yield ']}}';
}

function byPriority(entries: readonly Entry[]): Readonly<Record<Priority, readonly Incident[]>> {
  const filed: Record<Priority, Incident[]> = { low: [], medium: [], high: [], critical: [] };
  for (const { incident } of entries)
    if (incident.priority !== undefined) filed[incident.priority].push(incident);
  return filed;
}

/** The record and what type it is of, which stands last and in place of a member of that name. */
export function documentRecord({ record, type }: Pick<Incident, 'record' | 'type'>): string {
  const own = MAY_HOLD_TYPE.test(record) ? withoutMembers(record, isOwnType) : record;
  const members = own.slice(0, -1);
  return `${members}${members === '{' ? '' : ','}"type":${JSON.stringify(type)}}`;
}

const MAY_HOLD_TYPE = /"type"|\\u00[67]/;
const isOwnType = (name: string, depth: number): boolean => depth === 1 && name === 'type';
