/** A stand-in for a receiver out in the world, on loopback. */
export interface Sink {
  readonly url: string;
  close(): Promise<void>;
}

/** The event that a text links to: all that tells one attempt's message from another where no id is sent along. */
export const linkedEvent = (text: string): string => /\/events\/(evt_[0-9a-f-]+)/.exec(text)?.[1] ?? '';
