import type { HandshakeAnswer, Headers } from '../schemes/scheme.ts';

/** A DNS name expression, with a port at most. */
const ORIGIN = /^[A-Za-z0-9*](?:[A-Za-z0-9.*-]{0,251}[A-Za-z0-9])?(?::\d{1,5})?$/;

/**
 * Answers a sender that asks by OPTIONS whether it may deliver here (CloudEvents 1.0, HTTP webhook, section 4). It
 * lets nobody in: every delivery must still prove itself. Undefined without an origin that can be named back. There
 * is no limit on requests that prove genuine.
 */
export function preflight(headers: Headers): HandshakeAnswer | undefined {
  const origin = headers['webhook-request-origin'];
  if (typeof origin !== 'string' || !ORIGIN.test(origin)) return undefined;
  return {
    status: 200,
    headers: { 'WebHook-Allowed-Origin': origin, 'WebHook-Allowed-Rate': '*' },
    body: undefined,
  };
}
