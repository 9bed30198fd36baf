import { once } from 'node:events';
import { createServer } from 'node:net';
import { type Config, isLoopback, publicUrlOf } from '../../app/settings.ts';
import { askService, type ServiceAnswer } from './ask-service.ts';
import { type Finding, fail, ok, warn } from './finding.ts';

const CLOCK_WARN_MS = 5_000;

export interface FoundService {
  /** Tocsin answers at one of the config's ports. */
  readonly isRunning: boolean;
  readonly findings: readonly Finding[];
}

interface Place {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly isTls: boolean;
}

/** The ports of the config: free, or answered by the service itself; and the address that others know it by. */
export async function checkRunning(config: Config, now: () => number): Promise<FoundService> {
  const findings: Finding[] = [];
  let isRunning = false;
  for (const place of placesOf(config)) {
    const answer = await askService(urlOf(place));
    isRunning ||= answer.kind === 'tocsin';
    findings.push(
      answer.kind === 'nobody' ? await judgeFree(place, answer.code) : judgeAnswer(place, answer, now()),
    );
  }
  return { isRunning, findings: [...findings, ...(await checkPublicUrl(config, isRunning))] };
}

function placesOf({ http, roles }: Config): readonly Place[] {
  const { host, port, healthPort, tlsCert } = http;
  const api = { name: 'http.port', host, port, isTls: tlsCert !== undefined };
  const health = { name: 'http.healthPort', host, port: healthPort ?? 0, isTls: false };
  return [...(roles.includes('api') ? [api] : []), health].filter((place) => place.port !== 0);
}

/** What is bound to all addresses is asked at the loopback's. */
function urlOf({ host, port, isTls }: Place): string {
  const asked = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return `${isTls ? 'https' : 'http'}://${asked.includes(':') ? `[${asked}]` : asked}:${port}`;
}

function judgeAnswer(place: Place, answer: Exclude<ServiceAnswer, { kind: 'nobody' }>, now: number): Finding {
  const where = `${place.host}:${place.port}`;
  if (answer.kind === 'other')
    return fail(
      'port',
      `another program answers at ${where} (${place.name})`,
      'End it, or set another port.',
    );
  if (!answer.isReady)
    return fail(
      'port',
      `Tocsin runs at ${where} and is not ready. ${answer.detail}`,
      'Read its log: it says what it waits for.',
    );
  const away = answer.at === undefined ? 0 : Math.abs(now - answer.at);
  return away > CLOCK_WARN_MS
    ? warn(
        'clock',
        `the service at ${where} is ${Math.round(away / 1_000)} s away from the clock here`,
        'Keep both right with NTP.',
      )
    : ok('port', `Tocsin runs at ${where} and is ready`);
}

const bindingWords: Readonly<Record<string, readonly [string, string]>> = {
  EADDRINUSE: ['is taken by a program that does not answer', 'End it, or set another port.'],
  EADDRNOTAVAIL: ['is not an address of this machine', 'Set http.host to one, or to 0.0.0.0.'],
  EACCES: ['may not be bound to by this user', 'Set a port above 1023, or grant CAP_NET_BIND_SERVICE.'],
  ENOTFOUND: ['has no address', 'Set http.host to an address of this machine.'],
};

async function judgeFree({ name, host, port }: Place, asked: string): Promise<Finding> {
  const code = await bindFor(host, port);
  const where = `${host}:${port}`;
  if (code === undefined)
    return ok('port', `nobody answers at ${where} (${name}): the service does not run, and the port is free`);
  const [what, todo] = bindingWords[code] ?? [`cannot be bound to (${code})`, 'Set another port or host.'];
  return fail('port', `${where} (${name}) ${what}${code === 'EADDRINUSE' ? ` (${asked})` : ''}`, todo);
}

/** Takes the port for a moment; what kept it from doing so. */
async function bindFor(host: string, port: number): Promise<string | undefined> {
  const server = createServer();
  try {
    server.listen(port, host);
    await once(server, 'listening');
    return undefined;
  } catch (error) {
    // By the system's code; there is nothing that a bug of ours could throw here.
    return error instanceof Error && 'code' in error ? String(error.code) : 'UNKNOWN';
  } finally {
    server.close();
  }
}

async function checkPublicUrl(config: Config, isRunning: boolean): Promise<readonly Finding[]> {
  const url = publicUrlOf(config);
  if (url === undefined) {
    if (isLoopback(config.http.host)) return [];
    const what = 'http.publicUrl is not set: links in messages lead to the address bound to';
    return [warn('public url', what, 'Set TOCSIN_PUBLIC_URL to where people reach the service.')];
  }
  if (!isRunning) return [];
  const answer = await askService(url);
  if (answer.kind === 'tocsin') return [ok('public url', `Tocsin answers at ${url}`)];
  const why =
    answer.kind === 'nobody' ? `nobody answers (${answer.code})` : 'not Tocsin, or not its /livez, answers';
  return [
    warn(
      'public url',
      `${url}: ${why}, asked from here`,
      'Look at DNS and the proxy in front; or some networks cannot reach themselves from outside.',
    ),
  ];
}
