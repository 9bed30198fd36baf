import { byTime, type Entry } from './entry.ts';

/** What is filed under whom: all that the document is made of. */
export class Filing {
  readonly #byEmployee = new Map<string, Set<Entry>>();
  #isChanged = false;

  /** Since the last `files`. */
  get isChanged(): boolean {
    return this.#isChanged;
  }

  /** Something of what is filed will be written in another way. */
  touch(): void {
    this.#isChanged = true;
  }

  add(entry: Entry): void {
    if (entry.employee === undefined || entry.incident.fault !== undefined) return;
    const filed = this.#byEmployee.get(entry.employee);
    if (filed === undefined) this.#byEmployee.set(entry.employee, new Set([entry]));
    else filed.add(entry);
    this.#isChanged = true;
  }

  remove(entry: Entry): void {
    const filed = entry.employee === undefined ? undefined : this.#byEmployee.get(entry.employee);
    if (entry.employee === undefined || filed?.delete(entry) !== true) return;
    if (filed.size === 0) this.#byEmployee.delete(entry.employee);
    this.#isChanged = true;
  }

  /** Employees by their numbers, each with their incidents in the document's order. */
  *files(): Generator<readonly [employee: string, entries: readonly Entry[]]> {
    this.#isChanged = false;
    const employees = [...this.#byEmployee.keys()].sort((a, b) => Number(a) - Number(b));
    for (const employee of employees)
      yield [employee, [...(this.#byEmployee.get(employee) ?? [])].sort(byTime)];
  }
}
