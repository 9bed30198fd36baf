import { describe, expect, test } from 'vitest';
import { flagOptions } from './flag-options.ts';
import { configOf, definition, faultsOf, warningsOf, type World } from './test-definition.ts';

describe('precedence', () => {
  const file = { yaml: 'http:\n  port: 1001\n' };
  const dotEnv = { dotEnv: 'ACME_PORT=1002\n' };
  const env = { env: { ACME_PORT: '1003' } };
  const flags = { flags: { port: '1004' } };
  const rows: readonly (readonly [string, World, number])[] = [
    ['the default holds when nothing is set', {}, 9000],
    ['the file goes before the default', { ...file }, 1001],
    ['.env goes before the file', { ...file, ...dotEnv }, 1002],
    ['the environment goes before .env', { ...file, ...dotEnv, ...env }, 1003],
    ['a flag goes before the environment', { ...file, ...dotEnv, ...env, ...flags }, 1004],
    ['a flag goes before the default', { ...flags }, 1004],
    ['an empty variable counts as not set', { ...file, env: { ACME_PORT: '' } }, 1001],
    ['an empty variable lets .env through', { ...dotEnv, env: { ACME_PORT: '' } }, 1002],
  ];
  test.each(rows)('%s', (_name, world, port) => {
    expect(configOf(world).http.port).toBe(port);
  });
});

describe('a config that loads', () => {
  test('is complete without a file', () => {
    expect(configOf({})).toEqual({
      http: { port: 9000, plain: false, limits: { body: 1024 } },
      dataDir: './data',
      roles: ['api'],
      retention: '90d',
      access: {},
      webhook: {},
      app: {},
      targets: [
        {
          id: 'home',
          kind: 'web',
          url: 'http://localhost/',
          method: 'POST',
          headers: {},
          keys: [],
          concurrency: 4,
        },
      ],
      rules: [],
    });
  });

  test.each(['', '# nothing\n', '---\n', 'http:\n  # port: 1\ntargets:\nrules: []\n'])(
    'takes an empty file or section as one that says nothing: %j',
    (yaml) => {
      expect(configOf({ yaml })).toEqual(configOf({}));
    },
  );

  test('makes numbers, booleans and lists of variables and flags', () => {
    const env = { ACME_PORT: ' 80 ', ACME_PLAIN: 'Yes', ACME_ROLES: 'api, deliver,' };
    const { http, roles } = configOf({ env, flags: { port: 81 } });
    expect([http.port, http.plain, roles]).toEqual([81, true, ['api', 'deliver']]);
  });

  test('takes flags by their attribute and passes over flags that are no settings', () => {
    expect(configOf({ flags: { dataDir: '/d', json: true } }).dataDir).toBe('/d');
  });

  test('fills the defaults of a kind and of what all kinds have', () => {
    const yaml = 'targets:\n  - {id: a, kind: mail, host: h, to: [x]}\n';
    expect(configOf({ yaml }).targets).toEqual([
      { id: 'a', kind: 'mail', host: 'h', to: ['x'], port: 587, concurrency: 4 },
    ]);
  });

  test('is found where the variable or the flag says, the flag first', () => {
    const files = { '/srv/a.yaml': 'dataDir: a', '/etc/b.yaml': 'dataDir: b' };
    const env = { ACME_CONFIG: 'a.yaml' };
    expect(configOf({ files, env }).dataDir).toBe('a');
    expect(configOf({ files, env, flags: { config: '/etc/b.yaml' } }).dataDir).toBe('b');
  });

  test('takes the first of two names that a setting has', () => {
    expect(configOf({ env: { SQREEN_APPLICATION_ID: 'b' } }).app.id).toBe('b');
    const both = { env: { SCREEN_APPLICATION_ID: 'a', SQREEN_APPLICATION_ID: 'b' } };
    expect(configOf(both).app.id).toBe('a');
    expect(warningsOf(both)).toEqual([
      'env SQREEN_APPLICATION_ID: is not used: SCREEN_APPLICATION_ID is set too',
    ]);
  });
});

