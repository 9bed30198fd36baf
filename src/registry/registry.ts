import type { Fault } from '../kernel/fault.ts';
import { checkObjects } from './check-objects.ts';
import type { ConfiguredObjects, TargetObject } from './objects.ts';
import type { OpenTarget } from '../targets/open-target.ts';
import { type OpenContext, openSnapshot, openTargetObject, type Snapshot } from './snapshot.ts';

/**
 * What is configured now, from both origins. A load either replaces everything at once or, when it has
 * faults, changes nothing.
 */
export class Registry {
  readonly #context: OpenContext;
  readonly #changed: (snapshot: Snapshot) => void;
  #snapshot: Snapshot | undefined;

  /** `changed` hears of every new snapshot before it is used. */
  constructor(context: OpenContext, changed: (snapshot: Snapshot) => void) {
    this.#context = context;
    this.#changed = changed;
  }

  /** Throws before the first load. */
  get now(): Snapshot {
    if (this.#snapshot === undefined) throw new TypeError('nothing is configured yet');
    return this.#snapshot;
  }

  /** Returns the faults, in which case all stays as it was. */
  load(objects: ConfiguredObjects): Fault[] {
    const faults = checkObjects(objects);
    if (faults.length > 0) return faults;
    const previous = this.#snapshot;
    const snapshot = openSnapshot(objects, this.#context, previous);
    this.#changed(snapshot);
    this.#snapshot = snapshot;
    if (previous !== undefined) this.#retire(previous, snapshot);
    return [];
  }

  /** A target that is not configured, with the rights of one that is; whoever asks retires it. */
  open(target: TargetObject): OpenTarget {
    return openTargetObject(target, this.#context);
  }

  async close(): Promise<void> {
    await Promise.all([...(this.#snapshot?.targets.values() ?? [])].map((target) => target.retire()));
  }

  #retire(previous: Snapshot, snapshot: Snapshot): void {
    for (const [id, target] of previous.targets) {
      if (snapshot.targets.get(id) !== target) void target.retire();
    }
  }
}
