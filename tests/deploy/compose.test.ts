import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkService } from '../../src/cli/check-service.ts';
import { at } from '../support/ask.ts';
import { environmentOf, imageStage, root } from '../support/dockerfile.ts';
import {
  entriesOf,
  isSecretName,
  packageVersion,
  PINNED,
  settingsVariables,
  STOP_SECONDS,
  textOf,
  textsIn,
  yamlOf,
} from './promises.ts';

const FOLDER = 'deploy/compose';
const names = readdirSync(join(root, FOLDER)).filter((name) => /^compose\..*yaml$/.test(name));
const files = names.map((name) => ({ name, compose: yamlOf(`${FOLDER}/${name}`) }));
const services = files.flatMap(({ name, compose }) =>
  entriesOf(at(compose, 'services')).map(([service, definition]) => ({
    name: `${service} of ${name}`,
    compose,
    service,
    definition,
  })),
);
const isOurs = ({ definition }: { definition: unknown }): boolean =>
  String(at(definition, 'image')).startsWith('tocsin:');
const ours = services.filter(isOurs);
const environment = (definition: unknown) => entriesOf(at(definition, 'environment'));

describe.each(services)('$name', ({ compose, definition }) => {
  test('has no privilege and no way to one', () => {
    expect(textsIn(at(definition, 'cap_drop'))).toEqual(['ALL']);
    expect(textsIn(at(definition, 'security_opt'))).toEqual(['no-new-privileges:true']);
    for (const key of ['privileged', 'cap_add', 'devices', 'network_mode', 'pid', 'ipc', 'userns_mode']) {
      expect(at(definition, key), key).toBeUndefined();
    }
  });

  test("cannot write to its image, nor to the engine's socket, nor take all of the machine", () => {
    expect(at(definition, 'read_only')).toBe(true);
    expect(JSON.stringify(at(definition, 'volumes') ?? [])).not.toContain('docker.sock');
    expect(at(definition, 'pids_limit')).toBeGreaterThan(0);
    expect(at(definition, 'mem_limit')).toMatch(/^\d+[mg]$/);
  });

  test('is not root', () => {
    const user = at(definition, 'user') ?? (isOurs({ definition }) ? '10001:10001' : undefined);
    expect(user).toMatch(/^[1-9]\d*:[1-9]\d*$/);
  });

  test('has an image with a version, or builds its own', () => {
    const image = String(at(definition, 'image'));
    if (image === 'tocsin:dev') expect(at(definition, 'build')).toBeDefined();
    else expect(image).toMatch(PINNED);
    if (image.startsWith('tocsin:') && image !== 'tocsin:dev')
      expect(image).toBe(`tocsin:${packageVersion()}`);
  });

  test('is on networks that are there, with secrets that are there', () => {
    const networks = at(definition, 'networks');
    const on = Array.isArray(networks) ? networks.map(String) : entriesOf(networks).map(([name]) => name);
    const there = entriesOf(at(compose, 'networks')).map(([name]) => name);
    expect(on.filter((name) => !there.includes(name))).toEqual([]);
    const secrets = entriesOf(at(compose, 'secrets')).map(([name]) => name);
    expect(textsIn(at(definition, 'secrets')).filter((name) => !secrets.includes(name))).toEqual([]);
  });
});

describe.each(ours)('$name', ({ definition }) => {
  test('sets only variables that the service knows', () => {
    const unknown = environment(definition).filter(([name]) => !settingsVariables.includes(name));
    expect(unknown).toEqual([]);
  });

  test('reads only files that it is handed', () => {
    const mounted = textsIn(at(definition, 'secrets')).map((name) => `/run/secrets/${name}`);
    const named = environment(definition).filter(
      ([name]) => name.endsWith('_FILE') && name !== 'TOCSIN_LOG_FILE',
    );
    expect(named.map(([, path]) => path).filter((path) => !mounted.includes(String(path)))).toEqual([]);
  });
});

describe('what can be reached', () => {
  test('from other machines: the proxy, and nothing else', () => {
    const open = services.flatMap(({ name, definition }) =>
      textsIn(at(definition, 'ports'))
        .filter((port) => !port.startsWith('127.0.0.1:'))
        .map((port) => `${name} ${port}`),
    );
    expect(open).toEqual(['proxy of compose.scaled.yaml 80:8080', 'proxy of compose.scaled.yaml 443:8443']);
  });

  test.each(['postgres', 'redis'])('%s: only from an internal network', (name) => {
    const { compose, definition } = services.find(({ service }) => service === name) ?? {};
    expect(at(definition, 'ports')).toBeUndefined();
    expect(textsIn(at(definition, 'networks'))).toEqual(['store']);
    expect(at(compose, 'networks', 'store', 'internal')).toBe(true);
  });

  test("the service believes the proxy's address and no other", () => {
    const scaled = yamlOf(`${FOLDER}/compose.scaled.yaml`);
    const address = at(scaled, 'services', 'proxy', 'networks', 'inside', 'ipv4_address');
    for (const role of ['api', 'deliver', 'collect']) {
      expect(at(scaled, 'services', role, 'environment', 'TOCSIN_TRUSTED_PROXIES')).toBe(address);
    }
    const subnet = String(at(scaled, 'networks', 'inside', 'ipam', 'config', 0, 'subnet'));
    expect(String(address).startsWith(subnet.replace(/\.0\/24$/, '.'))).toBe(true);
  });

  test('the ports agree from the outside to the service', () => {
    const listening = [...textOf(`${FOLDER}/nginx/nginx.conf`).matchAll(/listen (\d+)/g)].map(
      ([, port]) => port,
    );
    expect(listening).toEqual(['8080', '8443']);
    expect(textOf(`${FOLDER}/nginx/upstream.conf`)).toContain('server api:9000 ');
    const published = services.flatMap(({ definition }) => textsIn(at(definition, 'ports')));
    const inside = published.map((port) => port.split(':').at(-1));
    expect([...new Set(inside)].sort()).toEqual(['8080', '8443', '9000']);
  });
});

