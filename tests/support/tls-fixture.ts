import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = new URL('../../../tests/fixtures/tls/', import.meta.url);

const pair = (name: string) => ({
  cert: readFileSync(new URL(`${name}.pem`, folder), 'utf8'),
  key: readFileSync(new URL(`${name}-key.pem`, folder), 'utf8'),
  certFile: fileURLToPath(new URL(`${name}.pem`, folder)),
  keyFile: fileURLToPath(new URL(`${name}-key.pem`, folder)),
});

/** A self-signed certificate for localhost, 127.0.0.1 and ::1, with its key; both are public and for tests only. */
export const tlsFixture = pair('localhost');

/** Another of its kind: what a renewal brings, or what a client shows. */
export const renewedFixture = pair('renewed');
