import { connect, type Socket } from 'node:net';

export interface ConnectionEvents {
  /** Connected, or answered: the next request can be sent. */
  onIdle(connection: Connection): void;
  onAnswer(sequence: number, status: number): void;
  /** The connection broke while this request had no whole answer. */
  onLost(sequence: number): void;
}

/** All sockets read into one buffer: what was read is used before the next read begins. */
const readBuffer = Buffer.allocUnsafe(65_536);
const NOTHING_SENT = -1;

/** A keep-alive HTTP/1.1 connection with at most one request in flight; opens itself again when the server closes it. */
export class Connection {
  readonly #port: number;
  readonly #events: ConnectionEvents;
  #socket: Socket;
  #sequence = NOTHING_SENT;
  #text = '';
  #ended = false;

  constructor(port: number, events: ConnectionEvents) {
    this.#port = port;
    this.#events = events;
    this.#socket = this.#open();
  }

  send(sequence: number, request: Buffer): void {
    this.#sequence = sequence;
    this.#socket.write(request);
  }

  end(): void {
    this.#ended = true;
    this.#socket.destroy();
  }

  #open(): Socket {
    const socket = connect({
      host: '127.0.0.1',
      port: this.#port,
      noDelay: true,
      onread: { buffer: readBuffer, callback: (count) => this.#read(count) },
    });
    socket.on('connect', () => this.#events.onIdle(this));
    // 'close' follows every error and says all that is needed.
    socket.on('error', () => {});
    socket.on('close', () => this.#closed());
    return socket;
  }

  #read(count: number): boolean {
    this.#text += readBuffer.toString('latin1', 0, count);
    const answer = parseAnswer(this.#text);
    if (!answer) return true;
    const sequence = this.#sequence;
    this.#text = '';
    this.#sequence = NOTHING_SENT;
    this.#events.onAnswer(sequence, answer.status);
    if (answer.closes) this.#socket.destroy();
    else this.#events.onIdle(this);
    return true;
  }

  #closed(): void {
    const sequence = this.#sequence;
    this.#sequence = NOTHING_SENT;
    this.#text = '';
    if (sequence !== NOTHING_SENT && !this.#ended) this.#events.onLost(sequence);
    if (!this.#ended) this.#socket = this.#open();
  }
}

interface Answer {
  readonly status: number;
  readonly closes: boolean;
}

/** Undefined until the answer is whole. Knows a Content-Length and a chunked body that ends with the text. */
function parseAnswer(text: string): Answer | undefined {
  const headEnd = text.indexOf('\r\n\r\n');
  if (headEnd < 0) return undefined;
  const head = text.slice(0, headEnd).toLowerCase();
  const length = /\r\ncontent-length: *(\d+)/.exec(head)?.[1];
  const whole =
    length === undefined ? text.endsWith('0\r\n\r\n') : text.length >= headEnd + 4 + Number(length);
  if (!whole) return undefined;
  return { status: Number(text.slice(9, 12)), closes: head.includes('\r\nconnection: close') };
}
