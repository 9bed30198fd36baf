/**
 * ECS has objects under these names: a plain value there would make Elasticsearch refuse the whole line. Their fields
 * are named in full (`url.full`, `error.message`), ours by another word or `tocsin.…`.
 */
export const ecsObjects = [
  'agent',
  'as',
  'client',
  'cloud',
  'code_signature',
  'container',
  'data_stream',
  'destination',
  'device',
  'dll',
  'dns',
  'ecs',
  'email',
  'error',
  'event',
  'faas',
  'file',
  'geo',
  'group',
  'hash',
  'host',
  'http',
  'interface',
  'labels',
  'log',
  'network',
  'observer',
  'orchestrator',
  'organization',
  'os',
  'package',
  'process',
  'registry',
  'related',
  'risk',
  'rule',
  'server',
  'service',
  'source',
  'span',
  'threat',
  'tls',
  'tocsin',
  'trace',
  'transaction',
  'url',
  'user',
  'user_agent',
  'vlan',
  'volume',
  'vulnerability',
  'x509',
] as const;

export type LogFields = Readonly<Record<string, unknown>> & {
  readonly [Name in (typeof ecsObjects)[number]]?: never;
};

/** The part of a structured logger that the code uses: fields first, then a sentence. */
export interface Logger {
  debug(fields: LogFields, message: string): void;
  info(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  error(fields: LogFields, message: string): void;
}

export const silentLogger: Logger = { debug() {}, info() {}, warn() {}, error() {} };

/** The Elastic Common Schema that log lines are written in, the service's own and the log target's. */
export const ECS_VERSION = '8.11.0';

/** The text of something thrown, for a log line; what is not an Error is named by its type only. */
export function errorText(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : `a thrown ${typeof error}`;
}
