import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { until } from './until.ts';

/** A client that sends bytes as they are, for what no well-behaved client would send. */
export class RawClient {
  readonly #socket: Socket;
  #received = '';
  #hasEnded = false;
  #isClosed = false;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true).setEncoding('latin1');
    socket.on('data', (text: string) => (this.#received += text));
    socket.on('end', () => (this.#hasEnded = true));
    // A reset shows as `closed`.
    socket.on('error', () => {}).on('close', () => (this.#isClosed = true));
  }

  static async connect(url: string): Promise<RawClient> {
    const { hostname, port } = new URL(url);
    const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
    await once(socket, 'connect');
    return new RawClient(socket);
  }

  send(bytes: string | Buffer): void {
    if (this.#socket.writable)
      this.#socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes);
  }

  /** Reads nothing any more. */
  stopReading(): void {
    this.#socket.pause();
  }

  /** Ends this side only. */
  finish(): void {
    this.#socket.end();
  }

  get received(): string {
    return this.#received;
  }

  /** Whether the server ended its side. */
  get hasEnded(): boolean {
    return this.#hasEnded || this.#isClosed;
  }

  /** Whether the connection is gone altogether. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** The status codes of the answers so far. */
  get statuses(): number[] {
    return [...this.#received.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, code]) => Number(code));
  }

  async answered(count = 1, timeoutMs?: number): Promise<void> {
    const isThere = (): boolean => this.statuses.length >= count && this.#isLastWhole();
    await until(`${count} answers`, () => isThere() || this.hasEnded, timeoutMs);
  }

  async ended(timeoutMs?: number): Promise<void> {
    await until('the server to end the connection', () => this.hasEnded, timeoutMs);
  }

  close(): void {
    this.#socket.destroy();
  }

  #isLastWhole(): boolean {
    const [head = '', ...rest] = this.#received
      .slice(this.#received.lastIndexOf('HTTP/1.1 '))
      .split('\r\n\r\n');
    const length = /^content-length: (\d+)/im.exec(head)?.[1];
    return this.#received.endsWith('\r\n\r\n') || rest.join('\r\n\r\n').length >= Number(length ?? 0);
  }
}

/** Sends bytes and resolves with all that comes back until the server has answered or ended. */
export async function exchange(url: string, bytes: string | Buffer, answers = 1): Promise<RawClient> {
  const client = await RawClient.connect(url);
  client.send(bytes);
  await client.answered(answers);
  client.close();
  return client;
}