describe('${NAME} in the file', () => {
  test('is replaced anywhere in texts, and a number or a list is made of it where one belongs', () => {
    const yaml = [
      'http: {port: "${P}", plain: "${B:-true}"}',
      'roles: ${R}',
      'dataDir: /srv/${D}/$${D}',
      'rules: [{id: r, targets: [], when: {any: ["${D}"]}}]',
    ].join('\n');
    const config = configOf({ yaml, env: { P: '81', R: 'api,deliver', D: 'x' } });
    expect(config.http).toMatchObject({ port: 81, plain: true });
    expect(config.roles).toEqual(['api', 'deliver']);
    expect(config.dataDir).toBe('/srv/x/${D}');
    expect(config.rules[0]?.when).toEqual({ any: ['x'] });
  });

  test('does not look into what it put in', () => {
    expect(configOf({ yaml: 'dataDir: ${A}', env: { A: '${B}', B: 'b' } }).dataDir).toBe('${B}');
  });

  test('comes from .env too, the environment first', () => {
    const world = { yaml: 'dataDir: ${A}${B}', dotEnv: 'A=1\nB=2', env: { B: '3' } };
    expect(configOf(world).dataDir).toBe('13');
  });

  test('leaves a text in quotes a text: only what was replaced is made a number', () => {
    expect(faultsOf({ yaml: 'http: {port: "81"}' })).toEqual([
      'acme.yaml:1: http.port: must be a whole number from 1 to 65535, written without quotes',
    ]);
  });
});

