import { Type } from 'typebox';
import { describe, expect, test } from 'vitest';
import { secretText } from '../kernel/schema.ts';
import { checkMember } from './check-member.ts';
import { itemList, pluginList } from './definition.ts';
import { keepSecrets } from './keep-secrets.ts';
import { memberSchema } from './schema-of.ts';
import { showMember } from './show-member.ts';

const list = pluginList({
  description: 'Where events go.',
  common: Type.Object({
    timeout: Type.String({ default: '30s', pattern: '^[0-9]+s$' }),
    caFile: Type.Optional(Type.String({ fileOfMachine: true })),
  }),
  kinds: [
    {
      kind: 'hook',
      summary: 'A URL.',
      settings: Type.Object({
        url: Type.String({ pattern: '^https://' }),
        password: Type.Optional(secretText({ description: 'A password.' })),
        headers: Type.Record(Type.String(), secretText({ description: 'A value.' }), { default: {} }),
        keys: Type.Array(secretText({ description: 'A key.' }), { default: [] }),
      }),
      check: ({ url }) =>
        url === 'https://no' ? [{ path: 'url', message: 'is not taken by the kind' }] : [],
    },
    {
      kind: 'line',
      summary: 'A file.',
      settings: Type.Object({ file: Type.Optional(Type.String({ fileOfMachine: true })) }),
    },
  ],
});
const items = itemList({ description: 'Rules.', item: Type.Object({ targets: Type.Array(Type.String()) }) });
const hook = { id: 'a', kind: 'hook', url: 'https://there' };
const paths = (member: Record<string, unknown>) => checkMember(list, member).map(({ path }) => path);

describe('a member from elsewhere than the file', () => {
  test('is right with what it must have; defaults need not be given', () => {
    expect(checkMember(list, hook)).toEqual([]);
    expect(checkMember(items, { id: 'a', targets: [] })).toEqual([]);
  });

  test('is told all its faults at once, with their places and without its values', () => {
    const faults = checkMember(list, {
      ...hook,
      url: 'ftp://a-value',
      timeout: 'a-value',
      keys: [1],
      wrong: 'a-value',
    });
    expect(faults.map(({ path }) => path).sort()).toEqual(['keys[0]', 'timeout', 'url', 'wrong']);
    expect(JSON.stringify(faults)).not.toContain('a-value');
  });

  test.each([
    ['an unknown kind', { id: 'a', kind: 'fax' }, 'kind'],
    ['no kind', { id: 'a' }, 'kind'],
    ["what the kind's own check refuses", { ...hook, url: 'https://no' }, 'url'],
  ])('has %s told', (_name, member, path) => {
    expect(paths(member)).toEqual([path]);
  });

  test.each([
    ['a file that the kind writes', { id: 'a', kind: 'line', file: '/etc/passwd' }, 'file'],
    ['a file that all kinds may read', { ...hook, caFile: '/etc/shadow' }, 'caFile'],
    ['a file with a secret', { ...hook, passwordFile: '/run/secrets/p' }, 'passwordFile'],
  ])('names no file of the machine: %s', (_name, member, path) => {
    const faults = checkMember(list, member);
    expect(faults.map((fault) => fault.path)).toEqual([path]);
    expect(faults[0]?.message).toMatch(/config file only|give password itself/);
  });
});

describe('a member that is shown', () => {
  const member = {
    ...hook,
    password: 'hush',
    headers: { Authorization: 'hush' },
    keys: ['hush', 'hush'],
  };

  test('is complete, and has a mask for each secret wherever it stands', () => {
    expect(showMember(list, member)).toEqual({
      ...hook,
      timeout: '30s',
      password: '[secret]',
      headers: { Authorization: '[secret]' },
      keys: ['[secret]', '[secret]'],
    });
  });

  test('has what the file has in place of what came from the environment', () => {
    const templates = new Map([['targets[3].url', 'https://${HOST}']]);
    const shown = showMember(list, member, { at: ['targets', 3], templates });
    expect(shown['url']).toBe('https://${HOST}');
    expect(JSON.stringify(shown)).not.toContain('hush');
  });
});

describe('a mask that is sent back', () => {
  const schema = memberSchema(list);
  const stored = {
    kind: 'hook',
    url: 'https://there',
    password: 'one',
    headers: { A: 'two' },
    keys: ['three'],
  };

  test('keeps what is stored in its place', () => {
    const given = {
      ...hook,
      password: '[secret]',
      headers: { A: '[secret]', B: 'new' },
      keys: ['[secret]', 'four'],
    };
    expect(keepSecrets(schema, given, stored)).toEqual({
      value: { ...hook, password: 'one', headers: { A: 'two', B: 'new' }, keys: ['three', 'four'] },
      kept: ['password', 'headers.A', 'keys[0]'],
      faults: [],
    });
  });

  test.each([
    ['there is nothing', undefined],
    ['there is something else', { ...stored, headers: {}, keys: [] }],
    ['there is what every object has', { ...stored, headers: [] }],
  ])('is a fault where %s', (_name, before) => {
    const given = { ...hook, headers: { constructor: '[secret]' }, keys: ['a', '[secret]'] };
    const { faults } = keepSecrets(schema, given, before);
    expect(faults.map(({ path }) => path)).toEqual(['headers.constructor', 'keys[1]']);
  });

  test('is a text like any other where no secret stands', () => {
    expect(keepSecrets(schema, { ...hook, url: '[secret]' }, stored)).toMatchObject({
      value: { url: '[secret]' },
      kept: [],
    });
  });
});
