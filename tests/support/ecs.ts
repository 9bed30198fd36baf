import { isIP } from 'node:net';
import { ecsObjects } from '../../src/kernel/log.ts';

type Check = (value: unknown) => boolean;

const keyword: Check = (value) => typeof value === 'string' && value.length < 32_767;
const whole: Check = (value) => Number.isSafeInteger(value);
const address: Check = (value) => typeof value === 'string' && isIP(value) > 0 && !value.includes('%');
const country: Check = (value) => typeof value === 'string' && /^[A-Z]{2}$/.test(value);
const date: Check = (value) => typeof value === 'string' && new Date(value).toISOString() === value;
const oneOf =
  (...allowed: readonly string[]): Check =>
  (value) =>
    allowed.includes(String(value));
const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.length > 0 && value.every(check);

/** The fields of ECS 8.11 that our lines may have, and what Elasticsearch takes in them. */
const fields: Readonly<Record<string, Check>> = {
  '@timestamp': date,
  message: keyword,
  'log.level': oneOf('debug', 'info', 'warn', 'error'),
  'ecs.version': oneOf('8.11.0'),
  'service.name': keyword,
  'service.version': keyword,
  'event.id': keyword,
  'event.kind': oneOf('event', 'alert'),
  'event.category': listOf(oneOf('web', 'authentication', 'iam', 'configuration')),
  'event.type': listOf(oneOf('access', 'start', 'end', 'info', 'error', 'denied')),
  'event.action': keyword,
  'event.dataset': keyword,
  'event.severity': whole,
  'event.created': date,
  'event.url': keyword,
  'event.hash': keyword,
  'event.original': keyword,
  'event.outcome': oneOf('success', 'failure'),
  'event.duration': whole,
  'http.request.method': keyword,
  'http.response.status_code': whole,
  'url.path': keyword,
  'url.full': keyword,
  'source.ip': address,
  'source.address': keyword,
  'source.geo.country_iso_code': country,
  'destination.geo.country_iso_code': country,
  'related.ip': listOf(address),
  'related.user': listOf(keyword),
  'related.hosts': listOf(keyword),
  'user.id': keyword,
  'file.path': keyword,
  'error.stack_trace': keyword,
};
const NEEDED = ['@timestamp', 'message', 'log.level', 'ecs.version'];

/** A line's fields by their full names, however they are nested. */
export function fieldsOf(line: string): Map<string, unknown> {
  const found = new Map<string, unknown>();
  const walk = (value: unknown, path: string): void => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) found.set(path, value);
    else
      for (const [name, below] of Object.entries(value)) walk(below, path === '' ? name : `${path}.${name}`);
  };
  walk(JSON.parse(line), '');
  return found;
}

/** What Elasticsearch would stumble over in one line. */
export function ecsFaults(line: string): string[] {
  const found = fieldsOf(line);
  const missing = NEEDED.filter((name) => !found.has(name)).map((name) => `${name} is missing`);
  return [...missing, ...[...found].flatMap(([name, value]) => faultsOf(name, value))];
}

/** Names that are a value in one line and an object in another: an index takes one of the two and refuses the other. */
export function conflicts(lines: readonly string[]): string[] {
  const names = new Set(lines.flatMap((line) => [...fieldsOf(line).keys()]));
  return [...names].filter((name) => [...names].some((other) => other.startsWith(`${name}.`)));
}

function faultsOf(name: string, value: unknown): string[] {
  const check = fields[name];
  if (check !== undefined) return check(value) ? [] : [`${name} cannot be ${JSON.stringify(value)}`];
  const [head = ''] = name.split('.', 1);
  if (head === 'labels' && name !== head) return keyword(value) ? [] : [`${name} is no text`];
  const isOurs = head === 'tocsin' ? name !== head : !ecsObjects.some((one) => one === head);
  if (!isOurs) return [`${name} is no field of ECS that we know`];
  return isPlain(value) || listOf(isPlain)(value) ? [] : [`${name} is no plain value`];
}

const isPlain: Check = (value) => ['string', 'number', 'boolean'].includes(typeof value);
