import { createHash } from 'node:crypto';

/** What is remembered of the last good answer of one list. */
interface Remembered {
  readonly hash: string;
  readonly conditions: Readonly<Record<string, string>>;
}

/** What may be sent back as it came: a hostile feed must not make headers that cannot be sent. */
const ENTITY_TAG = /^(?:W\/)?"[\x21\x23-\x7e]{0,256}"$/;
const HTTP_DATE = /^[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9:]{8} GMT$/;
/** A Last-Modified so much older than its answer tells every later change (RFC 9110, 8.8.2.2). */
const SETTLED_MS = 1_000;

/** Tells of each list whether it is the one that was handed on last. */
export class ListMemory {
  readonly #lists = new Map<string | undefined, Remembered>();

  /** The headers that ask for the list only if it has changed. */
  conditions(type: string | undefined): Readonly<Record<string, string>> {
    return this.#lists.get(type)?.conditions ?? {};
  }

  knows(type: string | undefined): boolean {
    return this.#lists.has(type);
  }

  /** Whether the body is equal to the last one; remembers it. */
  take(type: string | undefined, bytes: Buffer, headers: Readonly<Record<string, string>>): boolean {
    const hash = createHash('sha256').update(bytes).digest('base64');
    const isUnchanged = this.#lists.get(type)?.hash === hash;
    this.#lists.set(type, { hash, conditions: conditionsOf(headers) });
    return isUnchanged;
  }

  forget(type: string | undefined): void {
    this.#lists.delete(type);
  }
}

function conditionsOf(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const { etag = '', date = '', 'last-modified': modified = '' } = headers;
  if (ENTITY_TAG.test(etag)) return { 'if-none-match': etag };
  const isSettled = Date.parse(date) - Date.parse(modified) >= SETTLED_MS;
  return HTTP_DATE.test(modified) && isSettled ? { 'if-modified-since': modified } : {};
}
