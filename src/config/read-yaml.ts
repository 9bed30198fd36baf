import {
  Composer,
  type CST,
  LineCounter,
  Parser,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Document,
  type Node,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { formatPath, type Path } from './path.ts';

const DEPTH_MAX = 64;
const VALUES_MAX = 50_000;

export interface YamlFault {
  readonly path: string;
  readonly message: string;
  /** From 1. */
  readonly line: number;
}

/** A YAML document as plain values, with the line of each of them by its path. */
export interface ReadYaml {
  /** Undefined when there are faults, or the text holds no document. */
  readonly value: unknown;
  readonly lines: ReadonlyMap<string, number>;
  readonly faults: readonly YamlFault[];
}

interface Reading {
  readonly lines: Map<string, number>;
  readonly faults: YamlFault[];
  readonly anchors: Map<string, { readonly value: unknown; readonly size: number }>;
  readonly lineAt: (offset: number) => number;
  size: number;
}

/**
 * Reads one YAML 1.2 document of the core schema. Other tags, keys that are no text, keys given twice, a
 * second document, more than 64 levels and, with aliases counted out in full, more than 50,000 values are
 * faults. The fault texts name keys and never values.
 */
export function readYaml(text: string): ReadYaml {
  const counter = new LineCounter();
  const lineAt = (offset: number) => counter.linePos(offset).line;
  const reading: Reading = { lines: new Map(), faults: [], anchors: new Map(), lineAt, size: 0 };
  const tokens = [...new Parser(counter.addNewLine).parse(text)];
  const value = documentValue(tokens, reading);
  const { lines, faults } = reading;
  return faults.length > 0 ? { value: undefined, lines, faults } : { value, lines, faults };
}

function documentValue(tokens: readonly CST.Token[], reading: Reading): unknown {
  const documents = tokens.filter((token) => token.type === 'document');
  const second = documents[1];
  if (second) return refuse(reading, second.offset, [], 'a second document (---) begins: keep one');
  const deep = documents[0] && tooDeep(documents[0]);
  // Composing descends by recursion: the depth is bounded before, not caught after.
  if (deep !== undefined) return refuse(reading, deep, [], `is nested deeper than ${DEPTH_MAX} levels`);
  const [document] = compose(tokens);
  if (!document) return undefined;
  for (const { pos, code } of [...document.errors, ...document.warnings]) {
    refuse(reading, pos[0], [], SYNTAX[code] ?? 'is not valid YAML');
  }
  return reading.faults.length > 0 ? undefined : valueOf(document.contents, [], reading);
}

function compose(tokens: readonly CST.Token[]): readonly Document.Parsed[] {
  // uniqueKeys compares every key with every other one: done here in one pass.
  const options = { schema: 'core', uniqueKeys: false, resolveKnownTags: false, stringKeys: true } as const;
  return [...new Composer({ ...options, prettyErrors: false, logLevel: 'silent' }).compose(tokens)];
}

/** The parser's own texts quote the source, which may be a secret: ours say as much without. */
const SYNTAX: Readonly<Record<string, string>> = {
  ALIAS_PROPS: 'an alias (*name) has an anchor or a tag',
  BAD_ALIAS: 'an anchor or alias has no valid name',
  BAD_DQ_ESCAPE: 'a text in double quotes holds an unknown \\ escape; single quotes take it as it is',
  BAD_INDENT: 'the indentation is wrong, or a bracket is not closed',
  BAD_SCALAR_START: 'a text begins with a character that YAML reserves: put it in quotes',
  BLOCK_AS_IMPLICIT_KEY: 'a second ": " stands in the line: put the text in quotes',
  KEY_OVER_1024_CHARS: 'a key is longer than 1024 characters',
  MISSING_CHAR: 'a character is missing: a closing quote or bracket, a comma, a space or a colon',
  MULTILINE_IMPLICIT_KEY: 'a key spans lines: is a ":" missing, or the indentation wrong?',
  NON_STRING_KEY: 'a key is not text: put it in quotes',
  TAB_AS_INDENT: 'a tab is used for indentation: use spaces',
  TAG_RESOLVE_FAILED: 'a tag (!name) is used: only plain YAML is taken',
  UNEXPECTED_TOKEN: 'something stands where YAML expects nothing: is the indentation right?',
};

/** Where the document goes deeper than allowed, found without recursion. */
function tooDeep(document: CST.Document): number | undefined {
  const open: { token: CST.Token | null | undefined; depth: number }[] = [
    { token: document.value, depth: 1 },
  ];
  for (let next = open.pop(); next; next = open.pop()) {
    const { token, depth } = next;
    if (!token || !('items' in token)) continue;
    if (depth > DEPTH_MAX) return token.offset;
    for (const { key, value } of token.items) {
      open.push({ token: key, depth: depth + 1 }, { token: value, depth: depth + 1 });
    }
  }
  return undefined;
}

function refuse(reading: Reading, offset: number, path: Path, message: string): undefined {
  reading.faults.push({ path: formatPath(path), message, line: reading.lineAt(offset) });
}

function valueOf(node: Node | null, path: Path, reading: Reading): unknown {
  const offset = node?.range?.[0] ?? 0;
  if (node && !reading.lines.has(formatPath(path)))
    reading.lines.set(formatPath(path), reading.lineAt(offset));
  if (isAlias(node)) return aliasValue(node.source, offset, path, reading);
  const sizeBefore = reading.size;
  if (!grow(reading, 1, offset)) return undefined;
  const value = ownValue(node, path, reading);
  const anchor = node && 'anchor' in node ? node.anchor : undefined;
  // Known only from here on: an alias within its own anchor is refused like any unknown one.
  if (anchor !== undefined) reading.anchors.set(anchor, { value, size: reading.size - sizeBefore });
  return value;
}

function ownValue(node: Node | null, path: Path, reading: Reading): unknown {
  if (isMap(node)) return mapValue(node, path, reading);
  if (isSeq(node)) return listValue(node, path, reading);
  return isScalar(node) ? node.value : null;
}

/** Counts values; false, with one fault, when there are too many of them. */
function grow(reading: Reading, count: number, offset: number): boolean {
  const before = reading.size;
  reading.size += count;
  if (reading.size <= VALUES_MAX) return true;
  if (before <= VALUES_MAX)
    refuse(reading, offset, [], `holds more than ${VALUES_MAX} values, aliases counted out`);
  return false;
}

function aliasValue(source: string, offset: number, path: Path, reading: Reading): unknown {
  const anchor = reading.anchors.get(source);
  if (!anchor)
    return refuse(reading, offset, path, 'is an alias (*name) without an anchor (&name) before it');
  if (!grow(reading, anchor.size, offset)) return undefined;
  recordLines(anchor.value, path, reading.lineAt(offset), reading);
  return anchor.value;
}

function recordLines(value: unknown, path: Path, line: number, reading: Reading): void {
  reading.lines.set(formatPath(path), line);
  if (typeof value !== 'object' || value === null) return;
  const entries = Array.isArray(value) ? value.entries() : Object.entries(value);
  for (const [step, child] of entries) recordLines(child, [...path, step], line, reading);
}

function listValue(list: YAMLSeq<unknown>, path: Path, reading: Reading): readonly unknown[] {
  return list.items.map((item, index) => valueOf(nodeOf(item), [...path, index], reading));
}

function mapValue(map: YAMLMap<unknown, unknown>, path: Path, reading: Reading): unknown {
  const entries = new Map<string, unknown>();
  for (const { key, value } of map.items) {
    const name = isScalar(key) && typeof key.value === 'string' ? key.value : undefined;
    const offset = isScalar(key) ? offsetOf(key) : 0;
    if (name === undefined) return refuse(reading, offset, path, 'holds a key that is not text');
    const below = [...path, name];
    if (entries.has(name)) refuse(reading, offset, below, 'is given twice');
    else if (name === '__proto__') refuse(reading, offset, below, 'is not a setting');
    else {
      reading.lines.set(formatPath(below), reading.lineAt(offset));
      entries.set(name, valueOf(nodeOf(value), below, reading));
    }
  }
  return Object.fromEntries(entries);
}

function offsetOf(key: Scalar): number {
  return key.range?.[0] ?? 0;
}

function nodeOf(value: unknown): Node | null {
  return isMap(value) || isSeq(value) || isScalar(value) || isAlias(value) ? value : null;
}
