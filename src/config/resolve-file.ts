import type { TSchema } from 'typebox';
import { UNRESOLVED } from './check-value.ts';
import { convertText } from './convert-text.ts';
import { readSecret, type Environment } from './environment.ts';
import { interpolate, soleReference } from './interpolate.ts';
import { formatPath, type Path } from './path.ts';
import type { ReadFile } from './read-file.ts';
import {
  alternativeFor,
  alternativesOf,
  FILE_SUFFIX,
  isGroup,
  isSecret,
  itemsOf,
  propertyOf,
  secretOfFileKey,
  viewOf,
  type Group,
  type SchemaView,
} from './schema-view.ts';
import type { Fault } from '../kernel/fault.ts';

/** What turns the file's values into the config's, and what it collects on the way. */
export interface Resolving {
  readonly environment: Environment;
  readonly readFile: ReadFile;
  /** Makes the path of a secret's file absolute: relative ones start at the config file. */
  readonly resolvePath: (path: string) => string;
  readonly faults: Fault[];
  /** Paths of the secrets found. */
  readonly secrets: Set<string>;
  /** By path, the text as written where `${NAME}` was replaced. */
  readonly templates: Map<string, string>;
  /** Every variable that the file names. */
  readonly referenced: Set<string>;
  /** By the path of a secret, the path of the key that named its file. */
  readonly fileKeys: Map<string, string>;
}

/**
 * Replaces `${NAME}` and reads secrets' files throughout a value of the file. What cannot be resolved becomes
 * `UNRESOLVED`, with its fault. Values that the schema does not know are left as they are, for the check.
 */
export function resolveValue(schema: TSchema, value: unknown, path: Path, into: Resolving): unknown {
  const meant = alternativeFor(schema, value);
  if (Array.isArray(value)) return resolveList(meant ?? {}, value, path, into);
  if (isGroup(value)) return meant ? resolveGroup(meant, value, path, into) : value;
  if (isSecret(schema)) return resolveSecret(value, path, undefined, into);
  return typeof value === 'string' ? resolveText(schema, value, path, into) : value;
}

function resolveList(schema: TSchema, value: readonly unknown[], path: Path, into: Resolving): unknown {
  const items = itemsOf(viewOf(schema)) ?? {};
  return value.map((entry, index) => resolveValue(items, entry, [...path, index], into));
}

function resolveGroup(schema: TSchema, value: Group, path: Path, into: Resolving): unknown {
  const view = viewOf(schema);
  const isOpaque = view.type === undefined;
  const resolved = new Map<string, unknown>();
  for (const [key, child] of Object.entries(value)) {
    const secret = secretOfFileKey(view, key);
    const property = isOpaque ? {} : propertyOf(view, key);
    if (secret !== undefined) resolved.set(secret, resolveFileKey(value, secret, path, into));
    else if (property === undefined) resolved.set(key, child);
    else if (resolved.get(key) !== UNRESOLVED && !isEmptyGroup(property, child)) {
      resolved.set(key, resolveProperty(view, key, child, path, into));
    }
  }
  return Object.fromEntries(resolved);
}

function resolveProperty(
  view: SchemaView,
  key: string,
  value: unknown,
  base: Path,
  into: Resolving,
): unknown {
  const property = propertyOf(view, key) ?? {};
  const path = [...base, key];
  const isNamed = view.properties !== undefined && Object.hasOwn(view.properties, key);
  if (!isNamed || !isSecret(property) || isGroup(value) || Array.isArray(value)) {
    return resolveValue(property, value, path, into);
  }
  return resolveSecret(value, path, key + FILE_SUFFIX, into);
}

/** `http:` with nothing (or only comments) below it is as good as not written. */
function isEmptyGroup(schema: TSchema, value: unknown): boolean {
  if (value !== null) return false;
  return alternativesOf(schema).every((one) => ['object', 'array'].includes(viewOf(one).type ?? ''));
}

function refuse(path: Path, message: string, into: Resolving): typeof UNRESOLVED {
  into.faults.push({ path: formatPath(path), message });
  return UNRESOLVED;
}

function resolveText(schema: TSchema, text: string, path: Path, into: Resolving): unknown {
  const result = interpolate(text, into.environment.lookup);
  if (result.kind === 'malformed') {
    return refuse(
      path,
      'holds "${" that is no ${NAME} or ${NAME:-default}; write "$${" for the characters',
      into,
    );
  }
  if (result.kind === 'missing') return refuse(path, notSet(result.names), into);
  for (const name of result.names) into.referenced.add(name);
  if (result.names.length === 0) return result.text;
  into.templates.set(formatPath(path), text);
  return convertText(schema, result.text);
}

function notSet(names: readonly string[]): string {
  const isOne = names.length === 1;
  return `names the environment variable${isOne ? '' : 's'} ${names.join(', ')}, which ${isOne ? 'is' : 'are'} not set`;
}

function resolveSecret(value: unknown, path: Path, fileKey: string | undefined, into: Resolving): unknown {
  into.secrets.add(formatPath(path));
  const name = typeof value === 'string' ? soleReference(value) : undefined;
  if (name === undefined) return refuse(path, literalSecret(fileKey), into);
  into.referenced.add(name);
  const found = into.environment.findSecret([name]);
  if (found.kind === 'absent') return refuse(path, notSet([name]), into);
  if (found.kind === 'empty')
    return refuse(path, `is a secret, and the environment variable ${name} is empty`, into);
  if (found.kind === 'faulty') return refuse(path, `names ${name}, and ${name}_FILE ${found.message}`, into);
  return found.value;
}

/** In a list or a group of free names a secret has no file form: its key could be anything. */
function literalSecret(fileKey: string | undefined): string {
  const file = fileKey === undefined ? '' : `, or give ${fileKey} with the path of a file that holds it`;
  return `is a secret and must not stand in the file: write \${NAME} to take it from the environment${file}`;
}

function resolveFileKey(group: Group, secret: string, base: Path, into: Resolving): unknown {
  const path = [...base, secret + FILE_SUFFIX];
  const value = group[secret + FILE_SUFFIX];
  into.secrets.add(formatPath([...base, secret]));
  into.fileKeys.set(formatPath([...base, secret]), formatPath(path));
  if (Object.hasOwn(group, secret))
    return refuse(path, `is given beside ${secret}: keep one of the two`, into);
  if (typeof value !== 'string' || value === '') return refuse(path, 'must be the path of a file', into);
  const file = resolveText({ type: 'string' }, value, path, into);
  if (typeof file !== 'string') return UNRESOLVED;
  const read = readSecret(into.resolvePath(file), into.readFile);
  return read.kind === 'value' ? read.value : refuse(path, read.message, into);
}
