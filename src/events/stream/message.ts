/** One message of a stream of server-sent events (WHATWG HTML, 9.2). `data` is written as JSON, which is one line. */
export function message(fields: {
  readonly event?: string;
  /** What a client that comes back names as the last it has. */
  readonly id?: string;
  readonly data: unknown;
}): string {
  const { event, id, data } = fields;
  const name = event === undefined ? '' : `event: ${event}\n`;
  const mark = id === undefined ? '' : `id: ${id}\n`;
  return `${name}${mark}data: ${JSON.stringify(data)}\n\n`;
}

/** Keeps proxies from taking a quiet connection for a dead one. */
export const HEARTBEAT = ': still here\n\n';

/** The first words: how long to wait before coming back, ms. Sent at once, so that the headers are. */
export const opening = (retryMs: number): string => `retry: ${retryMs}\n\n`;
