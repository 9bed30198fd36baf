import { Type, type TSchema } from 'typebox';
import { idText } from '../kernel/schema.ts';
import { aboutSchema, sentence } from './about-schema.ts';
import {
  configVariable,
  type AnyDefinition,
  type ItemList,
  type PluginList,
  type Setting,
} from './definition.ts';
import { FILE_ENV_SUFFIX } from './environment.ts';
import { ID_DESCRIPTION, memberSchema } from './schema-of.ts';
import { FILE_SUFFIX, isGroup, isSecret, itemsOf, viewOf } from './schema-view.ts';

/** The settings' reference as Markdown: a table per section and per kind. */
export function generateReference(definition: AnyDefinition): string {
  const parts = [
    introduction(definition.name),
    ...sections(definition),
    ...Object.entries(definition.lists).map(([name, list]) => listPart(name, list)),
    unusedPart(definition),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function introduction(name: string): string {
  const variable = configVariable(name);
  return `# Settings

This page is made from the settings themselves.

A value comes from the first of these that has it: a flag, the environment, a \`.env\` file in the working
directory, \`${name}.yaml\`, the default. The file is the one in the working directory or the one that
\`${variable}\` or \`--config\` names. A variable that is empty counts as not set. A list in a variable is split
at commas. Every fault refuses the start; all of them are told at once.

In the file, \`\${NAME}\` in a text stands for an environment variable and \`\${NAME:-default}\` for one that may
be absent or empty; \`$\${\` stands for \`\${\` itself. A secret never stands in the file: it is
\`password: \${NAME}\`, nothing else around it and no default, or \`password${FILE_SUFFIX}: /path\` (relative to
the config file). In the environment it is \`NAME\` or \`NAME${FILE_ENV_SUFFIX}\`, the path of a file. Of a file one
newline at the end is dropped; an empty secret is a fault.`;
}

function sections({ settings }: AnyDefinition): readonly string[] {
  const paths = Object.keys(settings);
  const names = new Set([
    ...paths.map(sectionOf).filter((name) => name === GENERAL),
    ...paths.map(sectionOf),
  ]);
  return [...names].map((name) => {
    const own = Object.entries(settings).filter(([path]) => sectionOf(path) === name);
    const rows = own.map(([path, setting]) => settingRow(path, setting));
    return `## ${name}\n\n${table(['Setting', 'Environment', 'Flag', 'Default', 'Description'], rows)}`;
  });
}

const GENERAL = 'General';

function sectionOf(path: string): string {
  return path.includes('.') ? path.slice(0, path.indexOf('.')) : GENERAL;
}

function settingRow(path: string, { schema, env, flag }: Setting): readonly string[] {
  const secret = isSecret(schema);
  const variables = env.flatMap((name) => (secret ? [name, name + FILE_ENV_SUFFIX] : [name]));
  const keys = secret ? [path, path + FILE_SUFFIX] : [path];
  return [
    keys.map(code).join('<br>'),
    variables.map(code).join('<br>'),
    flag === undefined ? '' : code(`--${flag}`),
    defaultOf(schema),
    about(schema),
  ];
}

const IDENTITY = {
  id: idText(ID_DESCRIPTION),
  kind: Type.String({ description: 'Which of the kinds below it is', expected: 'the name of a kind' }),
};

function listPart(name: string, list: PluginList | ItemList): string {
  const start = list.default.length === 0 ? '' : ` Without it: ${code(JSON.stringify(list.default))}.`;
  const head = `## ${name}\n\n${sentence(list.description)}${start}`;
  if (list.type === 'items') return `${head}\n\n${propertyTable(memberSchema(list))}`;
  const { common, kinds } = list;
  const shared = propertyTable({
    type: 'object',
    properties: { ...IDENTITY, ...common.properties },
    required: Object.keys(IDENTITY),
  });
  const own = kinds.map(
    ({ kind, summary, settings }) =>
      `### ${name}: ${kind}\n\n${sentence(summary)}\n\n${propertyTable(settings)}`,
  );
  return [`${head} Every member has these and the settings of its kind:`, shared, ...own].join('\n\n');
}

function propertyTable(schema: TSchema): string {
  const rows = propertyRows(schema, '');
  return rows.length === 0
    ? 'It has no settings of its own.'
    : table(['Setting', 'Default', 'Description'], rows);
}

/** Groups and lists of groups get a row for themselves and one for everything below them. */
function propertyRows(schema: TSchema, base: string): readonly (readonly string[])[] {
  const view = viewOf(schema);
  return Object.entries(view.properties ?? {}).flatMap(([key, property]) => {
    const path = `${base}${key}`;
    const keys = isSecret(property) ? [path, path + FILE_SUFFIX] : [path];
    const start =
      view.required?.includes(key) && viewOf(property).default === undefined
        ? 'required'
        : defaultOf(property);
    const items = itemsOf(viewOf(property));
    const below = items ? propertyRows(items, `${path}[].`) : propertyRows(property, `${path}.`);
    return [[keys.map(code).join('<br>'), start, about(property)], ...below];
  });
}

function defaultOf(schema: TSchema): string {
  const start = viewOf(schema).default;
  if (start === undefined || start === '') return '';
  return code(Array.isArray(start) || isGroup(start) ? JSON.stringify(start) : String(start));
}

function about(schema: TSchema): string {
  return cell(`${aboutSchema(schema)}${isSecret(schema) ? ' Secret.' : ''}`);
}

function unusedPart({ unusedEnv }: AnyDefinition): string {
  const rows = Object.entries(unusedEnv).map(([name, words]) => [code(name), cell(words)]);
  return rows.length === 0
    ? ''
    : `## Accepted and not used\n\n${table(['Variable', 'What is said of it'], rows)}`;
}

function code(text: string): string {
  return `\`${cell(text)}\``;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
