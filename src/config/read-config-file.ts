import { dirname, resolve } from 'node:path';
import type { TSchema } from 'typebox';
import type { Fault } from '../kernel/fault.ts';
import { checkValue } from './check-value.ts';
import type { Environment } from './environment.ts';
import { fillDefaults } from './fill-defaults.ts';
import type { ConfigFault, Origin } from './origin.ts';
import { ancestorsOf } from './path.ts';
import { fileTrouble, type ReadFile } from './read-file.ts';
import { readYaml, type ReadYaml } from './read-yaml.ts';
import { resolveValue, type Resolving } from './resolve-file.ts';
import { isGroup, type Group } from './schema-view.ts';

const CONFIG_BYTES_MAX = 1024 * 1024;

/** The file's path as given, and where it was given; a path nobody gave may lead to no file. */
export interface ConfigPath {
  readonly path: string;
  readonly origin: Origin | undefined;
}

/** What the file says, resolved and checked. */
export interface ConfigFile {
  /** With the defaults of the groups that it holds; faulty values are `UNRESOLVED` or as they came. */
  readonly values: Group;
  readonly faults: readonly ConfigFault[];
  /** False when the file is there and its values are not known: nothing can be said to be missing. */
  readonly isRead: boolean;
  /** Where the value at exactly this path stands; undefined when the file does not hold it. */
  readonly originAt: (path: string) => Origin | undefined;
  /** Where the value stands, or else what would hold it. */
  readonly originNear: (path: string) => Origin;
  readonly secrets: ReadonlySet<string>;
  readonly templates: ReadonlyMap<string, string>;
  readonly referenced: ReadonlySet<string>;
}

export interface ConfigFileContext {
  readonly cwd: string;
  readonly environment: Environment;
  readonly readFile: ReadFile;
}

/** Reads the config file and holds it against the schema of the file. */
export function readConfigFile(file: ConfigPath, schema: TSchema, context: ConfigFileContext): ConfigFile {
  const absolute = resolve(context.cwd, file.path);
  const text = context.readFile(absolute, CONFIG_BYTES_MAX);
  const unlocated = locate(file.path, new Map(), newResolving(absolute, context));
  if (text.kind === 'absent' && file.origin === undefined) {
    return { ...unlocated, values: {}, faults: [], isRead: true };
  }
  if (text.kind !== 'text') {
    const trouble = fileTrouble(text, CONFIG_BYTES_MAX);
    const message = file.origin ? `names a file that ${trouble}` : trouble;
    const fault = { path: '', message, origin: file.origin ?? unlocated.originNear('') };
    return { ...unlocated, values: {}, faults: [fault], isRead: false };
  }
  return resolveFile(file.path, readYaml(text.text), schema, newResolving(absolute, context));
}

function newResolving(absolute: string, { environment, readFile }: ConfigFileContext): Resolving {
  return {
    environment,
    readFile,
    resolvePath: (path) => resolve(dirname(absolute), path),
    faults: [],
    secrets: new Set(),
    templates: new Map(),
    referenced: new Set(),
    fileKeys: new Map(),
  };
}

function resolveFile(name: string, yaml: ReadYaml, schema: TSchema, into: Resolving): ConfigFile {
  const located = locate(name, yaml.lines, into);
  if (yaml.faults.length > 0) {
    const faults = yaml.faults.map(({ path, message, line }) => ({
      path,
      message,
      origin: { kind: 'file', file: name, line } as const,
    }));
    return { ...located, values: {}, faults, isRead: false };
  }
  // An empty file, or one that holds nothing but comments.
  const given = yaml.value ?? {};
  if (!isGroup(given)) {
    const fault = {
      path: '',
      message: 'must hold settings as "name: value"',
      origin: located.originNear(''),
    };
    return { ...located, values: {}, faults: [fault], isRead: false };
  }
  // A required key with a default is not missing.
  const values = fillDefaults(schema, resolveValue(schema, given, [], into));
  const faults = [...into.faults, ...checkValue(schema, values)].map((fault) =>
    placed(fault, located.originNear),
  );
  return { ...located, values: isGroup(values) ? values : {}, faults, isRead: true };
}

function placed(fault: Fault, originNear: (path: string) => Origin): ConfigFault {
  return { ...fault, origin: originNear(fault.path) };
}

type Located = Omit<ConfigFile, 'values' | 'faults' | 'isRead'>;

function locate(file: string, lines: ReadonlyMap<string, number>, resolving: Resolving): Located {
  const lineAt = (path: string) => lines.get(path) ?? lines.get(resolving.fileKeys.get(path) ?? path);
  const originAt = (path: string): Origin | undefined => {
    const line = lineAt(path);
    return line === undefined ? undefined : { kind: 'file', file, line };
  };
  const originNear = (path: string): Origin => {
    const line = ancestorsOf(path)
      .filter((ancestor) => ancestor !== '')
      .map(lineAt)
      .find((line) => line !== undefined);
    return { kind: 'file', file, line };
  };
  const { secrets, templates, referenced } = resolving;
  return { originAt, originNear, secrets, templates, referenced };
}
