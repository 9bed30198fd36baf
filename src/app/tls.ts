import { readFileSync, unwatchFile, watchFile } from 'node:fs';
import type { Certificate } from '../http/server.ts';
import { errorText, type Logger } from '../kernel/log.ts';
import { createSecureContext } from 'node:tls';
import { StartRefused } from './start-refused.ts';

const LOOK_EVERY_MS = 10_000;

export interface CertificateFiles {
  readonly cert: string;
  readonly key: string;
}

/** Throws StartRefused for a pair that cannot be read or is none. */
export function readCertificate(files: CertificateFiles): Certificate {
  try {
    const pair = { cert: readFileSync(files.cert), key: readFileSync(files.key) };
    createSecureContext(pair);
    return pair;
  } catch (error) {
    throw new StartRefused(
      `the certificate ${files.cert} with the key ${files.key} cannot be used (${errorText(error)})`,
      { cause: error },
    );
  }
}

/** Hands a renewed certificate on without a restart; returns what ends the watching. */
export function watchCertificate(
  files: CertificateFiles,
  use: (certificate: Certificate) => void,
  log: Logger,
): () => void {
  const renew = (): void => {
    try {
      use(readCertificate(files));
      log.info({ file: files.cert }, 'the certificate was read again');
    } catch (error) {
      // Half of a renewal is written: the old pair serves on, and the other file's change comes here again.
      log.warn(
        { file: files.cert, reason: errorText(error) },
        'the certificate was not taken; the old one serves on',
      );
    }
  };
  const watched = [files.cert, files.key];
  for (const file of watched) watchFile(file, { interval: LOOK_EVERY_MS, persistent: false }, renew);
  return () => {
    for (const file of watched) unwatchFile(file, renew);
  };
}
