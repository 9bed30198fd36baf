import { TOKEN } from './lives.ts';

const TIMEOUT_MS = 30_000;

export interface Answered {
  /** 0 when there was no answer. */
  readonly status: number;
  readonly json: unknown;
}

/** A question of an operator's. */
export async function ask(url: string, method = 'GET', body?: object): Promise<Answered> {
  try {
    const response = await fetch(url, {
      method,
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, json: text === '' ? undefined : JSON.parse(text) };
  } catch {
    // Refused or cut off: the service is being ended, and who asks looks at that.
    return { status: 0, json: undefined };
  }
}

/** A member of a JSON object; undefined of what is none, or has it not. */
export const memberOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null
    ? Object.getOwnPropertyDescriptor(value, name)?.value
    : undefined;

export function itemsIn(value: unknown): readonly unknown[] {
  const items = memberOf(value, 'items');
  return Array.isArray(items) ? items : [];
}
