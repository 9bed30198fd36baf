import type { Report, Row } from './report/report.ts';

export interface BenchOptions {
  /** Measured time of each run. */
  readonly seconds: number;
  readonly rounds: number;
  readonly connections: number;
  /** Tells the one who waits what is going on. */
  readonly say: (text: string) => void;
}

/** One published claim. */
export interface Benchmark {
  readonly name: string;
  readonly title: string;
  /** How it is measured, in a sentence or two: part of the published results. */
  readonly method: string;
  run(options: BenchOptions): Promise<Report>;
}

/** Values of several rounds, gathered under their keys in the order in which they first came. */
export class RowBook {
  readonly #name: string;
  readonly #rows = new Map<string, Row>();

  /** `name` begins every key. */
  constructor(name: string) {
    this.#name = name;
  }

  add(key: string, what: string, unit: string, value: number, goal?: Row['goal']): void {
    const values = [...(this.#rows.get(key)?.values ?? []), value];
    this.#rows.set(key, { key: `${this.#name}.${key}`, what, unit, values, ...(goal ? { goal } : {}) });
  }

  values(key: string): readonly number[] {
    return this.#rows.get(key)?.values ?? [];
  }

  rows(): Row[] {
    return [...this.#rows.values()];
  }
}