describe('secrets', () => {
  const targets = (settings: string) =>
    `targets:\n  - id: m\n    kind: mail\n    host: h\n    to: [x]\n    ${settings}\n`;

  test('come from a variable, and from the file that a variable names, without its last newline', () => {
    expect(configOf({ env: { ACME_TOKEN: ' s \n' } }).access.token).toBe(' s \n');
    const files = { '/srv/secrets/token': 'line one\nline two\n\n' };
    const env = { ACME_TOKEN_FILE: 'secrets/token' };
    expect(configOf({ env, files }).access.token).toBe('line one\nline two\n');
  });

  test('come from ${NAME} in the file, also when only NAME_FILE is set', () => {
    const yaml = targets('password: ${PW}');
    expect(configOf({ yaml, env: { PW: 'abcd' } }).targets[0]?.['password']).toBe('abcd');
    const env = { PW_FILE: '/run/pw' };
    expect(configOf({ yaml, env, files: { '/run/pw': 'efgh\r\n' } }).targets[0]?.['password']).toBe('efgh');
  });

  test('come from a file named beside them, relative to the config file', () => {
    const files = {
      '/etc/acme.yaml': targets('passwordFile: secrets/${WHICH}'),
      '/etc/secrets/pw': 'abcd\n',
    };
    const env = { ACME_CONFIG: '/etc/acme.yaml', WHICH: 'pw' };
    expect(configOf({ files, env }).targets[0]?.['password']).toBe('abcd');
  });

  test('stand in lists and in groups of free names', () => {
    const yaml = 'targets: [{id: w, kind: web, url: "http://x", headers: {A: "${A}"}, keys: ["${B}"]}]';
    const [target] = configOf({ yaml, env: { A: 'a', B: 'b' } }).targets;
    expect(target).toMatchObject({ headers: { A: 'a' }, keys: ['b'] });
  });

  test('a variable of the real environment goes before a file that .env names', () => {
    const world = { dotEnv: 'ACME_TOKEN_FILE=/nowhere', env: { ACME_TOKEN: 's' } };
    expect(configOf(world).access.token).toBe('s');
  });

  const EITHER = 'write ${NAME} to take it from the environment';
  const LITERAL = `is a secret and must not stand in the file: ${EITHER}`;
  const FILE = ', or give passwordFile with the path of a file that holds it';
  const faulty: readonly (readonly [string, World, string])[] = [
    [
      'a literal',
      { yaml: targets('password: hunter2') },
      `acme.yaml:6: targets[0].password: ${LITERAL}${FILE}`,
    ],
    [
      'a literal number',
      { yaml: targets('password: 1234') },
      `acme.yaml:6: targets[0].password: ${LITERAL}${FILE}`,
    ],
    ['nothing', { yaml: targets('password:') }, `acme.yaml:6: targets[0].password: ${LITERAL}${FILE}`],
    [
      'text around a reference',
      { yaml: targets('password: a${B}'), env: { B: 'b' } },
      `acme.yaml:6: targets[0].password: ${LITERAL}${FILE}`,
    ],
    [
      'a reference with a default',
      { yaml: targets('password: ${B:-abcd}') },
      `acme.yaml:6: targets[0].password: ${LITERAL}${FILE}`,
    ],
    [
      'a literal in a group of free names',
      { yaml: 'targets: [{id: w, kind: web, url: "http://x", headers: {A: b}}]' },
      `acme.yaml:1: targets[0].headers.A: ${LITERAL}`,
    ],
    [
      'a variable that is not set',
      { yaml: targets('password: ${B}') },
      'acme.yaml:6: targets[0].password: names the environment variable B, which is not set',
    ],
    [
      'a variable that is empty',
      { yaml: targets('password: ${B}'), env: { B: '' } },
      'acme.yaml:6: targets[0].password: is a secret, and the environment variable B is empty',
    ],
    [
      'a secret that is too short',
      { yaml: targets('password: ${B}'), env: { B: 'abc' } },
      'acme.yaml:6: targets[0].password: must be text of 4 to 4096 characters',
    ],
    [
      'both forms in the file',
      { yaml: targets('password: ${B}\n    passwordFile: /b'), env: { B: 'abcd' } },
      'acme.yaml:7: targets[0].passwordFile: is given beside password: keep one of the two',
    ],
    [
      'a file that is not there',
      { yaml: targets('passwordFile: /b') },
      'acme.yaml:6: targets[0].passwordFile: names a file that does not exist',
    ],
    [
      'a file that is empty',
      { yaml: targets('passwordFile: /b'), files: { '/b': '\n' } },
      'acme.yaml:6: targets[0].passwordFile: names a file that is empty',
    ],
    [
      'both forms in the environment',
      { env: { ACME_TOKEN: 'a', ACME_TOKEN_FILE: '/b' } },
      'env ACME_TOKEN_FILE: access.token: is set beside ACME_TOKEN: keep one of the two',
    ],
    [
      'an empty variable',
      { env: { ACME_TOKEN: '' } },
      'env ACME_TOKEN: access.token: is a secret and must not be empty: unset the variable when there is none',
    ],
    [
      'a huge file',
      { env: { ACME_TOKEN_FILE: '/b' }, files: { '/b': 'x'.repeat(65_537) } },
      'env ACME_TOKEN_FILE: access.token: names a file that is larger than 64 KiB',
    ],
  ];
  test.each(faulty)('refuses %s, with no other fault beside it', (_name, world, fault) => {
    expect(faultsOf(world)).toEqual([fault]);
  });

  test('an empty variable counts as not given where the setting says so', () => {
    expect(configOf({ env: { SIGNATURE_KEY: '' } }).webhook).toEqual({});
  });
});

