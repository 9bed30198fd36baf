import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import pino from 'pino';
import { type Clock, systemClock } from '../kernel/clock.ts';
import { rotateDaily } from '../kernel/daily-file.ts';
import { ECS_VERSION, type Logger } from '../kernel/log.ts';
import { version } from './version.ts';

/** Lines wait for so many bytes or so long; errors are written at once. */
const BUFFER_BYTES = 8_192;
const FLUSH_MS = 250;

export interface ServiceLog extends Logger {
  /** Writes out what waits. Call it before the process ends. */
  flush(): void;
}

/** Structured lines with ECS names, read by Elasticsearch as they are; to a file or standard output. */
export function createLog(options: {
  readonly level: string;
  readonly file: string | undefined;
  /** Days that a day's file is kept. */
  readonly keepDays: number;
  readonly clock?: Clock;
}): ServiceLog {
  if (options.file !== undefined) mkdirSync(dirname(options.file), { recursive: true });
  const destination = pino.destination({
    ...(options.file === undefined ? { fd: 1 } : { dest: options.file, append: true, mode: 0o640 }),
    sync: false,
    minLength: BUFFER_BYTES,
    periodicFlush: FLUSH_MS,
  });
  // A closed pipe at the other end of the log must not end the service.
  destination.on('error', () => {});
  const logger = pino(
    {
      level: options.level,
      messageKey: 'message',
      base: { 'ecs.version': ECS_VERSION, 'service.name': 'tocsin', 'service.version': version },
      timestamp: () => `,"@timestamp":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ 'log.level': label }) },
    },
    destination,
  );
  if (options.file !== undefined) rotate(options.file, options.keepDays, options.clock, destination);
  return {
    debug: (fields, message) => logger.debug(fields, message),
    info: (fields, message) => logger.info(fields, message),
    warn: (fields, message) => logger.warn(fields, message),
    error: (fields, message) => logger.error(fields, message),
    flush: () => {
      try {
        destination.flushSync();
      } catch {
        // Not open yet, or its reader is gone: there is nobody left to tell.
      }
    },
  };
}

type Destination = ReturnType<typeof pino.destination>;

/** A new file every day; lines that wait go into the file of the day they were written on. */
function rotate(file: string, keepDays: number, clock = systemClock, destination: Destination): void {
  // Not before it is open: until then there is nothing to write out and nothing to open anew.
  destination.once('ready', () => {
    rotateDaily({
      file,
      keepDays,
      clock,
      reopen() {
        destination.flushSync();
        destination.reopen(file);
      },
    });
  });
}
