/** What the sink counted since `begin`. */
export interface SinkReport {
  /** Requests that held an event of the run. */
  readonly deliveries: number;
  /** Different events among them; the rest are duplicates. */
  readonly events: number;
  /** Different `webhook-id` headers. */
  readonly webhookIds: number;
  /** First arrival of each event by its number, ms on the monotonic clock; NaN where none. */
  readonly receivedAt: Float64Array;
}

export type SinkQuestion =
  | { readonly ask: 'begin'; readonly run: number; readonly capacity: number }
  | { readonly ask: 'count' }
  | { readonly ask: 'report' };

export const isSinkQuestion = (message: unknown): message is SinkQuestion =>
  typeof message === 'object' && message !== null && 'ask' in message;
export const isSinkReport = (message: unknown): message is SinkReport =>
  typeof message === 'object' && message !== null && 'receivedAt' in message;
