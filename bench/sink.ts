import { createServer, type Socket } from 'node:net';
import { monotonicMs } from './generator/monotonic.ts';
import { MARKER, RUN_DIGITS, SEQUENCE_DIGITS } from './generator/requests.ts';
import { isSinkQuestion, type SinkQuestion, type SinkReport } from './sink-report.ts';

/**
 * The receiver of deliveries, a process of its own on a bare socket: answers 200 to every request and notes when
 * each event of the run came first, by the marker in its id, whatever the envelope around it.
 */
const ANSWER = 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n';

let marker = MARKER;
let receivedAt = new Float64Array();
let webhookIds = new Set<string>();
let deliveries = 0;
let events = 0;

function note(head: string, body: string): void {
  const at = body.indexOf(marker);
  if (at < 0) return;
  const sequence = Number(body.slice(at + marker.length, at + marker.length + SEQUENCE_DIGITS));
  deliveries += 1;
  const webhookId = /\r\nwebhook-id: *([^\r]+)/i.exec(head)?.[1];
  if (webhookId) webhookIds.add(webhookId);
  if (!Number.isNaN(receivedAt[sequence])) return;
  receivedAt[sequence] = monotonicMs();
  events += 1;
}

/** Takes whole requests off the front of `text`; returns what is left of it. */
function take(text: string, socket: Socket): string {
  let rest = text;
  for (;;) {
    const headEnd = rest.indexOf('\r\n\r\n');
    if (headEnd < 0) return rest;
    const head = rest.slice(0, headEnd);
    const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
    if (length === undefined) throw new Error('the sink got a request without Content-Length');
    const end = headEnd + 4 + Number(length);
    if (rest.length < end) return rest;
    note(head, rest.slice(headEnd + 4, end));
    socket.write(ANSWER);
    rest = rest.slice(end);
  }
}

function begin(run: number, capacity: number): void {
  marker = MARKER + String(run).padStart(RUN_DIGITS, '0');
  receivedAt = new Float64Array(capacity).fill(NaN);
  webhookIds = new Set();
  deliveries = 0;
  events = 0;
}

function reply(question: SinkQuestion): SinkReport {
  if (question.ask === 'begin') begin(question.run, question.capacity);
  return {
    deliveries,
    events,
    webhookIds: webhookIds.size,
    receivedAt: question.ask === 'report' ? receivedAt : new Float64Array(),
  };
}

const server = createServer({ noDelay: true }, (socket) => {
  let text = '';
  socket.setEncoding('latin1');
  socket.on('data', (chunk: string) => {
    text = take(text + chunk, socket);
  });
  // A sender that breaks off is the sender's affair: it will try again.
  socket.on('error', () => socket.destroy());
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.send?.({ port: typeof address === 'object' && address ? address.port : 0 });
});
process.on('message', (message) => {
  if (isSinkQuestion(message)) process.send?.(reply(message));
});
process.on('disconnect', () => process.exit());
