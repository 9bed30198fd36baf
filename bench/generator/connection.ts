import { connect, type Socket } from 'node:net';

export interface ConnectionEvents {
  /** Connected, or answered: the next request can be sent. */
  onIdle(connection: Connection): void;
  /** The head of the answer is there. */
  onHead(sequence: number): void;
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
  /** Of the head until it is whole; then the end of a chunked body. */
  #text = '';
  #head: Head | undefined;
  /** Of a body of known length. */
  #left = 0;
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
    if (this.#head === undefined) this.#readHead(count);
    else if (this.#head.length === undefined) this.#readChunks(readBuffer.toString('latin1', 0, count));
    else this.#left -= count;
    const head = this.#head;
    if (head === undefined || !this.#isWhole(head)) return true;
    const sequence = this.#sequence;
    this.#forget();
    this.#events.onAnswer(sequence, head.status);
    if (head.closes) this.#socket.destroy();
    else this.#events.onIdle(this);
    return true;
  }

  #readHead(count: number): void {
    this.#text += readBuffer.toString('latin1', 0, count);
    const end = this.#text.indexOf('\r\n\r\n');
    if (end < 0) return;
    const head = parseHead(this.#text.slice(0, end));
    this.#head = head;
    this.#events.onHead(this.#sequence);
    const body = this.#text.slice(end + 4);
    this.#text = '';
    if (head.length === undefined) this.#readChunks(body);
    else this.#left = head.length - body.length;
  }

  #readChunks(text: string): void {
    this.#text = (this.#text + text).slice(-LAST_CHUNK.length);
  }

  #isWhole({ length }: Head): boolean {
    return length === undefined ? this.#text === LAST_CHUNK : this.#left <= 0;
  }

  #forget(): void {
    this.#sequence = NOTHING_SENT;
    this.#text = '';
    this.#head = undefined;
  }

  #closed(): void {
    const sequence = this.#sequence;
    this.#forget();
    if (sequence !== NOTHING_SENT && !this.#ended) this.#events.onLost(sequence);
    if (!this.#ended) this.#socket = this.#open();
  }
}

interface Head {
  readonly status: number;
  readonly closes: boolean;
  /** Undefined: the body is chunked. */
  readonly length: number | undefined;
}

const LAST_CHUNK = '0\r\n\r\n';

function parseHead(text: string): Head {
  const head = text.toLowerCase();
  const status = Number(text.slice(9, 12));
  const length = /\r\ncontent-length: *(\d+)/.exec(head)?.[1];
  return {
    status,
    closes: head.includes('\r\nconnection: close'),
    // RFC 9112, 6.3: whatever its head says, it has no body.
    length: status === 304 ? 0 : length === undefined ? undefined : Number(length),
  };
}
