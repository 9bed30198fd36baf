import { Type } from 'typebox';
import { checkValue, UNRESOLVED } from './check-value.ts';
import { convertText } from './convert-text.ts';
import type { Setting } from './definition.ts';
import type { Environment } from './environment.ts';
import type { ConfigFault, Origin } from './origin.ts';
import type { ConfigFile } from './read-config-file.ts';
import { isGroup, isSecret, viewOf } from './schema-view.ts';

/** The value that holds for one setting and where it was set. */
export interface Picked {
  readonly path: string;
  /** Undefined for an optional setting that nobody set; `UNRESOLVED` when it is faulty. */
  readonly value: unknown;
  readonly origin: Origin;
  readonly faults: readonly ConfigFault[];
}

export interface Places {
  /** By attribute: `dataDir` for `--data-dir`. */
  readonly flags: Readonly<Record<string, unknown>>;
  readonly environment: Environment;
  readonly file: ConfigFile;
  /** What the file is called where somebody is told to write into it. */
  readonly fileName: string;
}

type Found = { readonly value: unknown; readonly origin: Origin; readonly message?: string };

/** Flag, else environment, else file, else default. The file's value has been checked with the file. */
export function pickSetting(path: string, setting: Setting, places: Places): Picked {
  const given = fromFlag(setting, places) ?? fromEnvironment(setting, places);
  if (given) return checked(path, setting, given);
  const value = valueAt(places.file.values, path);
  const origin = places.file.originAt(path);
  if (value !== undefined && origin) return { path, value, origin, faults: [] };
  return fromDefault(path, setting, places);
}

function checked(path: string, { schema }: Setting, { value, origin, message }: Found): Picked {
  const faults = message === undefined ? checkValue(schema, value, path.split('.')) : [{ path, message }];
  const placed = faults.map((fault) => ({ ...fault, origin }));
  return { path, value: placed.length > 0 ? UNRESOLVED : value, origin, faults: placed };
}

function fromFlag({ flag, schema }: Setting, { flags }: Places): Found | undefined {
  const value = flag === undefined ? undefined : flags[flagAttribute(flag)];
  if (flag === undefined || value === undefined) return undefined;
  const origin = { kind: 'flag', flag } as const;
  return { value: typeof value === 'string' ? convertText(schema, value) : value, origin };
}

/** The name under which a parsed command line holds a flag: `dataDir` for `data-dir`. */
export function flagAttribute(flag: string): string {
  return flag.replaceAll(/-([a-z0-9])/g, (_whole, letter: string) => letter.toUpperCase());
}

function fromEnvironment(setting: Setting, { environment }: Places): Found | undefined {
  if (isSecret(setting.schema)) return secretFromEnvironment(setting, environment);
  const found = environment.find(setting.env);
  return found && { value: convertText(setting.schema, found.value), origin: found.origin };
}

function secretFromEnvironment({ env, emptyIsUnset }: Setting, environment: Environment): Found | undefined {
  const found = environment.findSecret(env);
  if (found.kind === 'absent') return undefined;
  if (found.kind === 'value') return found;
  const { origin } = found;
  if (found.kind === 'faulty') return { value: UNRESOLVED, origin, message: found.message };
  const message = 'is a secret and must not be empty: unset the variable when there is none';
  return emptyIsUnset ? undefined : { value: UNRESOLVED, origin, message };
}

function fromDefault(path: string, setting: Setting, { file, fileName }: Places): Picked {
  const start = viewOf(setting.schema).default;
  if (start !== undefined) {
    return { path, value: structuredClone(start), origin: { kind: 'default' }, faults: [] };
  }
  const origin = { kind: 'unset' } as const;
  if (Type.IsOptional(setting.schema) || !file.isRead) return { path, value: undefined, origin, faults: [] };
  return {
    path,
    value: UNRESOLVED,
    origin,
    faults: [{ path, message: `is missing: set ${waysOf(setting, fileName)}` }],
  };
}

function waysOf({ env, flag }: Setting, fileName: string): string {
  const ways = [`it in ${fileName}`, ...env.slice(0, 1), ...(flag === undefined ? [] : [`--${flag}`])];
  return ways.length === 1 ? (ways[0] ?? '') : `${ways.slice(0, -1).join(', ')} or ${ways.at(-1)}`;
}

/** The value below dotted keys; undefined when something on the way is no group. */
export function valueAt(values: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((value, key) => {
    return isGroup(value) && Object.hasOwn(value, key) ? value[key] : undefined;
  }, values);
}
