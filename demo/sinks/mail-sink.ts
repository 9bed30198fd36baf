import { once } from 'node:events';
import { SMTPServer } from 'smtp-server';
import { headerOf, readMail } from '../../tests/support/read-mail.ts';
import { tlsFixture } from '../../tests/support/tls-fixture.ts';
import type { Reception } from './reception.ts';
import type { Sink } from './sink.ts';

/** An SMTP server with STARTTLS; now and then it greylists. */
export async function startMailSink(reception: Reception): Promise<Sink & { readonly port: number }> {
  const server = new SMTPServer({
    ...tlsFixture,
    authOptional: true,
    disableReverseLookup: true,
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => done(take(reception, Buffer.concat(chunks).toString('utf8'), session.secure)));
    },
  });
  // A client that is gone is the service's to notice.
  server.on('error', () => {});
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.server.address();
  if (address === null || typeof address === 'string') throw new TypeError('an address was expected');
  return {
    url: `smtp://127.0.0.1:${address.port}`,
    port: address.port,
    close: () => new Promise<void>((resolve) => server.close(resolve)),
  };
}

function take(reception: Reception, source: string, isEncrypted: boolean): Error | null {
  const { headers } = readMail(source);
  const verdict = reception.take('mail', headerOf(headers, 'message-id'), headerOf(headers, 'subject'), {
    accept: isEncrypted ? 'STARTTLS' : 'in the clear',
    fail: '451 greylisted',
    refuse: '550',
  });
  if (verdict === 'accept') return null;
  const responseCode = verdict === 'fail' ? 451 : 550;
  return Object.assign(new Error(verdict === 'fail' ? 'greylisted, come again' : 'no such user'), {
    responseCode,
  });
}
