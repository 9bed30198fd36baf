import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

/**
 * The no-op limit, a process of its own: what Node can take in when nothing is done with it. It reads the body,
 * verifies its signature and parses it, then answers every request of one event-loop turn together. Whatever keeps,
 * matches or delivers events on the same HTTP stack can only be slower.
 */
const key = process.argv[2] ?? '';
const ANSWER = '{"status":true}';
const ANSWER_HEADERS = { 'content-type': 'application/json', 'content-length': ANSWER.length };

let waiting: ServerResponse[] = [];

function acknowledge(): void {
  const turn = waiting;
  waiting = [];
  for (const response of turn) response.writeHead(200, ANSWER_HEADERS).end(ANSWER);
}

function genuine(body: Buffer, signature: unknown): boolean {
  const expected = createHmac('sha256', key).update(body).digest('hex');
  if (typeof signature !== 'string' || signature.length !== expected.length) return false;
  return timingSafeEqual(Buffer.from(signature, 'latin1'), Buffer.from(expected, 'latin1'));
}

function answer(request: IncomingMessage, response: ServerResponse, body: Buffer): void {
  if (!genuine(body, request.headers['x-sqreen-integrity'])) {
    response.writeHead(401).end();
  } else if (!Array.isArray(JSON.parse(body.toString('utf8')))) {
    response.writeHead(422).end();
  } else {
    if (waiting.length === 0) setImmediate(acknowledge);
    waiting.push(response);
  }
}

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => answer(request, response, Buffer.concat(chunks)));
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.send?.({ port: typeof address === 'object' && address ? address.port : 0 });
});
process.on('disconnect', () => process.exit());
