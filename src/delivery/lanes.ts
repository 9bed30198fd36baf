import type { OpenTarget } from '../targets/open-target.ts';
import { FALLBACKS_MAX } from '../targets/operation.ts';
import { Lane, type LaneContext } from './lane.ts';
import type { Hold, TargetStanding } from './target-standing.ts';

/** A lane for every target that is configured. */
export class Lanes implements Iterable<Lane> {
  readonly #context: LaneContext;
  readonly #lanes = new Map<string, Lane>();
  readonly #standings = new Map<string, TargetStanding>();
  /** Not configured, and told so. */
  readonly #missed = new Set<string>();

  constructor(context: LaneContext) {
    this.#context = context;
  }

  /** Sets the targets: new ones get a lane, changed ones new sends, removed ones no more. */
  use(targets: ReadonlyMap<string, OpenTarget>): void {
    for (const [id, lane] of this.#lanes) {
      if (targets.has(id)) continue;
      lane.stop();
      this.#lanes.delete(id);
    }
    for (const [id, target] of targets) {
      this.#missed.delete(id);
      const lane = this.#lanes.get(id);
      if (lane) lane.replace(target);
      else this.#lanes.set(id, this.#open(target));
    }
  }

  /** Hears how a target stands, configured or not yet. */
  heed(standing: TargetStanding): void {
    this.#standings.set(standing.target, standing);
    this.#lanes.get(standing.target)?.heed(standing);
  }

  get(target: string): Lane | undefined {
    return this.#lanes.get(target);
  }

  has(target: string): boolean {
    return this.#lanes.has(target);
  }

  /** Whether it is not configured and nobody was told yet: true once, and again after it was there. */
  isNewlyMissing(target: string): boolean {
    if (this.#lanes.has(target) || this.#missed.has(target)) return false;
    this.#missed.add(target);
    return true;
  }

  isDisabled(target: string): boolean {
    return this.#lanes.get(target)?.isDisabled === true;
  }

  holdOf(target: string): Hold | undefined {
    const lane = this.#lanes.get(target);
    if (lane === undefined) return { reason: 'target_missing', until: undefined };
    return lane.hold(this.#context.clock.now());
  }

  /** Who is told in a target's stead: along its fallbacks the first that is not disabled, else the first. */
  standInOf(target: string): string | undefined {
    let first: string | undefined;
    let next = this.#lanes.get(target)?.target.operation.fallback;
    for (let step = 0; next !== undefined && step < FALLBACKS_MAX; step++) {
      const lane = this.#lanes.get(next);
      if (lane === undefined) break;
      if (!lane.isDisabled) return next;
      first ??= next;
      next = lane.target.operation.fallback;
    }
    return first;
  }

  /** Attempts under way. */
  get inFlight(): number {
    let total = 0;
    for (const lane of this.#lanes.values()) total += lane.inFlight;
    return total;
  }

  [Symbol.iterator](): Iterator<Lane> {
    return this.#lanes.values();
  }

  #open(target: OpenTarget): Lane {
    const lane = new Lane(target, this.#context);
    const standing = this.#standings.get(target.id);
    if (standing !== undefined) lane.heed(standing);
    return lane;
  }
}
