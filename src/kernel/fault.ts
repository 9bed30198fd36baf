/** One fault in a piece of config. */
export interface Fault {
  /** Where, as a reader finds it: `targets[2].url`; empty for the whole. */
  readonly path: string;
  /** What is wrong and what to do. Never holds a value out of the config: it may be a secret. */
  readonly message: string;
}
