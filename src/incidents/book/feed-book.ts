import type { AttributedIncident, Incident, IncidentId } from '../incident.ts';
import { isUnresolved, type Entry, type TypeList } from './entry.ts';
import type { Filing } from './filing.ts';
import { Identities } from './identities.ts';
import { isReordered, NO_POSITION } from './list-order.ts';
import type { ChangePage, ListCounts } from './port.ts';
import { Unstored } from './unstored.ts';

/** The `taken` of what is listed no more. */
const LEFT = -1;

/** What one feed lists, whom each of it is about, and what its identities are. */
export class FeedBook {
  readonly identities = new Identities();
  /** Incidents that nobody is known of, by address: of all feeds that look up among these identities. */
  readonly #waiting = new Map<string, Set<Entry>>();
  readonly #lists = new Map<string, TypeList>();
  readonly #byId = new Map<IncidentId, Entry>();
  readonly #unstored = new Unstored(this.identities);
  readonly #firstRank: number;
  readonly #filing: Filing;
  readonly #lookUp: () => FeedBook;

  /** `firstRank`: of its first type among all types of all feeds. `lookUp`: whose identities its addresses are. */
  constructor(types: readonly string[], firstRank: number, filing: Filing, lookUp: () => FeedBook) {
    this.#firstRank = firstRank;
    this.#filing = filing;
    this.#lookUp = lookUp;
    for (const type of types) this.#list(type);
  }