test('the scaled service runs each role in containers of its own, two of those that carry the load', () => {
  const scaled = at(yamlOf(`${FOLDER}/compose.scaled.yaml`), 'services');
  const roles = ['api', 'deliver', 'collect'].map((role) => [
    at(scaled, role, 'environment', 'TOCSIN_ROLES'),
    at(scaled, role, 'deploy', 'replicas') ?? 1,
  ]);
  expect(roles).toEqual([
    ['api', 2],
    ['deliver', 2],
    ['collect', 1],
  ]);
});

test('the scaled service has no secret in its environment: what is in it shows in every inspection', () => {
  const scaled = services.filter(({ name }) => name.endsWith('compose.scaled.yaml'));
  const shown = scaled.flatMap(({ definition }) =>
    environment(definition).filter(([name]) => isSecretName(name) || name.endsWith('PASSWORD')),
  );
  expect(shown).toEqual([]);
});

test('a stop waits longer than the service takes to end what it sends', () => {
  for (const { name, definition } of ours.filter(({ name }) => /scaled|compose\.yaml/.test(name))) {
    expect(Number.parseInt(String(at(definition, 'stop_grace_period')), 10), name).toBeGreaterThan(
      STOP_SECONDS,
    );
  }
});

describe('make-secrets.sh', () => {
  let directory: string;
  const make = () => spawnSync('bash', [join(directory, 'make-secrets.sh')], { encoding: 'utf8' });
  const read = (name: string): string => readFileSync(join(directory, 'secrets', name), 'utf8').trim();
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'tocsin-secrets-'));
    cpSync(join(root, FOLDER, 'make-secrets.sh'), join(directory, 'make-secrets.sh'));
    expect(make()).toMatchObject({ status: 0, stderr: '' });
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  test('makes every secret but the certificate, in a folder that is only its owner’s', () => {
    const declared = entriesOf(at(yamlOf(`${FOLDER}/compose.scaled.yaml`), 'secrets'));
    const wanted = declared.map(([, secret]) => basename(String(at(secret, 'file'))));
    const made = readdirSync(join(directory, 'secrets'));
    expect(wanted.filter((name) => !made.includes(name))).toEqual(['tls.crt', 'tls.key']);
    expect(statSync(join(directory, 'secrets')).mode & 0o777).toBe(0o700);
  });

  test('gives the databases and the service the same passwords, and nothing twice', () => {
    expect(new URL(read('database_url')).password).toBe(read('database_password'));
    expect(new URL(read('redis_url')).password).toBe(read('redis_password'));
    expect(read('redis_conf')).toBe(`requirepass ${read('redis_password')}`);
    const random = [
      'master_key',
      'token',
      'signature_key',
      'postgres_password',
      'database_password',
      'redis_password',
    ];
    expect(new Set(random.map(read)).size).toBe(random.length);
  });

  test('never writes over a secret that is there', () => {
    const before = read('master_key');
    expect(make()).toMatchObject({ status: 0, stdout: '' });
    expect(read('master_key')).toBe(before);
  });

  test.each(ours.filter(({ name }) => !name.startsWith('checks')))(
    'the environment and the config of $name are ones that the service starts with',
    ({ definition }) => {
      const cwd = join(directory, 'config');
      rmSync(cwd, { recursive: true, force: true });
      const hasConfig = textsIn(at(definition, 'volumes')).some((volume) => volume.includes(':/etc/tocsin'));
      if (hasConfig) cpSync(join(root, FOLDER, 'config'), cwd, { recursive: true });
      else mkdirSync(cwd);
      const given = environment(definition).flatMap(([name, value]) =>
        value === null ? [] : [[name, String(value)]],
      );
      const here = given.map(([name = '', value = '']) => [
        name,
        value
          .replace('/run/secrets', join(directory, 'secrets'))
          .replace(/^\$\{TOCSIN_PUBLIC_URL:.*$/, 'https://tocsin.example.org'),
      ]);
      const env = { ...environmentOf(imageStage()), ...Object.fromEntries(here) };
      expect(checkService({ env, cwd, flags: {} })).toMatchObject({ kind: 'ok' });
    },
  );
});
