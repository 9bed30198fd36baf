/** One line of the results: a quantity and its value in each round. */
export interface Row {
  /** Names the quantity across benchmarks: `ingest-sqlite.rate`. */
  readonly key: string;
  readonly what: string;
  readonly unit: string;
  readonly values: readonly number[];
  readonly goal?: Goal;
}

/** What the median is held against. A goal missed is said, and fails nothing: a machine may be slow. */
export interface Goal {
  readonly kind: 'at least' | 'at most';
  readonly value: number;
}

/** What one benchmark found. */
export interface Report {
  readonly name: string;
  readonly title: string;
  readonly rows: readonly Row[];
  /** What a reader must know to judge the figures: what was left out, what disturbed. */
  readonly notes: readonly string[];
}

export const atLeast = (value: number): Goal => ({ kind: 'at least', value });
export const atMost = (value: number): Goal => ({ kind: 'at most', value });

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}

export function goalMet(row: Row): boolean | undefined {
  if (!row.goal) return undefined;
  const value = median(row.values);
  return row.goal.kind === 'at least' ? value >= row.goal.value : value <= row.goal.value;
}
