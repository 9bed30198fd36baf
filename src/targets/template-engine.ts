import { performance } from 'node:perf_hooks';
import { Context, Liquid, LiquidError, type Template, toValueSync, type Variables } from 'liquidjs';
import { didYouMean } from '../kernel/did-you-mean.ts';
import { oneLine } from '../kernel/one-line.ts';

/** How a value is written into the text: `json` escapes it for the inside of a JSON string. */
export type TemplateFormat = 'json' | 'text';
/** What a template can name: nested plain data, of which only own properties are read. */
export type TemplateData = Readonly<Record<string, unknown>>;

export type Rendering =
  | {
      readonly ok: true;
      readonly text: string;
      /** The text with `x` for every value and `["x"]` for every one written by `json`: what is in it is the template's alone. */
      readonly masked: string;
    }
  | { readonly ok: false; readonly message: string };

export interface CompiledTemplate {
  /** What it names beyond its own variables, by the first name. */
  readonly globals: Variables;
  /** Never throws. Ends within a few ms, or tells that it would not: the same way on every machine. */
  render(data: TemplateData): Rendering;
}
export type Compilation =
  | { readonly ok: true; readonly template: CompiledTemplate }
  | { readonly ok: false; readonly message: string };

/** Logic, but nothing that loads a file, makes HTML or writes past the escaping. */
const TAGS: ReadonlySet<string> = new Set(
  'if unless case for break continue assign comment raw #'.split(' '),
);
/** Each charges what it makes to the memory limit. `raw` would write past the escaping, `json` is ours. */
const TEXT_FILTERS =
  'append prepend upcase downcase capitalize strip lstrip rstrip squish strip_newlines normalize_whitespace ' +
  'remove remove_first remove_last replace replace_first replace_last truncate truncatewords slice split ' +
  'default date size first last abs at_least at_most ceil floor round plus minus times divided_by modulo';
/** What they do for each member costs as much as many characters. */
const LIST_FILTERS = 'join reverse sort sort_natural uniq compact concat map where';
const LIST_WEIGHT = 20;
const FILTERS: ReadonlySet<string> = new Set(`${TEXT_FILTERS} ${LIST_FILTERS}`.split(' '));

const TEXT_VALUE_MAX = 10_000;
const PARSE_MAX = 20_000;
const OUTPUT_MAX = 524_288;
/** Characters and members made on the way, in all. */
const MEMORY_MAX = 150_000;
/** Writing JSON and dates, in the same coin: a fraction of a character, some thousands of them. */
const JSON_WEIGHT = 0.25;
const DATE_WEIGHT = 3_000;
/** Parts rendered, and characters of the template looked at to render them. All of it takes a few ms. */
const STEPS_MAX = 4_000;
const READ_MAX = 120_000;
/** Far more than that takes. What is cut off here by chance was held up by something else. */
const MS_MAX = 100;
const OUTPUT = 'output';

class LimitExceeded extends Error {}

/** What `| json` makes of a value: JSON of its own, unless a filter after it makes a text of it. */
class JsonText {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
  toString(): string {
    return this.text;
  }
}

/** Gathers what a template writes, twice: as it is, and with its values masked. */
class Output {
  buffer = '';
  masked = '';

  /** The template's own words; the renderer calls it. */
  write(literal: unknown): void {
    // Values come by `add`, and leave an empty text behind.
    if (literal !== '') this.add(String(literal), String(literal));
  }

  add(text: string, masked: string): void {
    this.buffer += text;
    this.masked += masked;
    if (this.buffer.length > OUTPUT_MAX) throw new LimitExceeded();
  }
}

/** How values are written in a format. */
interface Writing {
  readonly text: (text: string) => string;
  readonly json: (json: string) => string;
}

const toLine = (text: string): string => oneLine(text, TEXT_VALUE_MAX);
const engines: Readonly<Record<TemplateFormat, Liquid>> = {
  json: createEngine({ text: (text) => JSON.stringify(text).slice(1, -1), json: (json) => json }),
  // Where nothing is escaped a line break could forge a line of the receiver's.
  text: createEngine({ text: toLine, json: toLine }),
};

/** Reads a template in the Liquid language. A fault tells where it is and repeats nothing of the text. */
export function compileTemplate(text: string, format: TemplateFormat): Compilation {
  const engine = engines[format];
  try {
    const parts = engine.parse(text);
    const { globals } = engine.analyzeSync(parts);
    const stepsMax = stepsOf(text);
    return { ok: true, template: { globals, render: (data) => render(engine, parts, data, stepsMax) } };
  } catch (error) {
    // The parser throws for whatever it cannot read, and nothing else does here: told as a fault of the config.
    return { ok: false, message: parseFault(error) };
  }
}

