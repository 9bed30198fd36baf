import { afterAll } from 'vitest';
import { HttpReceiver, type ReceivedRequest } from '../../tests/support/http-receiver.ts';
import { isJsonObject } from '../kernel/json.ts';

export interface Answered {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Record<string, string>;
}

export interface TestApi {
  readonly url: string;
  readonly requests: readonly ReceivedRequest[];
  /** The environment of a command that is to speak to it. */
  readonly env: Readonly<Record<string, string>>;
}

export const TEST_TOKEN = 'an-operators-token-for-tests';

const started: HttpReceiver[] = [];
afterAll(() => Promise.all(started.map((receiver) => receiver.close())));

/** A server on the loopback that answers in the service's place; it ends with the file's tests. */
export async function testApi(answer: (request: ReceivedRequest) => Answered): Promise<TestApi> {
  const receiver = await HttpReceiver.start();
  started.push(receiver);
  receiver.answer = (response, request) => {
    const { status, body, headers = {} } = answer(request);
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  };
  const url = receiver.url('');
  return { url, requests: receiver.requests, env: { TOCSIN_URL: url, TOCSIN_TOKEN: TEST_TOKEN } };
}

export const answered = (body: unknown, status = 200): Answered => ({ status, body });

/** A refusal as the service words it. */
export const refused = (status: number, code: string, detail: string): Answered => ({
  status,
  body: { status, code, detail },
});

/** A request's body. */
export function bodyOf(request: ReceivedRequest | undefined): unknown {
  return request === undefined ? undefined : JSON.parse(request.body);
}

export function objectOf(text: string): Readonly<Record<string, unknown>> {
  const value: unknown = JSON.parse(text);
  if (!isJsonObject(value)) throw new TypeError('an object was expected');
  return value;
}