describe('faults', () => {
  test('are all told at once, the file in the order of its lines', () => {
    const yaml = `http:
  prot: 1
  port: 70000
  plain: maybe
  limits:
    body: 1.5
dataDir: 5
roles: [api, delivr]
retention: 90 days
access:
  token: hunter2
targest: []
targets:
  - id: Web
    kind: web
    methd: POST
    headers: {"a b": "\${A}"}
  - id: a
    kind: wep
  - kind: mail
    host: \${NOPE}
    to: []
    port: [1]
  - id: a
    kind: web
    url: ftp://hunter2
    method: PUSH
  - id: b
    kind: web
    url: http://x
    method: PUT
  - hunter2
rules:
  - id: r
    targets: web
    when: 5
  - id: r
    targets: [\${A, "\${B}\${C}"]
  - id: s
`;
    const flags = { dataDir: '' };
    const env = { ACME_PORT: 'tcp://10.0.0.1:80', ACME_RETENTION: '1y', SQREEN_TOKEN: 'hunter2' };
    const word = 'a name of at most 63 characters: a-z, 0-9, "-" and "_", a letter or digit first';
    expect(faultsOf({ yaml: yaml.replace('[${A, "', '["${A", "'), flags, env })).toEqual([
      'acme.yaml:2: http.prot: is not a setting; did you mean "port"?',
      'acme.yaml:3: http.port: must be a whole number from 1 to 65535',
      'acme.yaml:4: http.plain: must be true or false',
      'acme.yaml:6: http.limits.body: must be a whole number of at least 1',
      'acme.yaml:7: dataDir: must be text that is not empty: put it in quotes',
      'acme.yaml:8: roles[1]: must be one of "api", "deliver"; did you mean "deliver"?',
      'acme.yaml:9: retention: must be a duration such as 30s, 24h or 90d',
      'acme.yaml:11: access.token: is a secret and must not stand in the file: write ${NAME} to take it from ' +
        'the environment, or give tokenFile with the path of a file that holds it',
      'acme.yaml:12: targest: is not a setting; did you mean "targets"?',
      `acme.yaml:14: targets[0].id: must be ${word}`,
      'acme.yaml:14: targets[0].url: is missing and must be an http or https URL',
      'acme.yaml:16: targets[0].methd: is not a setting; did you mean "method"?',
      'acme.yaml:17: targets[0].headers["a b"]: is not a name that is allowed here',
      'acme.yaml:19: targets[1].kind: must be one of "web", "mail"; did you mean "web"?',
      `acme.yaml:20: targets[2].id: is missing and must be ${word}`,
      'acme.yaml:21: targets[2].host: names the environment variable NOPE, which is not set',
      'acme.yaml:22: targets[2].to: must be a list of at least 1 entry',
      'acme.yaml:23: targets[2].port: must be a whole number from 1 to 65535',
      'acme.yaml:24: targets[3].id: is already the id of targets[1]',
      'acme.yaml:26: targets[3].url: must be an http or https URL',
      'acme.yaml:27: targets[3].method: must be one of "POST", "PUT"',
      'acme.yaml:31: targets[4].method: is not allowed today',
      'acme.yaml:32: targets[5]: must be a group of settings',
      `acme.yaml:35: rules[0].targets: must be a list (each ${word})`,
      'acme.yaml:36: rules[0].when: must be a group of names and values',
      'acme.yaml:37: rules[1].id: is already the id of rules[0]',
      'acme.yaml:38: rules[1].targets[0]: holds "${" that is no ${NAME} or ${NAME:-default}; write "$${" for ' +
        'the characters',
      'acme.yaml:38: rules[1].targets[1]: names the environment variables B, C, which are not set',
      `acme.yaml:39: rules[2].targets: is missing and must be a list (each ${word})`,
      'env ACME_PORT: http.port: must be a whole number from 1 to 65535',
      '--data-dir: dataDir: must be text that is not empty',
      'env ACME_RETENTION: retention: must be a duration such as 30s, 24h or 90d',
    ]);
  });

  test.each<readonly [string, World, string]>([
    [
      'an explicit file that is not there',
      { env: { ACME_CONFIG: 'x.yaml' } },
      'env ACME_CONFIG: names a file that does not exist',
    ],
    [
      'an explicit file that is a directory',
      { flags: { config: 'x' }, files: { '/srv/x': { kind: 'is_directory' } } },
      '--config: names a file that is a directory',
    ],
    [
      'a default file that cannot be read',
      { files: { '/srv/acme.yaml': { kind: 'unreadable', code: 'EACCES' } } },
      'acme.yaml: cannot be read (EACCES)',
    ],
    ['a file over 1 MiB', { yaml: '#'.repeat(1024 * 1024 + 1) }, 'acme.yaml: is larger than 1024 KiB'],
    ['a file that is a list', { yaml: '- a\n' }, 'acme.yaml: must hold settings as "name: value"'],
    [
      'a .env that cannot be read',
      { files: { '/srv/.env': { kind: 'unreadable', code: 'EACCES' } } },
      '.env cannot be read (EACCES)',
    ],
    [
      'entries that are equal where they must not be',
      { yaml: 'targets: [{id: m, kind: mail, host: h, to: [a, a]}]' },
      'acme.yaml:1: targets[0].to: must not hold the same entry twice',
    ],
    [
      'a rule that names no target',
      { yaml: 'rules:\n  - id: r\n    targets:\n      - nobody\n' },
      'acme.yaml:4: rules[0].targets[0]: is the id of no target',
    ],
    [
      'settings that contradict each other',
      { yaml: 'http:\n  port: 443\n  plain: true\n' },
      'acme.yaml:3: http.plain: cannot be with port 443',
    ],
    [
      'a member without a kind',
      { yaml: 'targets: [{id: a}]' },
      'acme.yaml:1: targets[0].kind: is missing and must be one of "web", "mail"',
    ],
  ])('refuses %s', (_name, world, fault) => {
    expect(faultsOf(world)).toEqual([fault]);
  });

  test('a directory named .env is none of ours', () => {
    expect(faultsOf({ files: { '/srv/.env': { kind: 'is_directory' } } })).toEqual([]);
  });

  test('keys of objects in general are no settings and reach no prototype', () => {
    const yaml = '__proto__: {port: 1}\nconstructor: {prototype: {port: 1}}\ntoString: x\n';
    expect(faultsOf({ yaml })).toEqual(['acme.yaml:1: __proto__: is not a setting']);
    expect(faultsOf({ yaml: yaml.split('\n').slice(1).join('\n') })).toEqual([
      'acme.yaml:1: constructor: is not a setting',
      'acme.yaml:2: toString: is not a setting',
    ]);
    expect(Object.hasOwn(Object.prototype, 'port')).toBe(false);
  });

  test('a key that holds control characters is printed escaped and cut', () => {
    const [fault] = faultsOf({ yaml: `"\\e[31m${'k'.repeat(200)}": 1` });
    expect(fault).toBe(`acme.yaml:1: ["\\u001b[31m${'k'.repeat(59)}…"]: is not a setting`);
  });
});

