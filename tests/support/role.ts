import { type ServiceOptions, spawnService } from './service.ts';
import { until } from './until.ts';

/** A process that does one role and, without `api`, listens on nothing but its health port. */
export interface RoleProcess {
  /** Where its probes are answered, without a trailing slash. */
  readonly probes: string;
  readonly stdout: () => string;
  readonly stderr: () => string;
  readonly exited: Promise<number | string>;
  /** SIGTERM, then the end. */
  stop(): Promise<number | string>;
  /** SIGKILL. */
  kill(): Promise<void>;
}

/** Starts a process with these roles and resolves when it is ready. */
export async function startRole(roles: string, options: ServiceOptions = {}): Promise<RoleProcess> {
  const env = { ...options.env, TOCSIN_ROLES: roles, TOCSIN_HEALTH_PORT: '0' };
  const { child, exited, stdout, stderr } = spawnService({ ...options, env });
  const end = async (signal: NodeJS.Signals): Promise<number | string> => {
    child.kill(signal);
    return exited;
  };
  try {
    const probes = await until(`the probes of ${roles}`, () => probesIn(stdout()));
    await until(`${roles} to be ready`, async () => (await fetch(`${probes}/readyz`)).ok);
    return {
      probes,
      stdout,
      stderr,
      exited,
      stop: () => end('SIGTERM'),
      kill: async () => void (await end('SIGKILL')),
    };
  } catch (error) {
    await end('SIGKILL');
    throw new Error(`${roles} did not get ready:\n${stderr()}${stdout()}`, { cause: error });
  }
}

/** The address that the log tells; the port was taken free. */
export const probesIn = (log: string): string | undefined =>
  /"url.full":"([^"]+)","message":"probes are answered"/.exec(log)?.[1];
