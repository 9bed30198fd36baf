import type { Identity, IncidentId } from '../incident.ts';
import type { Entry } from './entry.ts';
import type { Identities } from './identities.ts';
import type { ChangePage } from './port.ts';
import { Queue } from './queue.ts';

/** A page as it was handed out. */
interface Page {
  readonly mark: number;
  /** With the employee of then. */
  readonly seen: ReadonlyMap<Entry, string | undefined>;
  readonly attributed: ReadonlyMap<Entry, string>;
  readonly gone: readonly IncidentId[];
  readonly identities: readonly Identity[];
}

/** What the store knows of an incident. */
export type Left = Pick<Entry, 'isStored' | 'isOffered' | 'storedEmployee'>;
const UNKNOWN: Left = { isStored: false, isOffered: false, storedEmployee: undefined };

/**
 * What of one feed the store does not know yet. Everything stands in the one queue that it belongs to, so that a page
 * costs what it holds; it leaves the queue when it is known to be stored as it is.
 */
export class Unstored {
  readonly #identities: Identities;
  readonly #seen = new Queue<Entry>();
  readonly #attributed = new Queue<Entry>();
  readonly #gone = new Queue<IncidentId>();
  /** Of those that are gone. */
  readonly #left = new Map<IncidentId, Left>();
  #page: Page | undefined;
  #mark = 0;

  constructor(identities: Identities) {
    this.#identities = identities;
  }

  /** Puts an incident that is listed where it belongs. */
  sort(entry: Entry): void {
    const isAttributed = entry.employee !== undefined && entry.employee !== entry.storedEmployee;
    this.#seen.put(entry, !entry.isStored);
    this.#attributed.put(entry, entry.isStored && isAttributed);
  }

  /** The feed does not list it any more. */
  left(entry: Entry): void {
    this.forget(entry);
    // Written or not, nobody has said so: to say of what is not there that it is gone does no harm.
    if (!entry.isStored && !entry.isOffered) return;
    const { isStored, isOffered, storedEmployee } = entry;
    this.#gone.put(entry.incident.id, true);
    this.#left.set(entry.incident.id, { isStored, isOffered, storedEmployee });
  }

  /** Neither listed nor to be told of. */
  forget(entry: Entry): void {
    this.#seen.put(entry, false);
    this.#attributed.put(entry, false);
  }

  /** What the store knows of an incident that is listed again before that it was gone is known to be stored. */
  back(id: IncidentId): Left {
    const left = this.#left.get(id);
    this.goneThere(id);
    return left ?? UNKNOWN;
  }

  /** The store has it as gone. */
  goneThere(id: IncidentId): void {
    this.#gone.put(id, false);
    this.#left.delete(id);
  }

  /** It is on its way into the store, and has been left since. */
  isLeftMeanwhile(id: IncidentId): boolean {
    if (!this.#gone.has(id) || this.#page === undefined) return false;
    for (const { incident } of this.#page.seen.keys()) if (incident.id === id) return true;
    return false;
  }

  page(limit: number, isRemembered: (entry: Entry) => boolean): ChangePage {
    const seen = this.#seen.first(limit);
    const attributed = this.#attributed.first(limit - seen.length);
    const gone = this.#gone.first(limit - seen.length - attributed.length);
    const room = limit - seen.length - attributed.length - gone.length;
    const identities = this.#identities.unstored(room);
    this.#mark += 1;
    for (const entry of seen) entry.isOffered = true;
    for (const id of gone) this.#offerGone(id);
    this.#page = {
      mark: this.#mark,
      seen: new Map(seen.map((entry) => [entry, entry.employee])),
      attributed: new Map(attributed.map((entry) => [entry, entry.employee ?? ''])),
      gone,
      identities,
    };
    const held = seen.length + attributed.length + gone.length + identities.length;
    return {
      seen: seen.map((entry) => ({
        ...entry.incident,
        employee: entry.employee,
        isRemembered: isRemembered(entry),
      })),
      gone,
      attributed: attributed.map(({ incident, employee = '' }) => ({ id: incident.id, employee })),
      identities,
      mark: this.#mark,
      more: held < this.#size,
    };
  }

  /** The page of that mark is stored. Of an older one nothing is concluded: what it held comes again. */
  stored(mark: number): void {
    const page = this.#page;
    if (page?.mark !== mark) return;
    this.#page = undefined;
    for (const [entry, employee] of page.seen) if (this.#seen.has(entry)) this.#known(entry, employee);
    for (const [entry, employee] of page.attributed)
      if (this.#attributed.has(entry)) this.#known(entry, employee);
    for (const id of page.gone) this.goneThere(id);
    for (const identity of page.identities) this.#identities.stored(identity);
  }

  get #size(): number {
    return this.#seen.size + this.#attributed.size + this.#gone.size + this.#identities.unstoredCount;
  }

  /** From now on it may be written that it is gone: if it comes back, it must be told of again. */
  #offerGone(id: IncidentId): void {
    const left = this.#left.get(id);
    if (left !== undefined) this.#left.set(id, { ...left, isStored: false, isOffered: true });
  }

  #known(entry: Entry, employee: string | undefined): void {
    entry.isStored = true;
    entry.isOffered = false;
    entry.storedEmployee = employee;
    this.sort(entry);
  }
}
