/** The part of a structured logger that the code uses: fields first, then a sentence. */
export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export const silentLogger: Logger = { debug() {}, info() {}, warn() {}, error() {} };

/** The Elastic Common Schema that log lines are written in, the service's own and the log target's. */
export const ECS_VERSION = '8.11.0';

/** The text of something thrown, for a log line; what is not an Error is named by its type only. */
export function errorText(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : `a thrown ${typeof error}`;
}
