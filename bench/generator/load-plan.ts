import type { LatencySummary } from './histogram.ts';
import type { RequestShapeName } from './requests.ts';

/** How requests follow one another. */
export type Pace =
  /** Each connection sends as soon as it has its answer; `requestsMax` are prepared, the run ends when they are spent. */
  | { readonly kind: 'closed'; readonly requestsMax: number }
  /** One request every 1/perSecond s, whatever the answers do. */
  | { readonly kind: 'open'; readonly perSecond: number };

/** What the generator is told to do. */
export interface LoadPlan {
  readonly port: number;
  readonly shape: RequestShapeName;
  /** In place of the shape's own. */
  readonly path?: string;
  /** Beside the shape's own: whole lines. */
  readonly headers?: readonly string[];
  /** The status that counts as an answer; 200 when absent. */
  readonly status?: number;
  readonly signatureKey: string;
  readonly run: number;
  readonly connections: number;
  /** Sent but not measured. */
  readonly warmupSeconds: number;
  readonly seconds: number;
  readonly pace: Pace;
}

export interface LoadResult {
  /** Answers of the plan's status to measured requests, per second of the measured time. */
  readonly perSecond: number;
  /** From the intended send time (open loop: the schedule's) to the whole answer; ms. */
  readonly latency: LatencySummary;
  /** From the same time to the answer's head; ms. */
  readonly firstByte: LatencySummary;
  /** Open loop: how late after the schedule requests left, p99, ms. It is part of `latency`. */
  readonly lateP99: number;
  /** All requests of the run, warm-up included. */
  readonly sent: number;
  readonly accepted: number;
  /** Answers by any other status. */
  readonly otherStatuses: Readonly<Record<string, number>>;
  /** No whole answer: the connection broke, or nothing came within the drain time. */
  readonly unanswered: number;
  /** The prepared requests ran out before the time did. */
  readonly exhausted: boolean;
  /** CPU of the generator, share of one core: near 1 the generator is the limit. */
  readonly generatorCpu: number;
  /** The measured time, ms on the monotonic clock. */
  readonly measuredFrom: number;
  readonly measuredTo: number;
  /** The intended send time of each accepted request by its number; NaN where not accepted. */
  readonly acceptedAt: Float64Array;
}

/** Whether a message between the bench's own processes is of this kind; its parts are not looked at. */
export const isLoadPlan = (message: unknown): message is LoadPlan => hasKey(message, 'pace');
export const isLoadResult = (message: unknown): message is LoadResult => hasKey(message, 'acceptedAt');

function hasKey(message: unknown, key: string): boolean {
  return typeof message === 'object' && message !== null && key in message;
}
