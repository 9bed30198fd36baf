import { readFileSync, unwatchFile, watchFile } from 'node:fs';
import { Server } from 'node:tls';
import type { FastifyInstance } from 'fastify';
import { errorText, type Logger } from '../kernel/log.ts';

const LOOK_EVERY_MS = 10_000;

/** Takes a renewed certificate into use without a restart; returns what ends it. */
export function watchTls(server: FastifyInstance, cert: string, key: string, log: Logger): () => void {
  const renew = (): void => {
    if (!(server.server instanceof Server)) return;
    try {
      server.server.setSecureContext({ cert: readFileSync(cert), key: readFileSync(key) });
      log.info({ file: cert }, 'the certificate was read again');
    } catch (error) {
      // Half of a renewal is written: the old pair serves on, and the other file's change comes here again.
      log.warn({ file: cert, reason: errorText(error) }, 'the certificate was not taken; the old one serves on');
    }
  };
  for (const file of [cert, key]) watchFile(file, { interval: LOOK_EVERY_MS, persistent: false }, renew);
  return () => {
    for (const file of [cert, key]) unwatchFile(file, renew);
  };
}
