export interface DotEnv {
  readonly variables: ReadonlyMap<string, string>;
  /** Lines, from 1, that are no `NAME=value` and were left out. */
  readonly skipped: readonly number[];
}

const ASSIGNMENT = /^(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_]*)[ \t]*=[ \t]*(.*)$/;
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

/**
 * Parses a `.env` file: one `NAME=value` a line, `export` before it allowed, `#` comments. Single quotes take
 * everything as it is; double quotes know `\n`, `\r`, `\t`, `\"`, `\\`; without quotes the value ends at ` #`.
 * No variables are expanded and a value does not span lines. Of a name given twice the last one holds.
 */
export function parseDotEnv(text: string): DotEnv {
  const variables = new Map<string, string>();
  const skipped: number[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const trimmed = line.trim();
    if (trimmed === '' || trimmed.startsWith('#')) continue;
    const [, name, raw] = ASSIGNMENT.exec(trimmed) ?? [];
    const value = raw === undefined ? undefined : valueOf(raw);
    if (name === undefined || value === undefined) skipped.push(index + 1);
    else variables.set(name, value);
  }
  return { variables, skipped };
}

/** Undefined for a quote that is not closed, or followed by anything but a comment. */
function valueOf(raw: string): string | undefined {
  if (raw.startsWith("'")) return /^'([^']*)'[ \t]*(?:#.*)?$/.exec(raw)?.[1];
  if (raw.startsWith('"')) {
    const inner = /^"((?:[^"\\]|\\.)*)"[ \t]*(?:#.*)?$/.exec(raw)?.[1];
    return inner?.replaceAll(/\\(.)/g, (_whole, char: string) => ESCAPES[char] ?? char);
  }
  if (raw.startsWith('#')) return '';
  return raw.split(/[ \t]#/, 1)[0]?.trimEnd();
}