function createEngine(writing: Writing): Liquid {
  const engine = new Liquid({
    ownPropertyOnly: true,
    strictFilters: true,
    strictVariables: false,
    // Instead of the file system, though no tag is left that would look for a file.
    templates: {},
    parseLimit: PARSE_MAX,
    memoryLimit: MEMORY_MAX,
    timezoneOffset: 0,
    locale: 'en-US',
    dateFormat: '%Y-%m-%d %H:%M:%S UTC',
    outputEscape(this: { readonly context: Context }, value: unknown): string {
      const text = textOf(value);
      if (typeof value !== 'string') this.context.memoryLimit.use(text.length * JSON_WEIGHT);
      const [written, mask] =
        value instanceof JsonText ? [writing.json(text), '["x"]'] : [writing.text(text), 'x'];
      outputOf(this.context).add(written, mask);
      return '';
    },
  });
  keepOnly(engine.tags, TAGS);
  keepOnly(engine.filters, FILTERS);
  for (const name of LIST_FILTERS.split(' ')) weigh(engine, name, lengthsOf);
  weigh(engine, 'date', () => DATE_WEIGHT);
  engine.registerFilter('json', function (value: unknown) {
    const json = value instanceof JsonText ? value : new JsonText(JSON.stringify(value) ?? 'null');
    this.context.memoryLimit.use(json.text.length * JSON_WEIGHT);
    return json;
  });
  return engine;
}

function keepOnly(table: Record<string, unknown>, names: ReadonlySet<string>): void {
  for (const name of Object.keys(table)) if (!names.has(name)) Reflect.deleteProperty(table, name);
}

/** Has a filter charge for its work before it does it. */
function weigh(engine: Liquid, name: string, costOf: (values: readonly unknown[]) => number): void {
  const filter = engine.filters[name];
  if (typeof filter !== 'function') throw new TypeError(`no filter ${name}`);
  engine.registerFilter(name, function (...values) {
    this.context.memoryLimit.use(costOf(values));
    return filter.apply(this, values);
  });
}

function lengthsOf(values: readonly unknown[]): number {
  return (
    values.reduce<number>((sum, value) => sum + (Array.isArray(value) ? value.length : 0), 0) * LIST_WEIGHT
  );
}

/** How many parts may be rendered: fewer of a template that has much to be read for each. */
function stepsOf(text: string): number {
  const lengths = [...text.matchAll(/\{\{[^]*?\}\}|\{%[^]*?%\}/g)].map(([part]) => part.length);
  const longest = lengths.reduce((most, length) => Math.max(most, length), 1);
  // One part has all its branches looked at.
  const branches = [...text.matchAll(/\{%-?\s*(?:elsif|when)\b[^]*?%\}/g)].reduce(
    (sum, [part]) => sum + part.length,
    0,
  );
  return Math.min(STEPS_MAX, Math.ceil(READ_MAX / (longest + branches)));
}

function render(engine: Liquid, parts: Template[], data: TemplateData, stepsMax: number): Rendering {
  const context = new Context(data, engine.options, { sync: true }, { liquid: engine });
  const output = new Output();
  context.setRegister(OUTPUT, output);
  const deadline = performance.now() + MS_MAX;
  let steps = 0;
  // Asked before every part.
  context.renderLimit.check = () => {
    steps += 1;
    if (steps > stepsMax || performance.now() > deadline) throw new LimitExceeded();
  };
  try {
    toValueSync(engine.renderer.renderTemplates(parts, context, output));
    return { ok: true, text: output.buffer, masked: output.masked };
  } catch {
    // A limit, or a value that a filter cannot take: the caller has other words, or tells the operator.
    return {
      ok: false,
      message: 'cannot be filled in for this event: it takes too long, gets too long, or fails',
    };
  }
}

const outputOf = (context: Context): Output => context.getRegister<Output>(OUTPUT);

function textOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return value;
  if (value instanceof JsonText) return value.text;
  return JSON.stringify(value) ?? '';
}

const HINTS: readonly (readonly [pattern: RegExp, hint: (name: string) => string])[] = [
  [/^undefined filter: (\w+)/, (name) => `names no filter that there is${meant(name, [...FILTERS, 'json'])}`],
  [/^tag "(.*)" not found/, (name) => `has a tag that there is not${meant(name, [...TAGS])}`],
  [/ not closed/, () => 'opens something that is not closed'],
];

/** The parser's own words quote the template, which may hold a secret. */
function parseFault(error: unknown): string {
  if (!LiquidError.is(error)) return 'cannot be read as a Liquid template';
  const [line = 1, column = 1] = error.token.getPosition();
  for (const [pattern, hint] of HINTS) {
    const match = pattern.exec(error.message);
    if (match) return `${placeOf(line, column)} ${hint(match[1] ?? '')}`;
  }
  return `${placeOf(line, column)} is no Liquid that can be read`;
}

export const placeOf = (line: number, column: number): string => `in line ${line}, column ${column},`;

const meant = (name: string, known: readonly string[]): string => {
  const found = didYouMean(name, known);
  return found === undefined ? '' : `; did you mean "${found}"?`;
};
