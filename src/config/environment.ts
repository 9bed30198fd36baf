import { parseDotEnv } from './dot-env.ts';
import type { ConfigFault, Origin } from './origin.ts';
import { fileTrouble, type ReadFile } from './read-file.ts';

export const FILE_ENV_SUFFIX = '_FILE';
const SECRET_FILE_BYTES_MAX = 64 * 1024;
const DOT_ENV_BYTES_MAX = 1024 * 1024;

/** A variable that is set and not empty, and where. */
export interface Variable {
  readonly name: string;
  readonly value: string;
  readonly origin: Origin;
}

/** What was found under a secret's names. */
export type FoundSecret =
  | { readonly kind: 'value'; readonly value: string; readonly name: string; readonly origin: Origin }
  | { readonly kind: 'absent' }
  /** Set, to nothing. */
  | { readonly kind: 'empty'; readonly origin: Origin }
  | { readonly kind: 'faulty'; readonly message: string; readonly origin: Origin };

type Layer = { readonly kind: 'env' | 'dotenv'; readonly variables: ReadonlyMap<string, string> };

/** The environment with the `.env` file below it. An empty variable counts as one that is not set. */
export interface Environment {
  /** The first of the names that is set: a name in the real environment goes before one in `.env`. */
  find(names: readonly string[]): Variable | undefined;
  /** Also a variable that is set to nothing. */
  lookup(name: string): string | undefined;
  /** Like `find`, also through `<NAME>_FILE`. */
  findSecret(names: readonly string[]): FoundSecret;
  /** Every name that is set, with its place. */
  names(): ReadonlyMap<string, Origin>;
}

export interface EnvironmentFiles {
  /** Makes a path absolute. */
  readonly resolve: (path: string) => string;
  readonly readFile: ReadFile;
}

/** Layers `.env` below the real environment. */
export function layerEnvironment(
  env: Readonly<Record<string, string | undefined>>,
  dotEnv: ReadonlyMap<string, string>,
  files: EnvironmentFiles,
): Environment {
  const real = Object.entries(env).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  const layers: readonly Layer[] = [
    { kind: 'env', variables: new Map(real) },
    { kind: 'dotenv', variables: dotEnv },
  ];
  return {
    find: (names) => firstOf(layers, (layer) => variableIn(layer, names)),
    lookup: (name) =>
      firstOf(layers, (layer) => layer.variables.get(name) || undefined) ?? emptyIn(layers, name),
    findSecret: (names) =>
      firstOf(layers, (layer) => secretIn(layer, names, files)) ??
      firstOf(layers, (layer) => emptySecretIn(layer, names)) ?? { kind: 'absent' },
    names: () => new Map(layers.toReversed().flatMap(originsIn)),
  };
}

function firstOf<Found>(
  layers: readonly Layer[],
  find: (layer: Layer) => Found | undefined,
): Found | undefined {
  for (const layer of layers) {
    const found = find(layer);
    if (found !== undefined) return found;
  }
  return undefined;
}

function variableIn({ kind, variables }: Layer, names: readonly string[]): Variable | undefined {
  const name = names.find((name) => variables.get(name));
  const value = name === undefined ? undefined : variables.get(name);
  return name === undefined || value === undefined ? undefined : { name, value, origin: { kind, name } };
}

function emptyIn(layers: readonly Layer[], name: string): string | undefined {
  return layers.some((layer) => layer.variables.has(name)) ? '' : undefined;
}

function emptySecretIn({ kind, variables }: Layer, names: readonly string[]): FoundSecret | undefined {
  const name = names.find((name) => variables.has(name));
  return name === undefined ? undefined : { kind: 'empty', origin: { kind, name } };
}

function secretIn(layer: Layer, names: readonly string[], files: EnvironmentFiles): FoundSecret | undefined {
  for (const name of names) {
    const direct = variableIn(layer, [name]);
    const file = variableIn(layer, [name + FILE_ENV_SUFFIX]);
    if (direct && file) {
      return {
        kind: 'faulty',
        message: `is set beside ${direct.name}: keep one of the two`,
        origin: file.origin,
      };
    }
    if (direct) return { kind: 'value', ...direct };
    if (file) return readSecretFile(file, files);
  }
  return undefined;
}

function readSecretFile({ name, value, origin }: Variable, files: EnvironmentFiles): FoundSecret {
  const secret = readSecret(files.resolve(value), files.readFile);
  if (secret.kind === 'faulty') return { ...secret, origin };
  return { kind: 'value', value: secret.value, name, origin };
}

/** The secret that a file holds: its text without one newline at its end. */
export function readSecret(
  path: string,
  readFile: ReadFile,
):
  { readonly kind: 'value'; readonly value: string } | { readonly kind: 'faulty'; readonly message: string } {
  const file = readFile(path, SECRET_FILE_BYTES_MAX);
  if (file.kind !== 'text') {
    return { kind: 'faulty', message: `names a file that ${fileTrouble(file, SECRET_FILE_BYTES_MAX)}` };
  }
  const value = file.text.replace(/\r?\n$/, '');
  return value === '' ? { kind: 'faulty', message: 'names a file that is empty' } : { kind: 'value', value };
}

function originsIn({ kind, variables }: Layer): readonly (readonly [string, Origin])[] {
  return [...variables.keys()].map((name) => [name, { kind, name }]);
}

/** Reads the `.env` file at a path; without one there are no variables. */
export function readDotEnv(
  path: string,
  readFile: ReadFile,
): {
  readonly variables: ReadonlyMap<string, string>;
  readonly faults: readonly ConfigFault[];
  readonly warnings: readonly ConfigFault[];
} {
  const file = readFile(path, DOT_ENV_BYTES_MAX);
  // Some keep a directory of that name; it is none of ours.
  const isNone = file.kind === 'absent' || file.kind === 'is_directory';
  if (file.kind !== 'text') {
    const faults = isNone ? [] : [{ path: '', message: `.env ${fileTrouble(file, DOT_ENV_BYTES_MAX)}` }];
    return { variables: new Map(), faults, warnings: [] };
  }
  const { variables, skipped } = parseDotEnv(file.text);
  const warnings = skipped.map((line) => ({
    path: '',
    message: 'is no NAME=value and was left out',
    origin: { kind: 'dotenv', name: '', line } as const,
  }));
  return { variables, faults: [], warnings };
}
