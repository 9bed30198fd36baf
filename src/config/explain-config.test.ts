import { expect, test } from 'vitest';
import { explainConfig } from './explain-config.ts';
import { load } from './test-definition.ts';

test('shows every value with its origin; secrets masked, ${NAME} as it is written, unset settings too', () => {
  const loaded = load({
    yaml: `http:
  limits: {body: 2048}
dataDir: /srv/\${WHERE}
targets:
  - id: w
    kind: web
    url: https://x/\${PATH_KEY}
    headers: {A: "\${H}"}
    keys: ["\${H}", "\${H}"]
  - id: m
    kind: mail
    host: h
    to: ["\${WHOM}", b]
    passwordFile: /pw
`,
    env: { ACME_PORT: '81', ACME_TOKEN: 't', WHERE: 'x', PATH_KEY: 'k', H: 'h', WHOM: 'soc' },
    dotEnv: 'ACME_RETENTION=1d',
    flags: { dataDir: undefined },
    files: { '/pw': 'abcd' },
  });
  if (loaded.kind === 'faulty') throw new Error(loaded.faults[0]?.message);
  expect(explainConfig(loaded).map(({ path, value, origin }) => [path, value, origin])).toEqual([
    ['http.port', 81, 'env ACME_PORT'],
    ['http.plain', false, 'default'],
    ['http.limits.body', 2048, 'acme.yaml:2'],
    ['dataDir', '/srv/${WHERE}', 'acme.yaml:3'],
    ['roles', ['api'], 'default'],
    ['retention', '1d', '.env ACME_RETENTION'],
    ['access.token', '[secret]', 'env ACME_TOKEN'],
    ['webhook.key', undefined, 'not set'],
    ['app.id', undefined, 'not set'],
    ['targets[0].id', 'w', 'acme.yaml:5'],
    ['targets[0].kind', 'web', 'acme.yaml:6'],
    ['targets[0].url', 'https://x/${PATH_KEY}', 'acme.yaml:7'],
    ['targets[0].headers.A', '[secret]', 'acme.yaml:8'],
    ['targets[0].keys', '[secret]', 'acme.yaml:9'],
    ['targets[0].concurrency', 4, 'default'],
    ['targets[0].method', 'POST', 'default'],
    ['targets[1].id', 'm', 'acme.yaml:10'],
    ['targets[1].kind', 'mail', 'acme.yaml:11'],
    ['targets[1].host', 'h', 'acme.yaml:12'],
    ['targets[1].to', ['${WHOM}', 'b'], 'acme.yaml:13'],
    ['targets[1].password', '[secret]', 'acme.yaml:14'],
    ['targets[1].concurrency', 4, 'default'],
    ['targets[1].port', 587, 'default'],
    ['rules', [], 'default'],
  ]);
});

test('a template that another place overrides is not shown in its stead', () => {
  const loaded = load({ yaml: 'dataDir: /srv/${A}', env: { A: 'a', ACME_DATA_DIR: '/other' } });
  if (loaded.kind === 'faulty') throw new Error(loaded.faults[0]?.message);
  const row = explainConfig(loaded).find(({ path }) => path === 'dataDir');
  expect(row).toEqual({ path: 'dataDir', value: '/other', origin: 'env ACME_DATA_DIR' });
});
