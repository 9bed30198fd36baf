import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { Problem } from '../kernel/problem.ts';
import { PROBLEM_MEDIA_TYPE, securityHeaders, strictTransportSecurity } from './security-headers.ts';

/** For the client to read why, and to close its end; then the connection ends whether it did or not. */
const LINGER_MS = 2_000;

/**
 * Requests that Node's parser gives up on before there is a request: they get a problem document as well. False when
 * nobody is there to answer.
 */
export function answerClientError(error: NodeJS.ErrnoException, socket: Socket): boolean {
  // Nobody listens any more: a reset is not an error of ours, and writing to it would be one.
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return false;
  }
  const problem = toProblem(error.code);
  const body = JSON.stringify(problem.document());
  const headers = {
    ...securityHeaders,
    ...(socket instanceof TLSSocket ? { 'strict-transport-security': strictTransportSecurity } : {}),
    'cache-control': 'no-store',
    'content-type': PROBLEM_MEDIA_TYPE,
    'content-length': String(Buffer.byteLength(body)),
    connection: 'close',
  };
  const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const status = `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status] ?? ''}\r\n`;
  socket.end(`${status}${head.join('')}\r\n${body}`);
  const end = setTimeout(() => socket.destroy(), LINGER_MS).unref();
  socket.once('close', () => clearTimeout(end));
  return true;
}

function toProblem(code: string | undefined): Problem {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return new Problem('headers_too_large', 'Send fewer or shorter header fields.');
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new Problem('request_timeout', 'Send the whole request faster.');
    default:
      return new Problem('bad_request', 'This is not a well-formed HTTP request.');
  }
}
