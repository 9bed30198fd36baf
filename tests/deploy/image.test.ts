import { spawnSync } from 'node:child_process';
import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Contained, runContained } from '../support/contained.ts';
import {
  type BuildStage,
  environmentOf,
  execForm,
  imageStage,
  readDockerfile,
  root,
  textsOf,
} from '../support/dockerfile.ts';
import { inContext, performDockerfile } from '../support/image-steps.ts';
import { describeWith } from '../support/needs.ts';
import { KEY, sign, TOKEN } from '../support/service.ts';
import { until } from '../support/until.ts';
import { settingsVariables } from './promises.ts';

/** Half a minute on a machine with nothing else to do. */
const BUILD_MS = 300_000;

const image = imageStage();
const last = (name: string, stage: BuildStage = image): string => textsOf(stage, name).at(-1) ?? '';

describe('the Dockerfile', () => {
  test('starts every stage from one base with a full version, which a digest can be given for', () => {
    expect(new Set(readDockerfile().map(({ base }) => base))).toHaveProperty('size', 1);
    expect(image.base).toMatch(/^node:\d+\.\d+\.\d+-[a-z]+-slim$/);
  });

  test('ends with an unprivileged user given as a number, and makes nothing as root in the image', () => {
    expect(last('USER')).toMatch(/^[1-9]\d{3,}:[1-9]\d{3,}$/);
    expect(image.instructions.at(-1)).toEqual({ name: 'CMD', text: '["serve"]' });
    expect(textsOf(image, 'RUN')).toEqual([]);
  });

  test('needs no shell: the entry point, the command and the health check are words', () => {
    expect(execForm(last('ENTRYPOINT'))).toEqual(['node', '/app/dist/src/main.js']);
    expect(execForm(last('HEALTHCHECK'))).toEqual(['node', '/app/healthcheck.mjs']);
    expect(last('STOPSIGNAL')).toBe('SIGTERM');
  });

  test('sets variables that the service knows, and holds no secret', () => {
    const names = Object.keys(environmentOf(image)).filter((name) => name !== 'NODE_ENV');
    expect(names.filter((name) => !settingsVariables.includes(name))).toEqual([]);
    expect(names.filter((name) => /TOKEN|KEY|SECRET|PASSWORD|DATABASE/.test(name))).toEqual([]);
  });

  test('names the version of the package', () => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    expect(textsOf(image, 'ARG')).toContain(`VERSION=${version}`);
  });

  test.each(['.env', 'data', 'tocsin.yaml', '.git', 'tests', 'node_modules'])(
    'cannot take %s: it does not reach the build',
    (path) => {
      expect(() => inContext(path)).toThrow(/not in the context/);
    },
  );
});

await describeWith('image', 'the image, built by its own steps', () => {
  let directory: string;
  let tree: string;
  let data: string;
  const [user, group] = last('USER').split(':').map(Number);
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'tocsin-image-'));
    tree = performDockerfile(directory);
    data = join(directory, 'volume');
    mkdirSync(data, { mode: 0o700 });
    chownSync(data, user ?? 0, group ?? 0);
  }, BUILD_MS);
  afterAll(() => rmSync(directory, { recursive: true, force: true }), BUILD_MS);

  const files = (): string[] => readdirSync(tree, { recursive: true, encoding: 'utf8' });

  test('holds the service and what it runs on, and neither tests nor tools', () => {
    const own = files().filter((path) => path.startsWith('app/') && !path.startsWith('app/node_modules/'));
    expect(own).toContain('app/dist/src/main.js');
    expect(own.filter((path) => /\.test\.|\.ts$|\.map$|\/tests|\.env/.test(path))).toEqual([]);
    const tools = ['typescript', 'vitest', 'oxlint', 'prettier', 'fast-check'];
    expect(tools.filter((name) => existsSync(join(tree, 'app/node_modules', name)))).toEqual([]);
  });

  test('belongs to root, but for the folders that the service writes to', () => {
    const foreign = files().filter((path) => statSync(join(tree, path)).uid === user);
    expect(foreign.sort()).toEqual(['var/lib/tocsin', 'var/log/tocsin']);
  });

  describe('on a read-only root, without a shell, without a privilege', () => {
    let running: Contained | undefined;
    let url: string;
    let probes: string;
    beforeAll(async () => {
      const started = await runContained(tree, data, {
        TOCSIN_HOST: '127.0.0.1',
        TOCSIN_PORT: '0',
        TOCSIN_HEALTH_PORT: '0',
        TOCSIN_TOKEN: TOKEN,
        SIGNATURE_KEY: KEY,
      });
      const found = (pattern: RegExp) =>
        until(`${pattern}`, () => pattern.exec(started.output())?.[1], 40_000);
      running = started;
      url = await found(/Tocsin is ready: (http:\/\/[\d.:]+)/);
      probes = await found(/"url.full":"http:\/\/[\d.]+:(\d+)","message":"probes are answered"/);
    });
    afterAll(() => running?.kill());

    const healthCheck = (port: string) =>
      spawnSync(process.execPath, [join(tree, execForm(last('HEALTHCHECK'))[1] ?? '')], {
        env: { ...environmentOf(image), TOCSIN_HEALTH_PORT: port },
        encoding: 'utf8',
      });

    test('takes a signed notification and delivers it', async () => {
      const body = '[{"id":"from a container"}]';
      const headers = { 'content-type': 'application/json', 'x-sqreen-integrity': sign(body) };
      const answer = await fetch(`${url}/v1/webhook`, { method: 'POST', body, headers });
      expect(answer.status).toBe(200);
      await until('the event on standard output', () => /evt_[0-9a-f-]{36}/.test(running?.output() ?? ''));
    });

    test('its health check finds it healthy, and finds what is not there ill', () => {
      expect(healthCheck(probes)).toMatchObject({ status: 0, stderr: '' });
      const ill = healthCheck('1');
      expect(ill.status).toBe(1);
      expect(ill.stderr).toMatch(/^\/readyz: /);
    });

    test('as process 1 ends in order when it is told to', async () => {
      running?.signal('SIGTERM');
      expect(await running?.exited).toBe(0);
      expect(running?.output()).toContain('"message":"stopped"');
      expect(readdirSync(data)).toContain('master.key');
    });
  });
});
