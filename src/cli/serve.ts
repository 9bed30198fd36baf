import { ConfigFaulty, type RunningApp, startApp } from '../app/app.ts';
import { load, type Surroundings } from '../app/load.ts';
import { createLog, type ServiceLog } from '../app/log.ts';
import type { Seams } from '../app/services.ts';
import { type Config, publicUrlOf } from '../app/settings.ts';
import { StartRefused } from '../app/start-refused.ts';
import { signedCurl } from '../app/try-it.ts';
import type { LoadedConfig } from '../config/load-config.ts';
import { errorText } from '../kernel/log.ts';
import { SchemaMismatch } from '../storage/migrate.ts';
import { StoreUnavailable } from '../storage/store.ts';
import { SealBroken } from '../registry/object-store.ts';
import { WEBHOOK_SOURCE } from '../sources/http.ts';
import type { CommandContext } from './command.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { faultLines } from './faults.ts';

type ServeContext = Pick<CommandContext, 'env' | 'cwd' | 'err'>;

/** Starts the service and stays until a signal ends it. SIGHUP reads the config again. */
export async function serve(
  context: ServeContext,
  flags: Surroundings['flags'],
  seams: Seams = {},
): Promise<ExitCode> {
  const surroundings = { env: context.env, cwd: context.cwd, flags };
  const loaded = load(surroundings);
  if (loaded.kind === 'faulty') {
    context.err(['The config has faults; nothing was started:', ...faultLines(loaded.faults)].join('\n'));
    return exitCodes.config;
  }
  const log = openLog(loaded.config);
  if (log === undefined) {
    context.err('Not started: the log file cannot be made. Set TOCSIN_LOG_FILE, or mend its folder.');
    return exitCodes.failed;
  }
  // Unheard, the signal would end the process: a start that it comes too early for reads the config anyway.
  const beforeReady = (): void => {};
  process.on('SIGHUP', beforeReady);
  for (const line of faultLines(loaded.warnings)) context.err(`Warning:${line.slice(1)}`);
  try {
    const app = await startApp({ loaded, loadAgain: () => loadAgain(surroundings), log, seams });
    greet(context, loaded.config, app);
    log.info({ 'url.full': app.url, roles: loaded.config.roles }, 'ready');
    await untilSignalled(app, log);
    return exitCodes.ok;
  } catch (error) {
    return refuse(context, error);
  } finally {
    process.off('SIGHUP', beforeReady);
    log.flush();
  }
}

function loadAgain(surroundings: Surroundings): LoadedConfig<Config> {
  const again = load(surroundings);
  if (again.kind === 'faulty') throw new ConfigFaulty(again.faults);
  return again;
}

const expectedErrors = [StartRefused, StoreUnavailable, SchemaMismatch, SealBroken];
/** Why an address cannot be bound to, by the system's code. */
const bindingErrors: Readonly<Record<string, string>> = {
  EADDRINUSE: 'the port is taken. Set TOCSIN_PORT, or end the other process.',
  EADDRNOTAVAIL: 'the address is not one of this machine. Set TOCSIN_HOST.',
  EACCES: 'this user may not bind to the port. Set TOCSIN_PORT to one above 1023.',
  ENOTFOUND: 'the host has no address. Set TOCSIN_HOST.',
};

function openLog({ log: { level, file, keepDays } }: Config): ServiceLog | undefined {
  try {
    return createLog({ level, file, keepDays });
  } catch {
    // The folder cannot be made: the caller says so.
    return undefined;
  }
}

/** What a start can meet is said in words; anything else is a bug and shows where it is. */
function refuse(context: ServeContext, error: unknown): ExitCode {
  if (error instanceof ConfigFaulty) {
    context.err(['The config has faults; nothing was started:', ...faultLines(error.faults)].join('\n'));
    return exitCodes.config;
  }
  const expected = expectedErrors.some((kind) => error instanceof kind);
  const binding = error instanceof Error && 'code' in error ? bindingErrors[String(error.code)] : undefined;
  if (expected && error instanceof Error) context.err(`Not started: ${error.message}`);
  else if (binding !== undefined) context.err(`Not started: ${binding}`);
  else
    context.err(
      `Not started: ${error instanceof Error ? (error.stack ?? errorText(error)) : errorText(error)}`,
    );
  return exitCodes.failed;
}

/** On standard error, because standard output is the log's. The token is shown this once and kept nowhere. */
function greet({ err }: ServeContext, config: Config, app: RunningApp): void {
  if (app.url === undefined) return;
  const url = publicUrlOf(config) ?? app.url;
  const lines = [
    '',
    `Tocsin is ready: ${url}/${app.firstToken === undefined ? '' : `#token=${app.firstToken}`}`,
  ];
  if (app.firstToken !== undefined) {
    lines.push("The link holds the operators' token. It is shown this once: keep it.");
  }
  const curl = tryCurl(config, app);
  if (curl !== undefined) lines.push('', 'Send a signed notification the whole way:', '', curl);
  err([...lines, ''].join('\n'));
}

function tryCurl(config: Config, { url, tryIt }: RunningApp): string | undefined {
  if (url === undefined) return undefined;
  if (tryIt !== undefined) return signedCurl(url, tryIt.path, tryIt.key, new Date());
  const declared = config.sources.some(({ id }) => id === WEBHOOK_SOURCE);
  if (config.signatureKey === undefined || declared) return undefined;
  return signedCurl(url, '/v1/webhook', config.signatureKey, new Date());
}

async function untilSignalled(app: RunningApp, log: ServiceLog): Promise<void> {
  process.on('SIGHUP', () => void reload(app, log));
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve());
  });
  // A second signal means it: no more waiting for slow receivers.
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      log.flush();
      process.exit(exitCodes.failed);
    });
  }
  log.info({}, 'stopping');
  await app.stop();
  log.info({}, 'stopped');
}

async function reload(app: RunningApp, log: ServiceLog): Promise<void> {
  try {
    const faults = await app.reload();
    if (faults.length === 0) log.info({}, 'the config was read again');
    for (const { path, message } of faults) {
      log.error({ path }, `the config has a fault and the one in force stays: ${message}`);
    }
  } catch (error) {
    log.error({ reason: errorText(error) }, 'the config was not read again; the one in force stays');
  }
}
