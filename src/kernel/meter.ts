/** Counts something: it only grows. */
export interface Counter {
  inc(by?: number): void;
}

/** How values are spread, most often durations in seconds. */
export interface Histogram {
  observe(value: number): void;
}

type ValuesOf<Labels extends readonly string[]> = { readonly [Index in keyof Labels]: string };

/**
 * The children of one metric, one for each combination of label values: made at the first use and kept. Values are
 * of closed sets or ids of the config, never what a stranger chose.
 */
export interface Labelled<Child, Labels extends readonly string[]> {
  /** Values in the order of the labels. Costs a look-up; hold on to the child where you can. */
  of(...values: ValuesOf<Labels>): Child;
}

export interface Metric<Labels extends readonly string[]> {
  /** By Prometheus's conventions: `tocsin_…_total`, `tocsin_…_seconds`. */
  readonly name: string;
  readonly help: string;
  readonly labels: Labels;
}

/** Tells one value of a gauge. */
export type Tell<Labels extends readonly string[]> = (value: number, ...labels: ValuesOf<Labels>) => void;

/** Where the parts of the service count what they do. */
export interface Meter {
  counter<const Labels extends readonly string[]>(metric: Metric<Labels>): Labelled<Counter, Labels>;
  /** `buckets`: upper bounds, ascending. */
  histogram<const Labels extends readonly string[]>(
    metric: Metric<Labels> & { readonly buckets: readonly number[] },
  ): Labelled<Histogram, Labels>;
  /** `read` is called at each reading, and what it tells is all that there is: it must cost nothing to speak of. */
  gauge<const Labels extends readonly string[]>(
    metric: Metric<Labels>,
    read: (tell: Tell<Labels>) => void,
  ): void;
  /** Awaited before each reading; what it fetches it must keep for a while, and it must not reject. */
  beforeReading(refresh: () => Promise<void>): void;
}

const nothing = { inc() {}, observe() {} };
const none = { of: () => nothing };

/** Counts nothing. */
export const noMeter: Meter = {
  counter: () => none,
  histogram: () => none,
  gauge() {},
  beforeReading() {},
};
