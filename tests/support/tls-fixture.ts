import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = new URL('../../../tests/fixtures/tls/', import.meta.url);

/** A self-signed certificate for localhost, 127.0.0.1 and ::1, with its key; both are public and for tests only. */
export const tlsFixture = {
  cert: readFileSync(new URL('localhost.pem', folder), 'utf8'),
  key: readFileSync(new URL('localhost-key.pem', folder), 'utf8'),
  certFile: fileURLToPath(new URL('localhost.pem', folder)),
};
