import { createHmac } from 'node:crypto';
import type { Sent } from './happening.ts';
import type { Shot } from './traffic.ts';

const TIMEOUT_MS = 10_000;
const STRANGER_KEY = 'a key that the service does not know';

/** Plays the senders out in the world. */
export class Sender {
  readonly #url: string;
  readonly #key: string;

  constructor(url: string, key: string) {
    this.#url = `${url}/v1/webhook`;
    this.#key = key;
  }

  async send({ body, signer, ...shot }: Shot): Promise<Sent> {
    const headers: Record<string, string> = { 'content-type': 'application/json' };
    if (signer !== 'nobody') {
      const key = signer === 'sender' ? this.#key : STRANGER_KEY;
      headers['x-sqreen-integrity'] = createHmac('sha256', key).update(body).digest('hex');
    }
    return { ...shot, status: await this.#post(headers, body) };
  }

  async #post(headers: Record<string, string>, body: Buffer): Promise<number> {
    try {
      const signal = AbortSignal.timeout(TIMEOUT_MS);
      const response = await fetch(this.#url, {
        method: 'POST',
        headers,
        body: new Uint8Array(body),
        signal,
      });
      await response.arrayBuffer();
      return response.status;
    } catch {
      // No answer at all: shown as status 0, which nothing expects.
      return 0;
    }
  }
}
