import { X509Certificate } from 'node:crypto';
import { readFileSync, unwatchFile, watchFile } from 'node:fs';
import type { Certificate } from '../http/server.ts';
import { errorText, type Logger } from '../kernel/log.ts';
import { createSecureContext } from 'node:tls';
import { StartRefused } from './start-refused.ts';

const LOOK_EVERY_MS = 10_000;

export interface CertificateFiles {
  readonly cert: string;
  readonly key: string;
  /** Of the authorities whose client certificates are believed. */
  readonly clientCa?: string;
}

/** Throws StartRefused for a pair that cannot be read or is none, and for authorities that are none. */
export function readCertificate(files: CertificateFiles): Certificate {
  const pair = readPair(files);
  return files.clientCa === undefined ? pair : { ...pair, clientCa: readAuthorities(files.clientCa) };
}

function readPair(files: CertificateFiles): Certificate {
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

const BLOCK = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** Looked at here: Node takes any bytes for authorities, and then believes nobody without a word. */
function readAuthorities(file: string): Buffer {
  try {
    const pem = readFileSync(file);
    const authorities = (pem.toString('latin1').match(BLOCK) ?? []).map(
      (block) => new X509Certificate(block),
    );
    if (authorities.length === 0) throw new TypeError('it holds no PEM certificate');
    if (!authorities.every(({ ca }) => ca)) throw new TypeError('it holds a certificate of no authority');
    return pem;
  } catch (error) {
    throw new StartRefused(
      `the authorities of client certificates ${file} cannot be used (${errorText(error)})`,
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
      log.info({ 'file.path': files.cert }, 'the certificate was read again');
    } catch (error) {
      // Half of a renewal is written: the old pair serves on, and the other file's change comes here again.
      log.warn(
        { 'file.path': files.cert, reason: errorText(error) },
        'the certificate was not taken; the old one serves on',
      );
    }
  };
  const watched = [files.cert, files.key, ...(files.clientCa === undefined ? [] : [files.clientCa])];
  for (const file of watched) watchFile(file, { interval: LOOK_EVERY_MS, persistent: false }, renew);
  return () => {
    for (const file of watched) unwatchFile(file, renew);
  };
}
