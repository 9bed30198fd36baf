import { Type, type TSchema } from 'typebox';
import { checkValue } from './check-value.ts';
import { fitsText } from './convert-text.ts';
import type { AnyDefinition, ItemList, PluginList, Setting } from './definition.ts';
import { fillDefaults } from './fill-defaults.ts';
import { memberSchema } from './schema-of.ts';
import { FILE_SUFFIX, isSecret, viewOf } from './schema-view.ts';

const PATH = /^[a-z][A-Za-z0-9]*(\.[a-z][A-Za-z0-9]*)*$/;
const VARIABLE = /^[A-Z][A-Z0-9_]*$/;
const FLAG = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/** Throws where the parts of a definition contradict themselves or each other: a bug, found at the first start. */
export function checkDefinition(definition: AnyDefinition): void {
  for (const [path, setting] of Object.entries(definition.settings)) checkSetting(path, setting);
  for (const [name, list] of Object.entries(definition.lists)) checkListDefinition(name, list);
  checkNesting([...Object.keys(definition.settings), ...Object.keys(definition.lists)]);
  const settings = Object.values(definition.settings);
  checkOnce(
    'variable',
    settings.flatMap(({ env }) => env),
  );
  checkOnce('flag', ['config', ...settings.flatMap(({ flag }) => flag ?? [])]);
}

function demand(holds: boolean, words: string): void {
  if (!holds) throw new TypeError(`settings definition: ${words}`);
}

function checkSetting(path: string, { schema, env, flag }: Setting): void {
  const view = viewOf(schema);
  const secret = isSecret(schema);
  demand(PATH.test(path), `"${path}" is no path of keys`);
  demand(view.description !== undefined, `${path} has no description`);
  demand(
    env.every((name) => VARIABLE.test(name)),
    `a variable of ${path} has no valid name`,
  );
  demand(flag === undefined || FLAG.test(flag), `the flag of ${path} has no valid name`);
  demand(flag === undefined || !secret, `${path} is a secret and has a flag`);
  demand(view.default === undefined || !secret, `${path} is a secret and has a default`);
  demand(fitsText(schema) || (env.length === 0 && flag === undefined), `${path} cannot be given as one text`);
  checkDefault(path, schema, view.default);
}

function checkDefault(path: string, schema: TSchema, value: unknown): void {
  const [fault] = value === undefined ? [] : checkValue(schema, fillDefaults(schema, value));
  demand(fault === undefined, `the default of ${path} ${fault?.message}`);
}

function checkListDefinition(name: string, list: PluginList | ItemList): void {
  demand(PATH.test(name) && !name.includes('.'), `"${name}" is no key of a list`);
  const schema = Type.Array(memberSchema(list));
  const [fault] = checkValue(schema, fillDefaults(schema, list.default), [name]);
  demand(fault === undefined, `the default of ${fault?.path} ${fault?.message}`);
  if (list.type === 'items') return;
  checkOnce(
    `kind of ${name}`,
    list.kinds.map(({ kind }) => kind),
  );
  const taken = ['id', 'kind', ...Object.keys(list.common.properties)];
  for (const { kind, settings } of list.kinds) {
    checkOnce(`key of ${name} ${kind}`, [...taken, ...writable(settings.properties)]);
  }
}

function writable(properties: Readonly<Record<string, TSchema>>): readonly string[] {
  return Object.entries(properties).flatMap(([key, schema]) =>
    isSecret(schema) ? [key, key + FILE_SUFFIX] : [key],
  );
}

function checkNesting(paths: readonly string[]): void {
  checkOnce('path', paths);
  for (const path of paths) {
    demand(!paths.some((other) => other.startsWith(`${path}.`)), `${path} is a setting and a section`);
  }
}

function checkOnce(what: string, names: readonly string[]): void {
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  demand(twice === undefined, `the ${what} "${twice}" is there twice`);
}
