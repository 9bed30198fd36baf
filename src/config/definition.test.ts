import { Type } from 'typebox';
import { expect, test } from 'vitest';
import { secretText } from '../kernel/schema.ts';
import { defineSettings, pluginList, setting, type Lists, type Settings } from './definition.ts';

const define = (settings: Settings, lists: Lists = {}) => defineSettings({ name: 'acme', settings, lists });
const text = (options: object = {}) => Type.String({ description: 'A text', ...options });
const kind = (name: string, settings = Type.Object({})) => ({ kind: name, summary: 'A kind', settings });
const targets = (...kinds: ReturnType<typeof kind>[]) => ({
  targets: pluginList({ description: 'Targets', kinds }),
});

test.each<readonly [string, Settings, Lists, string]>([
  [
    'a setting that is a section too',
    { a: setting(text()), 'a.b': setting(text()) },
    {},
    'a is a setting and a section',
  ],
  [
    'a list of the name of a setting',
    { targets: setting(text()) },
    targets(kind('x')),
    'the path "targets" is there twice',
  ],
  ['a path that is none', { 'A b': setting(text()) }, {}, '"A b" is no path of keys'],
  ['no description', { a: setting(Type.String()) }, {}, 'a has no description'],
  [
    'a default that does not fit',
    { a: setting(Type.Integer({ description: 'A', default: 'x' })) },
    {},
    'the default of a must be a whole number',
  ],
  [
    'one variable for two settings',
    { a: setting(text(), { env: ['X'] }), b: setting(text(), { env: ['X'] }) },
    {},
    'the variable "X" is there twice',
  ],
  [
    'one flag for two settings',
    { a: setting(text(), { flag: 'x' }), b: setting(text(), { flag: 'x' }) },
    {},
    'the flag "x" is there twice',
  ],
  [
    'the flag of the file',
    { a: setting(text(), { flag: 'config' }) },
    {},
    'the flag "config" is there twice',
  ],
  [
    'a secret on the command line',
    { a: setting(secretText({ description: 'A' }), { flag: 'x' }) },
    {},
    'a is a secret and has a flag',
  ],
  [
    'a secret with a default',
    { a: setting(text({ secret: true, default: 'x' })) },
    {},
    'a is a secret and has a default',
  ],
  [
    'a group in a variable',
    { a: setting(Type.Object({}, { description: 'A' }), { env: ['X'] }) },
    {},
    'a cannot be given as one text',
  ],
  ['one kind twice', {}, targets(kind('x'), kind('x')), 'the kind of targets "x" is there twice'],
  [
    'a kind with a key that is taken',
    {},
    targets(kind('x', Type.Object({ id: text() }))),
    'the key of targets x "id" is there twice',
  ],
  [
    'a key that is the file form of a secret',
    {},
    targets(kind('x', Type.Object({ a: secretText({ description: 'A' }), aFile: text() }))),
    'the key of targets x "aFile" is there twice',
  ],
])('a definition with %s is a bug', (_name, settings, lists, words) => {
  expect(() => define(settings, lists)).toThrow(new TypeError(`settings definition: ${words}`));
});
