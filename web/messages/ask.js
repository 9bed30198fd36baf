// @ts-check

/**
 * Asks the API. Never throws: status 0 means that no whole answer came.
 * @param {string} path
 * @param {{method?: string, body?: object, headers?: Record<string, string>}} [question]
 * @returns {Promise<{status: number, answer: any, retryAfter: string | null}>}
 */
export async function ask(path, { method = 'GET', body, headers } = {}) {
  try {
    const response = await fetch(path, {
      method,
      headers: {
        accept: 'application/json',
        ...(body && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body && { body: JSON.stringify(body) }),
      cache: 'no-store',
    });
    const text = await response.text();
    return {
      status: response.status,
      answer: text && JSON.parse(text),
      retryAfter: response.headers.get('retry-after'),
    };
  } catch {
    return { status: 0, answer: {}, retryAfter: null };
  }
}

/** Why it did not work and what to do, for people. @param {Awaited<ReturnType<typeof ask>>} refusal */
export function reason({ status, answer, retryAfter }) {
  if (status === 0) return 'The service does not answer. Look at your connection and try again.';
  if (status === 429) return `Too many tries. Wait ${retryAfter ?? 'some'} seconds and try again.`;
  return answer.detail ?? `The service answers ${status}. Try again later.`;
}
