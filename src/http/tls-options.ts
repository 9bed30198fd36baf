import type { SecureContextOptions } from 'node:tls';

/** PEM. */
export interface Certificate {
  readonly cert: Buffer;
  readonly key: Buffer;
  /** Authorities whose client certificates are believed. Absent: no client is asked for one. */
  readonly clientCa?: Buffer;
}

/**
 * The "intermediate" list of Mozilla's Server Side TLS 5.7: keys that are forgotten, and authenticated encryption only.
 * Node's own list ends in CBC with SHA-1 and in RSA key exchange.
 */
const CIPHERS = [
  'TLS_AES_128_GCM_SHA256',
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
].join(':');

/** Everything of it every time: a renewal that named the pair alone would take the rest back to Node's defaults. */
export const secureContext = ({ cert, key, clientCa }: Certificate): SecureContextOptions => ({
  cert,
  key,
  minVersion: 'TLSv1.2',
  ciphers: CIPHERS,
  ...(clientCa === undefined ? {} : { ca: clientCa }),
});
