import type { Incident, IncidentId } from '../incident.ts';
import { incidentId } from './incident-id.ts';
import type { DraftIncident } from './read-record.ts';
import { ownCopy } from './record-text.ts';

/** Wholly equal records, by their ordinal. They may be spelled in different ways. */
interface Equals {
  readonly incidents: Incident[];
  /** How many there were in which reading. */
  count: number;
  reading: number;
}

/**
 * The records of a list's last reading by their texts. Lists are read every few seconds and hardly change: a record
 * that was there the last time costs one look-up, and is the same object again. It holds the last reading's records
 * and no more.
 */
export class RecordMemory {
  readonly #byText = new Map<string, Equals>();
  readonly #byFirst = new Map<IncidentId, Equals>();
  #reading = 0;
  #listed = 0;
  #kept = 0;
  #made = 0;

  /** How many records have been made of their text so far: the work that was not spared. */
  get made(): number {
    return this.#made;
  }

  /** Incidents and texts that are held on to, whichever are more. */
  get size(): number {
    return Math.max(this.#kept, this.#byText.size, this.#byFirst.size);
  }

  /** Before the first record of a list. */
  begin(): void {
    this.#reading += 1;
    this.#listed = 0;
  }

  /** The next record of the list; undefined when `read` makes nothing of it. */
  take(text: string, read: (text: string) => DraftIncident | undefined): Incident | undefined {
    let equals = this.#byText.get(text);
    if (equals === undefined) {
      const draft = read(text);
      if (draft === undefined) return undefined;
      equals = this.#equalsOf(draft);
      this.#byText.set(ownCopy(text), equals);
    }
    this.#listed += 1;
    const ordinal = this.#nextOrdinal(equals);
    return equals.incidents[ordinal] ?? this.#makeAnother(equals, ordinal, read(text));
  }

  /** After the last one: what was not in this list is forgotten. */
  end(): void {
    if (this.#kept <= this.#listed && this.#byText.size <= this.#listed) return;
    for (const [text, equals] of this.#byText)
      if (equals.reading !== this.#reading) this.#byText.delete(text);
    for (const [id, equals] of this.#byFirst) {
      if (equals.reading !== this.#reading) this.#byFirst.delete(id);
      else equals.incidents.length = equals.count;
    }
    // Spellings that nobody uses any more, of records that are still there.
    if (this.#byText.size > this.#listed) this.#byText.clear();
    this.#kept = this.#listed;
  }

  /** After a list that was refused half-way. */
  clear(): void {
    this.#byText.clear();
    this.#byFirst.clear();
    this.#kept = 0;
  }

  #nextOrdinal(equals: Equals): number {
    if (equals.reading !== this.#reading) equals.count = 0;
    equals.reading = this.#reading;
    equals.count += 1;
    return equals.count - 1;
  }

  #equalsOf(draft: DraftIncident): Equals {
    const first = this.#make(draft, 0);
    const known = this.#byFirst.get(first.id);
    if (known !== undefined) return known;
    const equals = { incidents: [first], count: 0, reading: 0 };
    this.#byFirst.set(first.id, equals);
    this.#kept += 1;
    return equals;
  }

  #makeAnother(equals: Equals, ordinal: number, draft: DraftIncident | undefined): Incident | undefined {
    if (draft === undefined) return undefined;
    const incident = this.#make(draft, ordinal);
    equals.incidents[ordinal] = incident;
    this.#kept += 1;
    return incident;
  }

  #make({ fields, identity }: DraftIncident, ordinal: number): Incident {
    this.#made += 1;
    return { id: incidentId(fields.timestamp, identity, ordinal), ...fields };
  }
}
