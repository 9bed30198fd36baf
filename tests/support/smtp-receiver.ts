import { once } from 'node:events';
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
  readonly #sessions = new Set<string>();
  #onReleased: () => void = () => {};
  #reached: () => void = () => {};
  readonly reached = new Promise<void>((resolve) => {
    this.#reached = resolve;
  });

  private constructor(login: { user: string; password: string } | undefined, options: SMTPServerOptions) {
    this.#server = new SMTPServer({
      ...tlsFixture,
      authOptional: login === undefined,
      disableReverseLookup: true,
      onConnect: ({ id }, done) => {
        this.connections += 1;
        this.#sessions.add(id);
        done();
      },
      onClose: ({ id }) => {
        this.#sessions.delete(id);
        if (this.#sessions.size === 0) this.#onReleased();
      },
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

  /** Resolves once no session is open. */
  async released(): Promise<void> {
    if (this.#sessions.size > 0) await new Promise<void>((resolve) => (this.#onReleased = resolve));
  }

  async close(): Promise<void> {
    this.#cutConnections();
    await new Promise<void>((resolve) => this.#server.close(resolve));
  }

  /** From the top: a socket that is destroyed beneath its TLS takes the whole process with it. */
  #cutConnections(): void {
    for (const connection of this.#server.connections) connection._socket.destroy();
  }

  #judge(about: string, done: (error?: Error | null) => void): void {
    this.#reached();
    const verdict = this.verdict(about);
    if (verdict === 'hang') return;
    if (verdict === 'reset') {
      this.#cutConnections();
      return;
    }
    done(verdict);
  }
}
