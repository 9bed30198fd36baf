import type { Counter, Histogram, Labelled } from '../kernel/meter.ts';

/** Children of one metric; beyond, all share one: a mistake in a label must not fill the memory. */
const CHILDREN_MAX = 2_000;
const OVERFLOW = 'overflow';

export class Count implements Counter {
  value = 0;
  inc(by = 1): void {
    this.value += by;
  }
}

export class Spread implements Histogram {
  readonly #bounds: readonly number[];
  /** One for each bound, not cumulative, and one for what is above all of them. */
  readonly counts: Float64Array;
  sum = 0;

  constructor(bounds: readonly number[]) {
    this.#bounds = bounds;
    this.counts = new Float64Array(bounds.length + 1);
  }

  observe(value: number): void {
    const bounds = this.#bounds;
    let bucket = 0;
    while (bucket < bounds.length && value > (bounds[bucket] ?? 0)) bucket += 1;
    this.counts[bucket] = (this.counts[bucket] ?? 0) + 1;
    this.sum += value;
  }
}

/** A step on the way from the first label's value to the child. */
class Step<Child> {
  readonly below = new Map<string, Step<Child>>();
  child: Child | undefined;
}

/**
 * The children of one metric. A look-up per label and a plain number at the end of it: prom-client's own children
 * make a text of their labels at each call, which takes ten times as long and more.
 */
export class Family<Child, Labels extends readonly string[]> implements Labelled<Child, Labels> {
  readonly #labels: Labels;
  readonly #make: () => Child;
  readonly #first = new Step<Child>();
  readonly #children: { readonly labels: Record<string, string>; readonly child: Child }[] = [];

  constructor(labels: Labels, make: () => Child) {
    this.#labels = labels;
    this.#make = make;
    if (labels.length === 0) this.#add(this.#first, []);
  }

  of(...values: { readonly [Index in keyof Labels]: string }): Child {
    let step = this.#first;
    for (const value of values) {
      const next = step.below.get(value);
      if (next === undefined) return this.#grow(values);
      step = next;
    }
    return step.child ?? this.#grow(values);
  }

  /** Each child with its labels. */
  get all(): readonly { readonly labels: Readonly<Record<string, string>>; readonly child: Child }[] {
    return this.#children;
  }

  #grow(wanted: readonly string[]): Child {
    const isFull = this.#children.length >= CHILDREN_MAX;
    const values = isFull ? this.#labels.map(() => OVERFLOW) : wanted;
    let step = this.#first;
    for (const value of values) {
      const next = step.below.get(value) ?? new Step<Child>();
      step.below.set(value, next);
      step = next;
    }
    return step.child ?? this.#add(step, values);
  }

  #add(step: Step<Child>, values: readonly string[]): Child {
    const child = this.#make();
    step.child = child;
    const labels = Object.fromEntries(this.#labels.map((label, index) => [label, values[index] ?? '']));
    this.#children.push({ labels, child });
    return child;
  }
}
