import { once } from 'node:events';
import type { Socket } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { tlsFixture } from './tls-fixture.ts';

export interface ReceivedMail {
  readonly from: string;
  readonly to: readonly string[];
  /** Headers and body, as they came. */
  readonly source: string;
  readonly isEncrypted: boolean;
  readonly user: string | undefined;
}

type Verdict = Error | undefined | 'hang' | 'reset';

/** A refusal with its SMTP code. */
export function smtpError(responseCode: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode });
}

/** An SMTP server on a loopback port that keeps what it was sent. Offers STARTTLS and, under TLS, AUTH. */
export class SmtpReceiver {
  readonly mails: ReceivedMail[] = [];
  connections = 0;
  /** Asked for each recipient, and for the message under the name `DATA`. */
  verdict: (recipient: string) => Verdict = () => undefined;
  readonly #server: SMTPServer;
  readonly #open = new Set<Socket>();
  #reached: () => void = () => {};
  readonly reached = new Promise<void>((resolve) => {
    this.#reached = resolve;
  });

  private constructor(login: { user: string; password: string } | undefined, options: SMTPServerOptions) {
    this.#server = new SMTPServer({
      ...tlsFixture,
      authOptional: login === undefined,
      disableReverseLookup: true,
      onAuth: (auth, _session, done) => {
        if (auth.username === login?.user && auth.password === login?.password)
          return done(null, { user: auth.username });
        done(smtpError(535, `no such login: ${auth.username}/${auth.password}`));
      },
      onRcptTo: ({ address }, _session, done) => this.#judge(address, done),
      onData: (stream, session, done) => {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => {
          this.#judge('DATA', (error) => {
            if (error) return done(error);
            this.mails.push({
              from: session.envelope.mailFrom === false ? '' : (session.envelope.mailFrom?.address ?? ''),
              to: session.envelope.rcptTo.map(({ address }) => address),
              source: Buffer.concat(chunks).toString('utf8'),
              isEncrypted: session.secure,
              user: typeof session.user === 'string' ? session.user : undefined,
            });
            done(null);
          });
        });
      },
      ...options,
    });
    this.#server.on('error', () => {});
    this.#server.server.on('connection', (socket: Socket) => {
      this.connections += 1;
      this.#open.add(socket);
      socket.on('close', () => this.#open.delete(socket));
    });
  }

  static async start(
    login?: { user: string; password: string },
    options: SMTPServerOptions = {},
  ): Promise<SmtpReceiver> {
    const receiver = new SmtpReceiver(login, options);
    await once(receiver.#server.listen(0, '127.0.0.1'), 'listening');
    return receiver;
  }

  get port(): number {
    const address = this.#server.server.address();
    if (address === null || typeof address === 'string') throw new Error('not listening');
    return address.port;
  }

  /** Resolves once no connection is open. */
  async released(): Promise<void> {
    await Promise.all([...this.#open].map((socket) => once(socket, 'close')));
  }

  async close(): Promise<void> {
    for (const socket of this.#open) socket.destroy();
    await new Promise<void>((resolve) => this.#server.close(resolve));
  }

  #judge(about: string, done: (error?: Error | null) => void): void {
    this.#reached();
    const verdict = this.verdict(about);
    if (verdict === 'hang') return;
    if (verdict === 'reset') {
      for (const socket of this.#open) socket.resetAndDestroy();
      return;
    }
    done(verdict);
  }
}
