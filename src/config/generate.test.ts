import { Check } from 'typebox/value';
import { describe, expect, test } from 'vitest';
import { generateFiles } from './generate.ts';
import { readYaml } from './read-yaml.ts';
import { configOf, definition, faultsOf } from './test-definition.ts';

const files = new Map(generateFiles(definition).map(({ path, text }) => [path, text]));
const textOf = (path: string) => files.get(path) ?? '';

describe('the example file', () => {
  const example = textOf('acme.example.yaml');
  /** Takes the first # of every line that is no remark. */
  const takenIn = example
    .split('\n')
    .map((line) => (/^ *# \S/.test(line) ? line : line.replace(/^( *)#/, '$1')))
    .join('\n');
  const env = { ACME_TOKEN: 'token', SIGNATURE_KEY: 'key' };

  test('changes nothing as it stands', () => {
    expect(configOf({ yaml: example })).toEqual(configOf({}));
  });

  test('loads when every setting is taken in, each with its default', () => {
    expect(faultsOf({ yaml: takenIn, env })).toEqual([]);
    const { http, dataDir, roles, retention } = configOf({ yaml: takenIn, env });
    expect({ http, dataDir, roles, retention }).toMatchObject(
      (({ http, dataDir, roles, retention }) => ({ http, dataDir, roles, retention }))(configOf({})),
    );
  });

  test('holds every setting and one member of every kind', () => {
    const config = configOf({ yaml: takenIn, env });
    expect(config.targets.map(({ id, kind }) => [id, kind])).toEqual([
      ['web', 'web'],
      ['mail', 'mail'],
    ]);
    for (const path of Object.keys(definition.settings))
      expect(takenIn).toContain(`${path.split('.').at(-1)}: `);
  });

  test('writes a secret as a reference', () => {
    expect(example).toContain('  #token: ${ACME_TOKEN}\n');
    expect(example).toContain('#    #password: ${TARGETS_MAIL_PASSWORD}\n');
  });
});

describe('the JSON Schema', () => {
  const schema: object = JSON.parse(textOf('docs/reference/acme.schema.json'));
  const accepts = (yaml: string) => Check(schema, readYaml(yaml).value);

  test.each([
    '{}',
    'http: {port: 80}',
    'http: {port: "${P}"}',
    'access: {token: "${T}"}',
    'access: {tokenFile: /t}',
    'targets: [{id: a, kind: mail, host: h, to: [x], passwordFile: /p}]',
    'targets: [{id: a, kind: web, url: "${U}", headers: {A: "${B}"}}]',
  ])('accepts %s', (yaml) => {
    expect(accepts(yaml)).toBe(true);
  });

  test.each([
    'http: {prot: 80}',
    'http: {port: 0}',
    'access: {token: literal}',
    'targets: [{id: a, kind: nope}]',
    'targets: [{id: a, kind: mail, host: h}]',
  ])('refuses %s', (yaml) => {
    expect(accepts(yaml)).toBe(false);
  });
});

describe('the reference', () => {
  const reference = textOf('docs/reference/settings.md');

  test('has a row for every setting with its variables, flag and default', () => {
    expect(reference).toContain(
      '| `http.port` | `ACME_PORT` | `--port` | `9000` | Port to listen on. A whole number from 1 to 65535. |',
    );
    expect(reference).toContain(
      '| `access.token`<br>`access.tokenFile` | `ACME_TOKEN`<br>`ACME_TOKEN_FILE` |  |  | The token.',
    );
    for (const path of Object.keys(definition.settings)) expect(reference).toContain(`| \`${path}\``);
  });

  test('has a section for every kind', () => {
    expect(reference).toContain('### targets: web\n\nPosts to a URL.\n\n| Setting | Default | Description |');
    expect(reference).toContain('| `url` | required | Where to. An http or https URL. |');
    expect(reference).toContain('### targets: mail\n\n');
  });
});
