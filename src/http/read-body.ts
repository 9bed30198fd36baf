import type { FastifyRequest } from 'fastify';
import { isJsonMediaType, parseUntrusted } from '../kernel/json.ts';
import { scanJson } from '../kernel/json-scan.ts';
import { decodeUtf8 } from '../kernel/utf8.ts';
import { Problem } from '../kernel/problem.ts';
import type { Route } from '../kernel/route.ts';
import { validator } from './validate.ts';

const EMPTY = Buffer.alloc(0);
const DEPTH_MAX = 32;
const ITEMS_MAX = 10_000;

/** How a row wants its body: not at all, as bytes, or as JSON that its schema has checked. */
export function readBody(route: Route): (request: FastifyRequest) => unknown {
  const { body } = route;
  if (body === undefined) return () => undefined;
  if (body === 'raw') return bytes;
  const validate = validator(body, 'body', false);
  return (request) => validate(json(request));
}

const bytes = (request: FastifyRequest): Buffer => (Buffer.isBuffer(request.body) ? request.body : EMPTY);

function json(request: FastifyRequest): unknown {
  const raw = bytes(request);
  if (raw.length === 0) return {};
  if (!isJsonMediaType(request.headers['content-type'])) {
    throw new Problem('media_type_unsupported', 'Send the body as application/json.');
  }
  const text = decodeUtf8(raw);
  if (text === undefined) throw new Problem('bad_request', 'The body is not UTF-8.');
  if (scanJson(text, { depthMax: DEPTH_MAX, itemsMax: ITEMS_MAX }).kind === 'refused') {
    throw new Problem('bad_request', 'The body is not well-formed JSON, or nested too deeply.');
  }
  const parsed = parseUntrusted(text);
  if (!parsed.ok) throw new Problem('bad_request', 'The body is not well-formed JSON.');
  return parsed.value;
}
