import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { SMTPServer } from 'smtp-server';
import type { Draw } from './draw.ts';
import { isRefused } from './lanes.ts';
import type { Ledger } from './ledger.ts';
import { numberIn } from './shots.ts';

const SLOW_MS = 2_000;
/** One in so many is lost, or counted twice, when that fault is planted. */
const PLANTED_EVERY = 500;

export interface ReceiversOptions {
  readonly ledger: Ledger;
  readonly draw: Draw;
  /** Which life of the service is the newest. */
  readonly life: () => number;
  readonly fault: string | undefined;
  readonly downPort: number;
}

/** Everybody who is told, with the trouble that each of them makes until they are healed. */
export class Receivers {
  readonly #options: ReceiversOptions;
  readonly #http = createServer((request, response) => void this.#take(request, response));
  readonly #mail: SMTPServer;
  #down: Server | undefined;
  #isHealed = false;
  #taken = 0;

  private constructor(options: ReceiversOptions) {
    this.#options = options;
    this.#mail = new SMTPServer({
      authOptional: true,
      disabledCommands: ['AUTH', 'STARTTLS'],
      disableReverseLookup: true,
      onData: (stream, _session, done) => {
        const life = options.life();
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => done(this.#mailed(Buffer.concat(chunks).toString('latin1'), life)));
      },
    });
    // A client that was killed in the middle is part of the plan.
    this.#mail.on('error', () => {});
  }

  static async start(options: ReceiversOptions): Promise<Receivers> {
    const receivers = new Receivers(options);
    await once(receivers.#http.listen(0, '127.0.0.1'), 'listening');
    await once(receivers.#mail.listen(0, '127.0.0.1'), 'listening');
    await receivers.comeUp();
    return receivers;
  }

  get httpPort(): number {
    return portOf(this.#http);
  }

  get mailPort(): number {
    return portOf(this.#mail.server);
  }

  /** From now on whatever comes is taken, but for what is refused for good. */
  async heal(): Promise<void> {
    this.#isHealed = true;
    await this.comeUp();
  }

  /** The receiver `down` listens again. */
  async comeUp(): Promise<void> {
    if (this.#down !== undefined) return;
    this.#down = createServer((request, response) => void this.#take(request, response));
    await once(this.#down.listen(this.#options.downPort, '127.0.0.1'), 'listening');
  }

  async goDown(): Promise<void> {
    const down = this.#down;
    if (down === undefined || this.#isHealed) return;
    this.#down = undefined;
    const closed = once(down, 'close');
    down.close();
    down.closeAllConnections();
    await closed;
  }

  async close(): Promise<void> {
    for (const server of [this.#http, this.#down]) {
      server?.closeAllConnections();
      server?.close();
    }
    await new Promise<void>((resolve) => this.#mail.close(resolve));
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const life = this.#options.life();
    const body = await bodyOf(request);
    // Cut off in the middle: nothing was received.
    if (body === undefined) return;
    const target = (request.url ?? '').slice(1);
    if (this.#troubles(target, response, numberIn(body))) return;
    this.#note(target, numberIn(body), life);
    if (target === 'slow' && !this.#isHealed) setTimeout(() => response.end('ok'), SLOW_MS);
    else response.end('ok');
  }

  /** Whether it made trouble instead of taking it. */
  #troubles(target: string, response: ServerResponse, n: number | undefined): boolean {
    if (target === 'picky' && n !== undefined && isRefused(n)) {
      this.#options.ledger.refuse(n);
      response.writeHead(400).end('not this one, ever');
      return true;
    }
    if (this.#isHealed) return false;
    const [percent, make] = troubles[target] ?? [0, () => {}];
    if (this.#options.draw(1, 100) > percent) return false;
    make(response);
    return true;
  }

  #mailed(source: string, life: number): Error | null {
    if (!this.#isHealed && this.#options.draw(1, 100) <= 2)
      return Object.assign(new Error('come back later'), { responseCode: 451 });
    // Quoted-printable breaks long lines.
    this.#note('mail', numberIn(source.replaceAll('=\r\n', '')), life);
    return null;
  }

  #note(target: string, n: number | undefined, life: number): void {
    const { ledger, fault } = this.#options;
    const isPlanted = ++this.#taken % PLANTED_EVERY === 0;
    if (isPlanted && fault === 'loses') return;
    ledger.take(target, n, life);
    if (isPlanted && fault === 'repeats') ledger.take(target, n, life);
  }
}

const troubles: Readonly<
  Record<string, readonly [percent: number, make: (response: ServerResponse) => void]>
> = {
  flaky: [20, (response) => void response.writeHead(500).end('trouble')],
  busy: [1, (response) => void response.writeHead(429, { 'retry-after': '1' }).end('busy')],
  hanging: [5, () => {}],
  resetting: [10, (response) => void response.socket?.resetAndDestroy()],
};

async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  try {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    return Buffer.concat(chunks).toString('utf8');
  } catch {
    // The one who sent it is gone.
    return undefined;
  }
}

function portOf(server: { address(): ReturnType<Server['address']> }): number {
  const address: string | { port: number } | Socket | null = server.address();
  if (address === null || typeof address === 'string' || typeof address.port !== 'number')
    throw new TypeError('a server without a port');
  return address.port;
}
