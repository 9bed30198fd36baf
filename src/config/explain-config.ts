import { leavesOf } from './leaves.ts';
import type { LoadedConfig } from './load-config.ts';
import { MASK } from './map-secrets.ts';
import { formatOrigin, type Origin } from './origin.ts';
import { isAtOrBelow } from './path.ts';

/** One value of the config, as it may be shown. */
export interface ConfigRow {
  readonly path: string;
  /** A secret is `[secret]`; a text with `${NAME}` is as the file has it; undefined when not set. */
  readonly value: unknown;
  /** `default`, `not set`, `tocsin.yaml:12`, `env TOCSIN_PORT`, `.env TOCSIN_PORT`, `--port`. */
  readonly origin: string;
}

/** Every setting with its value and where it was set. What came through `${NAME}` is not shown: it may be a secret. */
export function explainConfig(
  loaded: Omit<LoadedConfig<unknown>, 'kind' | 'warnings'>,
): readonly ConfigRow[] {
  const values = new Map(leavesOf(loaded.config, '').map(({ path, value }) => [path, value]));
  return [...loaded.origins].map(([path, origin]) => {
    const value = values.get(path);
    const shown = isSecretAt(path, loaded.secrets) ? MASK : asWritten(path, value, origin, loaded.templates);
    return { path, value: value === undefined ? undefined : shown, origin: formatOrigin(origin) };
  });
}

function isSecretAt(path: string, secrets: ReadonlySet<string>): boolean {
  return [...secrets].some((secret) => isAtOrBelow(secret, path) || isAtOrBelow(path, secret));
}

/** The file's own text, as long as it is the file's value that holds. */
function asWritten(
  path: string,
  value: unknown,
  origin: Origin,
  templates: ReadonlyMap<string, string>,
): unknown {
  if (origin.kind !== 'file') return value;
  const whole = templates.get(path);
  if (whole !== undefined || !Array.isArray(value)) return whole ?? value;
  return value.map((entry, index) => templates.get(`${path}[${index}]`) ?? entry);
}
