import { type Stats, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { masterKeyFile, previousKeyFile } from '../../app/master-key.ts';
import type { Config } from '../../app/settings.ts';
import { DATABASE_FILE } from '../../storage/sqlite/directory.ts';
import { type Finding, fail, ok, warn } from './finding.ts';

const OTHERS_WRITE = 0o022;
const OTHERS = 0o077;
const EVERYBODY_READS = 0o004;

interface Guarded {
  readonly name: string;
  readonly path: string;
  /** Permissions that nobody but the owner must have. */
  readonly forbidden: number;
  readonly fix: string;
}

/** Who else may read or change what the service lives by. Where modes mean nothing there is nothing to say. */
export function checkPermissions(config: Config, configFile: string, cwd: string): readonly Finding[] {
  if (process.platform === 'win32') return [];
  const { directory } = config.data;
  const found = [
    ...guarded(config, configFile, cwd).flatMap((one) => judgeMode(one, directory)),
    ...judgeOwner(directory, join(directory, DATABASE_FILE)),
  ];
  return found.length === 0 ? [ok('permissions', 'secrets are readable by their owner alone')] : found;
}

function guarded({ data, http }: Config, configFile: string, cwd: string): readonly Guarded[] {
  const { directory } = data;
  return [
    { name: 'the data directory', path: directory, forbidden: OTHERS, fix: 'chmod 700' },
    { name: 'the master key', path: masterKeyFile(directory), forbidden: OTHERS, fix: 'chmod 600' },
    {
      name: 'the master key before',
      path: previousKeyFile(directory),
      forbidden: OTHERS,
      fix: 'chmod 600',
    },
    // It holds no secrets, only the names of where they are: what matters is who may change it.
    { name: 'the config file', path: configFile, forbidden: OTHERS_WRITE, fix: 'chmod go-w' },
    { name: 'the file of secrets', path: resolve(cwd, '.env'), forbidden: OTHERS, fix: 'chmod 600' },
    ...(http.tlsKey === undefined
      ? []
      : [
          {
            name: "the certificate's key",
            path: http.tlsKey,
            // A group may be let in: that of who renews it.
            forbidden: OTHERS_WRITE | EVERYBODY_READS,
            fix: 'chmod 600',
          },
        ]),
  ];
}

function judgeMode({ name, path, forbidden, fix }: Guarded, directory: string): Finding[] {
  const mode = modeOf(path);
  if (mode === undefined || (mode & forbidden) === 0) return [];
  const what = `others than its owner may ${mode & OTHERS_WRITE ? 'change' : 'read'} ${name} (${path}, mode ${mode.toString(8).padStart(3, '0')})`;
  // Who may only read finds the store there, and in it no secret that is not sealed.
  return [
    path === directory && (mode & OTHERS_WRITE) === 0
      ? warn('permissions', what, `${fix} ${path}`)
      : fail('permissions', what, `${fix} ${path}`),
  ];
}

/** A store made by another user than its directory cannot be written by the service. */
function judgeOwner(directory: string, store: string): Finding[] {
  const [expected, found] = [ownerOf(directory), ownerOf(store)];
  if (expected === undefined || found === undefined || expected === found) return [];
  return [
    warn(
      'permissions',
      `the data directory is of user ${expected}, the store in it of user ${found}`,
      `chown --reference=${directory} ${store}*, and run tocsin as the service's user.`,
    ),
  ];
}

const modeOf = (path: string): number | undefined => {
  const mode = statOf(path)?.mode;
  return mode === undefined ? undefined : mode & 0o777;
};
const ownerOf = (path: string): number | undefined => statOf(path)?.uid;

function statOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    // Not there, or behind a directory that is closed to us: then the store's check says so.
    return undefined;
  }
}
