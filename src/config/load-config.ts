import { resolve } from 'node:path';
import {
  configVariable,
  type AnyDefinition,
  type ConfigOf,
  type Definition,
  type Lists,
  type Settings,
} from './definition.ts';
import { environmentWarnings } from './environment-warnings.ts';
import { layerEnvironment, readDotEnv, type Environment } from './environment.ts';
import { fillDefaults } from './fill-defaults.ts';
import { leavesOf } from './leaves.ts';
import type { ConfigFault, Origin } from './origin.ts';
import { checkPickedList, idsIn, pickList, type PickedList } from './pick-list.ts';
import { pickSetting, valueAt, type Picked } from './pick-setting.ts';
import { ancestorsOf, isAtOrBelow } from './path.ts';
import { readConfigFile, type ConfigFile, type ConfigPath } from './read-config-file.ts';
import { readTextFile, type ReadFile } from './read-file.ts';
import { isGroup, isSecret } from './schema-view.ts';

export interface LoadInput<S extends Settings, L extends Lists> {
  readonly definition: Definition<S, L>;
  /** `process.env`. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where the default file and `.env` are looked for, and where relative paths of the environment start. */
  readonly cwd: string;
  /** The parsed command line by attribute (`dataDir`); `config` is the file's path. Others are passed over. */
  readonly flags: Readonly<Record<string, unknown>>;
  readonly readFile?: ReadFile;
}

export interface LoadedConfig<Config> {
  readonly kind: 'ok';
  readonly config: Config;
  readonly warnings: readonly ConfigFault[];
  /** Where every value was set, by its path; unset settings too. */
  readonly origins: ReadonlyMap<string, Origin>;
  /** Paths of the secrets in the config. */
  readonly secrets: ReadonlySet<string>;
  /** By path, the text as the file has it, where `${NAME}` in it was replaced. */
  readonly templates: ReadonlyMap<string, string>;
}

export interface FaultyConfig {
  readonly kind: 'faulty';
  /** All of them, the file's first, in the order of its lines. */
  readonly faults: readonly ConfigFault[];
  readonly warnings: readonly ConfigFault[];
}

/**
 * Loads the config: defaults, then the file, then the environment (`.env` below the real one), then flags.
 * All faults are told at once; no text of a fault or a warning holds a value of the config.
 */
export function loadConfig<S extends Settings, L extends Lists>(
  input: LoadInput<S, L>,
): LoadedConfig<ConfigOf<S, L>> | FaultyConfig {
  const { definition, flags } = input;
  const { environment, file, ...read } = readPlaces(input);
  const fileName = `${definition.name}.yaml`;
  const places = { flags, environment, file, fileName };
  const settings = Object.entries(definition.settings).map(([path, one]) => pickSetting(path, one, places));
  const lists = Object.entries(definition.lists).map(
    ([name, list]) => [name, pickList(name, list, file)] as const,
  );
  const warnings = [...read.warnings, ...environmentWarnings(definition, environment, file.referenced)];
  const faults = [
    ...file.faults,
    ...lists.flatMap(([, list]) => list.faults),
    ...listChecks(definition, lists, file),
    ...read.faults,
    ...settings.flatMap((picked) => picked.faults),
  ];
  if (faults.length > 0) {
    const further = checkSoundParts(definition, settings, lists, faults);
    return { kind: 'faulty', faults: inFileOrder([...faults, ...further]), warnings };
  }
  const config = assemble(definition, settings, lists);
  if (!definition.holds(config))
    throw new TypeError('the config passed every check and does not fit its schema');
  const origins = originsOf(config, settings, lists, file);
  const between = definition
    .check(config, (name) => idsIn(new Map(lists).get(name)))
    .map((fault) => ({ ...fault, ...originBeside(origins, fault.path) }));
  if (between.length > 0) return { kind: 'faulty', faults: between, warnings };
  const secrets = new Set([...file.secrets, ...secretSettings(definition)]);
  return { kind: 'ok', config, warnings, origins, secrets, templates: file.templates };
}

/**
 * What is wrong between settings, asked also when something else is faulty: what is faulty itself stands at its
 * default, a faulty list is empty, and nothing is said of either a second time.
 */
function checkSoundParts<S extends Settings, L extends Lists>(
  definition: Definition<S, L>,
  settings: readonly Picked[],
  lists: readonly NamedList[],
  faults: readonly ConfigFault[],
): readonly ConfigFault[] {
  const isFaulty = (path: string) =>
    faults.some((fault) => isAtOrBelow(fault.path, path) || isAtOrBelow(path, fault.path));
  const sound = assemble(
    definition,
    settings.map((picked) => (isFaulty(picked.path) ? { ...picked, value: undefined } : picked)),
    lists.map(([name, list]) => [name, isFaulty(name) ? { ...list, members: [] } : list]),
  );
  if (!definition.holds(sound)) return [];
  const further = definition.check(sound, (name) => idsIn(new Map(lists).get(name)));
  return further.filter(({ path }) => !isFaulty(path));
}