describe('warnings', () => {
  test('name variables that look like ours and are not, with what was meant', () => {
    const env = {
      ACME_PROT: '1',
      ACME_TOKEN_FIEL: 'x',
      ACME_ZZZZZZZZ: '1',
      ACME_NO_COLOR: '1',
      ACME_IN_FILE: 'd',
      OTHER_PROT: '1',
      SQREEN_TOKEN: 'x',
    };
    expect(warningsOf({ env, dotEnv: 'ACME_ROLE=api', yaml: 'dataDir: ${ACME_IN_FILE}' })).toEqual([
      '.env ACME_ROLE: is no setting and is not used; did you mean ACME_ROLES?',
      'env ACME_PROT: is no setting and is not used; did you mean ACME_PORT?',
      'env ACME_TOKEN_FIEL: is no setting and is not used; did you mean ACME_TOKEN_FILE?',
      'env ACME_ZZZZZZZZ: is no setting and is not used',
      'env SQREEN_TOKEN: is accepted and not used',
    ]);
  });

  test('name the lines of .env that were left out, without what they hold', () => {
    expect(warningsOf({ dotEnv: 'A=1\nhunter2\nB="open\n' })).toEqual([
      '.env:2: is no NAME=value and was left out',
      '.env:3: is no NAME=value and was left out',
    ]);
  });
});

test('the flags tell a parser of command lines all it needs', () => {
  expect(flagOptions(definition).map(({ flags, attribute }) => [flags, attribute])).toEqual([
    ['--config <path>', 'config'],
    ['--port <value>', 'port'],
    ['--data-dir <value>', 'dataDir'],
  ]);
});
