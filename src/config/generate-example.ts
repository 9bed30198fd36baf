import type { TSchema } from 'typebox';
import { stringify } from 'yaml';
import { aboutSchema, sentence } from './about-schema.ts';
import {
  configVariable,
  type AnyDefinition,
  type ItemList,
  type PluginList,
  type Setting,
} from './definition.ts';
import { exampleValue, variableOf } from './example-value.ts';
import { memberSchema } from './schema-of.ts';
import { alternativesOf, constantAt, FILE_SUFFIX, viewOf } from './schema-view.ts';

const COLUMNS = 100;
const MEMBER_PAD = '    ';

/**
 * The commented example file: every setting with its default or an example behind a `#`. A remark has `#` and
 * one blank; taking the `#` of any other line away sets it. As it stands the file changes nothing.
 */
export function generateExample(definition: AnyDefinition): string {
  const lines = [
    ...prose(introduction(definition.name), ''),
    ...sectionLines(new Map(Object.entries(definition.settings)), '', ''),
    ...Object.entries(definition.lists).flatMap(([name, list]) => ['', ...listLines(name, list)]),
  ];
  return `${lines.join('\n')}\n`;
}

function introduction(name: string): string {
  const variable = configVariable(name);
  return (
    `Example of ${name}.yaml, made from the settings themselves. A line with a # and one blank is a remark; ` +
    `take the # of any other line away to set it. The file is read from the working directory, or from where ` +
    `${variable} says. Flags go before the environment, the environment before this file. A secret is written ` +
    `as \${NAME}, or in a key with "${FILE_SUFFIX}" at its end as the path of a file.`
  );
}

function sectionLines(settings: ReadonlyMap<string, Setting>, pad: string, base: string): readonly string[] {
  const heads = new Set([...settings.keys()].map((path) => path.split('.', 1)[0] ?? path));
  return [...heads].flatMap((head) => {
    const own = settings.get(head);
    const gap = pad === '' ? [''] : [];
    if (own) return [...gap, ...settingLines(head, own, pad, base)];
    const below = [...settings].filter(([path]) => path.startsWith(`${head}.`));
    const rest = new Map(below.map(([path, setting]) => [path.slice(head.length + 1), setting]));
    return [...gap, `${pad}${head}:`, ...sectionLines(rest, `${pad}  `, `${base}${head}.`)];
  });
}

function settingLines(
  key: string,
  { schema, env, flag }: Setting,
  pad: string,
  base: string,
): readonly string[] {
  const places = [...env, ...(flag === undefined ? [] : [`--${flag}`])];
  const elsewhere = places.length > 0 ? ` Also ${places.join(', ')}.` : '';
  const example = exampleValue(schema, env[0] ?? variableOf(base + key));
  return [...prose(`${aboutSchema(schema)}${elsewhere}`, pad), ...yamlLines(key, example, `${pad}#`)];
}

function listLines(name: string, list: PluginList | ItemList): readonly string[] {
  const common = list.type === 'plugins' ? Object.keys(list.common.properties) : [];
  const members = alternativesOf(memberSchema(list)).flatMap((schema, index) =>
    // What all of them have in common is shown once.
    memberLines(name, schema, index === 0 ? [] : common),
  );
  return [...prose(sentence(list.description), ''), `#${name}:`, ...members.map((line) => `#${line}`)];
}

/** What must be set is there when the list is taken in; what need not be is behind a second `#`. */
function memberLines(name: string, schema: TSchema, hidden: readonly string[]): readonly string[] {
  const { properties = {}, required = [], ...view } = viewOf(schema);
  const kind = constantAt({ ...view, properties }, 'kind');
  const id = typeof kind === 'string' ? kind.replaceAll(/[^a-z0-9_-]/g, '-') : 'example';
  const summary = properties['kind'] && viewOf(properties['kind']).description;
  const shown = Object.entries(properties).filter(([key]) => !['id', 'kind', ...hidden].includes(key));
  return [
    ...(summary === undefined ? [] : prose(sentence(summary), '  ')),
    `  - id: ${id}`,
    ...(typeof kind === 'string' ? [`    kind: ${kind}`] : []),
    ...shown.flatMap(([key, property]) => {
      const mustBe = required.includes(key) && viewOf(property).default === undefined;
      const example = exampleValue(property, [name, id, key].map(variableOf).join('_'));
      const about = `${aboutSchema(property)}${mustBe ? ' Required.' : ''}`;
      return [
        ...prose(about, MEMBER_PAD),
        ...yamlLines(key, example, mustBe ? MEMBER_PAD : `${MEMBER_PAD}#`),
      ];
    }),
  ];
}

function yamlLines(key: string, value: unknown, pad: string): readonly string[] {
  const isShort = Array.isArray(value) && value.every((entry) => typeof entry !== 'object');
  const style = isShort ? ({ collectionStyle: 'flow' } as const) : {};
  const yaml = isShort
    ? `${key}: ${stringify(value, { lineWidth: 0, singleQuote: true, flowCollectionPadding: false, ...style })}`
    : stringify({ [key]: value }, { lineWidth: 0, singleQuote: true });
  return yaml
    .trimEnd()
    .split('\n')
    .map((line) => pad + line);
}

function prose(text: string, pad: string): readonly string[] {
  const lines: string[] = [];
  let line = `${pad}#`;
  for (const word of text.split(/\s+/)) {
    if (line.length + 1 + word.length > COLUMNS) {
      lines.push(line);
      line = `${pad}#`;
    }
    line += ` ${word}`;
  }
  return [...lines, line];
}