/** By the file's lines; what was set elsewhere comes after, in its own order. */
function inFileOrder(faults: readonly ConfigFault[]): readonly ConfigFault[] {
  const lineOf = ({ origin }: ConfigFault) => (origin?.kind === 'file' ? (origin.line ?? 0) : Infinity);
  return faults.toSorted((a, b) => (lineOf(a) === lineOf(b) ? 0 : lineOf(a) - lineOf(b)));
}

function listChecks(
  definition: AnyDefinition,
  lists: readonly NamedList[],
  file: ConfigFile,
): readonly ConfigFault[] {
  const byName = new Map(lists);
  const idsOf = (name: string) => idsIn(byName.get(name));
  return lists.flatMap(([name, picked]) => {
    const list = definition.lists[name];
    return list ? checkPickedList(name, list, picked, file, idsOf) : [];
  });
}

interface ReadPlaces {
  readonly environment: Environment;
  readonly file: ConfigFile;
  readonly faults: readonly ConfigFault[];
  readonly warnings: readonly ConfigFault[];
}

function readPlaces<S extends Settings, L extends Lists>(input: LoadInput<S, L>): ReadPlaces {
  const { definition, env, cwd, flags, readFile = readTextFile } = input;
  const { variables, faults, warnings } = readDotEnv(resolve(cwd, '.env'), readFile);
  const files = { resolve: (path: string) => resolve(cwd, path), readFile };
  const environment = layerEnvironment(env, variables, files);
  const path = configPath(definition, environment, flags['config']);
  const file = readConfigFile(path, definition.fileSchema, { cwd, environment, readFile });
  return { environment, file, faults, warnings };
}

function configPath(definition: AnyDefinition, environment: Environment, flag: unknown): ConfigPath {
  if (typeof flag === 'string') return { path: flag, origin: { kind: 'flag', flag: 'config' } };
  const variable = environment.find([configVariable(definition.name)]);
  if (variable) return { path: variable.value, origin: variable.origin };
  return { path: `${definition.name}.yaml`, origin: undefined };
}

type NamedList = readonly [string, PickedList];

function assemble(
  definition: AnyDefinition,
  settings: readonly Picked[],
  lists: readonly NamedList[],
): unknown {
  const config: Record<string, unknown> = {};
  for (const { path, value } of settings) {
    const schema = definition.settings[path]?.schema;
    if (schema) put(config, path.split('.'), fillDefaults(schema, value));
  }
  for (const [name, { members }] of lists) config[name] = members;
  return config;
}

/** Makes the groups on the way also for a setting that is unset: a section is always there. */
function put(into: Record<string, unknown>, [key = '', ...rest]: readonly string[], value: unknown): void {
  if (rest.length > 0) {
    const below = into[key];
    const section: Record<string, unknown> = isGroup(below) ? below : {};
    into[key] = section;
    put(section, rest, value);
  } else if (value !== undefined) into[key] = value;
}

function originsOf(
  config: unknown,
  settings: readonly Picked[],
  lists: readonly NamedList[],
  file: ConfigFile,
): ReadonlyMap<string, Origin> {
  const origins = new Map<string, Origin>();
  for (const { path, origin } of settings) {
    const leaves = leavesOf(valueAt(config, path), path);
    if (origin.kind === 'unset') origins.set(path, origin);
    for (const leaf of leaves) {
      const inFile = origin.kind === 'file' ? file.originAt(leaf.path) : origin;
      if (leaf.value !== undefined) origins.set(leaf.path, inFile ?? { kind: 'default' });
    }
  }
  for (const [name, { members }] of lists) {
    for (const { path } of leavesOf(members, name))
      origins.set(path, file.originAt(path) ?? { kind: 'default' });
  }
  return origins;
}

function originBeside(origins: ReadonlyMap<string, Origin>, path: string): { readonly origin?: Origin } {
  const found = ancestorsOf(path)
    .map((ancestor) => origins.get(ancestor))
    .find((origin) => origin !== undefined);
  return found && found.kind !== 'default' && found.kind !== 'unset' ? { origin: found } : {};
}

function secretSettings(definition: AnyDefinition): readonly string[] {
  return Object.entries(definition.settings).flatMap(([path, { schema }]) =>
    isSecret(schema) ? [path] : [],
  );
}