  counts(type: string): ListCounts {
    return countsOf(this.#list(type));
  }

  /** Of all its types. */
  get totals(): ListCounts {
    const sum = { count: 0, unresolved: 0, invalid: 0 };
    for (const list of this.#lists.values()) {
      const { count, unresolved, invalid } = countsOf(list);
      sum.count += count;
      sum.unresolved += unresolved;
      sum.invalid += invalid;
    }
    return sum;
  }

  takeList(type: string, incidents: readonly Incident[]): ListCounts {
    const list = this.#list(type);
    if (isSame(list.entries, incidents)) return countsOf(list);
    const before = list.entries;
    list.entries = [];
    list.taken += 1;
    for (const incident of incidents) this.#takeOne(list, incident);
    for (const entry of before) if (entry.taken !== list.taken) this.#leave(entry);
    if (isReordered(list.entries)) this.#filing.touch();
    for (const [position, entry] of list.entries.entries()) entry.position = position;
    return countsOf(list);
  }

  /** Lists it as the last of its type; false when it is listed already. */
  push(incident: Incident): boolean {
    if (this.#byId.has(incident.id)) return false;
    this.#append(this.#list(incident.type), incident, undefined);
    return true;
  }

  drop(ids: readonly IncidentId[]): void {
    const lists = new Set<TypeList>();
    for (const id of ids) {
      const entry = this.#byId.get(id);
      if (entry === undefined) continue;
      this.#leave(entry);
      lists.add(entry.list);
    }
    for (const list of lists) list.entries = list.entries.filter(({ taken }) => taken !== LEFT);
  }

  /** As the store has it. */
  adopt({ employee, ...incident }: AttributedIncident): void {
    if (this.#unstored.isLeftMeanwhile(incident.id)) return;
    this.#unstored.goneThere(incident.id);
    const entry = this.#byId.get(incident.id) ?? this.#append(this.#list(incident.type), incident, employee);
    if (employee !== undefined) this.attribute(entry, employee);
    entry.isStored = true;
    entry.isOffered = false;
    entry.storedEmployee = employee;
    this.#unstored.sort(entry);
  }

  /** The store has them as no longer listed. */
  adoptGone(ids: readonly IncidentId[]): void {
    this.drop(ids);
    for (const id of ids) this.#unstored.goneThere(id);
  }

  /** Files it under them, and no more under whom it was filed before. */
  attribute(entry: Entry, employee: string): void {
    if (entry.employee === employee) return;
    this.#stopWaiting(entry);
    if (isUnresolved(entry)) entry.list.unresolved -= 1;
    this.#filing.remove(entry);
    entry.employee = employee;
    this.#filing.add(entry);
    this.#unstored.sort(entry);
  }

  /** Addresses that were nobody's are somebody's now: what waited for them is attributed, whichever feed's it is. */
  resolve(addresses: readonly string[]): void {
    for (const address of addresses) {
      const employee = this.identities.employeeOf(address);
      if (employee === undefined) continue;
      for (const entry of this.#waiting.get(address) ?? []) entry.list.book.attribute(entry, employee);
    }
  }

  changes(limit: number): ChangePage {
    return this.#unstored.page(limit, (entry) => this.#isRemembered(entry));
  }

  stored(mark: number): void {
    this.#unstored.stored(mark);
  }

  #list(type: string): TypeList {
    const known = this.#lists.get(type);
    if (known !== undefined) return known;
    const rank = this.#firstRank + this.#lists.size;
    const list: TypeList = { type, book: this, rank, entries: [], unresolved: 0, invalid: 0, taken: 0 };
    this.#lists.set(type, list);
    return list;
  }

  #takeOne(list: TypeList, incident: Incident): void {
    const entry = this.#byId.get(incident.id);
    if (entry === undefined) {
      const added = this.#append(list, incident, undefined);
      added.position = NO_POSITION;
      added.taken = list.taken;
      return;
    }
    if (entry.taken === list.taken) return;
    if (entry.incident.record !== incident.record && entry.employee !== undefined) this.#filing.touch();
    entry.incident = incident;
    entry.taken = list.taken;
    list.entries.push(entry);
  }

  /** Lists what was not listed. `employee`: as the store has it. */
  #append(list: TypeList, incident: Incident, employee: string | undefined): Entry {
    const left = this.#unstored.back(incident.id);
    const last = list.entries.at(-1)?.position ?? -1;
    const entry: Entry = {
      list,
      incident,
      position: last + 1,
      employee: employee ?? left.storedEmployee ?? this.#employeeOf(incident),
      taken: list.taken,
      ...left,
    };
    list.entries.push(entry);
    this.#byId.set(incident.id, entry);
    if (incident.fault !== undefined) list.invalid += 1;
    if (isUnresolved(entry)) this.#wait(entry);
    this.#filing.add(entry);
    this.#unstored.sort(entry);
    return entry;
  }

  /** The caller takes it out of its list. */
  #leave(entry: Entry): void {
    this.#stopWaiting(entry);
    this.#byId.delete(entry.incident.id);
    if (entry.incident.fault !== undefined) entry.list.invalid -= 1;
    if (isUnresolved(entry)) entry.list.unresolved -= 1;
    this.#filing.remove(entry);
    this.#unstored.left(entry);
    entry.taken = LEFT;
  }

  #employeeOf({ fault, stated, address }: Incident): string | undefined {
    if (fault !== undefined) return undefined;
    return stated ?? (address === undefined ? undefined : this.#lookUp().identities.employeeOf(address));
  }

  #isRemembered({ employee, incident: { stated, address } }: Entry): boolean {
    if (employee === undefined || stated !== undefined || address === undefined) return false;
    return this.#lookUp().identities.isRemembered(address);
  }

  #wait(entry: Entry): void {
    entry.list.unresolved += 1;
    const { address } = entry.incident;
    if (address === undefined) return;
    const waiting = this.#lookUp().#waiting;
    const others = waiting.get(address);
    if (others === undefined) waiting.set(address, new Set([entry]));
    else others.add(entry);
  }

  #stopWaiting(entry: Entry): void {
    const { address } = entry.incident;
    if (address === undefined) return;
    const waiting = this.#lookUp().#waiting;
    const others = waiting.get(address);
    if (others?.delete(entry) === true && others.size === 0) waiting.delete(address);
  }
}

const isSame = (entries: readonly Entry[], incidents: readonly Incident[]): boolean =>
  entries.length === incidents.length && entries.every(({ incident }, at) => incident === incidents[at]);

const countsOf = ({ entries, unresolved, invalid }: TypeList): ListCounts => ({
  count: entries.length - invalid,
  unresolved,
  invalid,
});
