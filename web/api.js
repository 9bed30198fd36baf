// @ts-check

/** @typedef {import('typebox').Static<typeof import('../src/events/wire.ts').eventSummaryWire>} EventSummary */
/** @typedef {import('typebox').Static<typeof import('../src/delivery/wire.ts').deliveryWire>} Delivery */
/** @typedef {import('typebox').Static<typeof import('../src/delivery/wire.ts').deliveryWithAttemptsWire>} Tried */
/** @typedef {import('typebox').Static<typeof import('../src/events/wire.ts').eventWire> & {deliveries: Tried[]}} FullEvent */

const PAGES_MAX = 5;

/** A refusal by the service; status 0 when it did not answer. */
export class Refusal extends Error {
  /** @param {number} status @param {string} message */
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/**
 * Asks the API. Resolves with the answer's JSON, rejects with a Refusal, or with the abort.
 * @param {string} path
 * @param {{method?: string, token?: string | undefined, signal?: AbortSignal}} [options]
 * @returns {Promise<any>}
 */
export async function call(path, { method = 'GET', token, signal } = {}) {
  /** @type {Record<string, string>} */
  const headers = { accept: 'application/json' };
  if (token !== undefined) headers['authorization'] = `Bearer ${token}`;
  const response = await fetch(path, { method, headers, ...(signal && { signal }) }).catch((error) => {
    if (signal?.aborted) throw error;
    throw new Refusal(0, 'The service does not answer.');
  });
  const isJson = response.headers.get('content-type')?.includes('json');
  const answer = isJson ? await response.json() : {};
  if (response.ok) return answer;
  const isStore = answer.code === 'store_unavailable';
  const detail = isStore ? 'The store does not answer.' : answer.detail;
  throw new Refusal(response.status, detail ?? `The service answers ${response.status}.`);
}

/**
 * A list from its start, cut after a few pages.
 * @param {string} path @param {AbortSignal} signal
 * @returns {Promise<{items: Delivery[], isWhole: boolean}>}
 */
export async function deliveries(path, signal) {
  /** @type {Delivery[]} */
  const items = [];
  let cursor = '';
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const { items: more, nextCursor } = await call(`${path}&limit=200${cursor}`, { signal });
    items.push(...more);
    if (nextCursor === null) return { items, isWhole: true };
    cursor = `&cursor=${nextCursor}`;
  }
  return { items, isWhole: false };
}
