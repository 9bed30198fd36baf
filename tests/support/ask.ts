import { once } from 'node:events';
import { type IncomingMessage, type OutgoingHttpHeaders, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { tlsFixture } from './tls-fixture.ts';

export interface Question {
  readonly method?: string;
  /** As it goes onto the wire, query included. */
  readonly path: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string | Buffer;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
  /** Undefined when the text is no JSON. */
  readonly json: unknown;
}

/** One request on a connection of its own; under TLS the fixture's certificate is trusted. */
export async function ask(url: string, question: Question): Promise<Answer> {
  const { method = 'GET', path, headers = {}, body } = question;
  const { hostname, port, protocol } = new URL(url);
  const send = protocol === 'https:' ? requestHttps : requestHttp;
  // Node declares no length for the body of a DELETE by itself.
  const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
  const request = send({
    hostname,
    port,
    method,
    path,
    headers: { ...length, ...headers },
    agent: false,
    ca: tlsFixture.cert,
  });
  request.end(body);
  const [response]: IncomingMessage[] = await once(request, 'response');
  if (response === undefined) throw new TypeError('a response event without a response');
  const chunks: Buffer[] = [];
  // A stream of events never ends: its first words stand for it, and leaving the loop hangs up.
  const isEndless = response.headers['content-type']?.startsWith('text/event-stream') ?? false;
  for await (const chunk of response) {
    chunks.push(Buffer.from(chunk));
    if (isEndless) break;
  }
  const text = Buffer.concat(chunks).toString('utf8');
  return { status: response.statusCode ?? 0, headers: response.headers, text, json: parse(text) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Told by the absence of a value; whoever expects JSON fails there.
    return undefined;
  }
}

/** The value at a path of names and indexes; undefined where there is nothing. */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  let here = value;
  for (const step of path) {
    if (typeof here !== 'object' || here === null) return undefined;
    const found: unknown = Object.entries(here).find(([name]) => name === String(step))?.[1];
    here = found;
  }
  return here;
}

/** The text at a path; fails where there is none. */
export function textAt(value: unknown, ...path: readonly (string | number)[]): string {
  const found = at(value, ...path);
  if (typeof found !== 'string')
    throw new TypeError(`no text at ${path.join('.')} of ${JSON.stringify(value)}`);
  return found;
}

/** The list at a path; fails where there is none. */
export function listAt(value: unknown, ...path: readonly (string | number)[]): readonly unknown[] {
  const found = at(value, ...path);
  if (!Array.isArray(found)) throw new TypeError(`no list at ${path.join('.')} of ${JSON.stringify(value)}`);
  return found;
}
