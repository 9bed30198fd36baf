/** `paused`: deliveries wait. `disabled`: new ones are skipped, those on their way wait. */
export const targetStates = ['enabled', 'paused', 'disabled'] as const;
export type TargetState = (typeof targetStates)[number];

/** Who changes states when it is no operator. */
export const OURSELVES = 'tocsin';

/** What was last told of a target that fails. */
export type Announced = 'failing' | 'disabled';

/** How one target stands, as all replicas know it from the store. Unix ms; 0 stands for never. */
export interface TargetStanding {
  readonly target: string;
  readonly state: TargetState;
  /** Counts the changes of the state: who changes it says which one he saw. */
  readonly version: number;
  /** Why it is not enabled; of our own doing `gone` or `failing`. */
  readonly reason: string | undefined;
  readonly changedBy: string | undefined;
  readonly changedAt: number;
  /** When a pause ends by itself. */
  readonly endsAt: number;
  /** The receiver's Retry-After. */
  readonly holdUntil: number;
  readonly lastSuccessAt: number;
  readonly lastFailureAt: number;
  /** The first failure after the last success. */
  readonly failingSince: number;
  readonly announced: Announced | undefined;
  readonly announcedAt: number;
}

/** Of a target that nothing was ever noted of. */
export const untouched = (target: string): TargetStanding => ({
  target,
  state: 'enabled',
  version: 0,
  reason: undefined,
  changedBy: undefined,
  changedAt: 0,
  endsAt: 0,
  holdUntil: 0,
  lastSuccessAt: 0,
  lastFailureAt: 0,
  failingSince: 0,
  announced: undefined,
  announcedAt: 0,
});

/** The state now: a pause that has come to its end is none. */
export function stateAt({ state, endsAt }: TargetStanding, now: number): TargetState {
  return state === 'paused' && endsAt > 0 && endsAt <= now ? 'enabled' : state;
}

/** Why nothing is sent to a target at the moment. A closed set: shown with each delivery that waits for it. */
export const holdReasons = [
  'target_missing',
  'target_disabled',
  'target_paused',
  'receiver_asked',
  'breaker_open',
  'rate_limited',
] as const;
export type HoldReason = (typeof holdReasons)[number];

export interface Hold {
  readonly reason: HoldReason;
  /** Unix ms; undefined when only an operator ends it. */
  readonly until: number | undefined;
}
