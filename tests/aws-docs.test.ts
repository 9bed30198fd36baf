import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { load } from '../src/app/load.ts';
import { isJsonObject, parseUntrusted } from '../src/kernel/json.ts';
import { aDemoAccount } from './support/aws/demo-account.ts';
import { FakeAws } from './support/aws/fake-aws.ts';
import { aKey } from './support/aws/keys.ts';
import { dispose, newDirectory, type Service, startService, TOKEN } from './support/service.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const MAIN = fileURLToPath(new URL('../src/main.js', import.meta.url));
const run = promisify(execFile);

const page = readFileSync(join(root, 'docs/aws.md'), 'utf8');
/** The fenced blocks of the page in one language. */
const blocks = (language: string): string[] =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(
    ([, code = '']) => code,
  );

function blockWith(text: string): string {
  const found = blocks('sh').find((code) => code.includes(text));
  if (found === undefined) throw new Error(`aws.md has no block with ${text}`);
  return found;
}

/** What the service and the page's commands are given. */
let aws: FakeAws;
let service: Service;
let env: NodeJS.ProcessEnv;
let cwd: string;

beforeAll(async () => {
  const account = aDemoAccount();
  const key = aKey(account.id);
  aws = await FakeAws.start({ accounts: [account], keys: [key] });
  const keys = {
    AWS_ACCESS_KEY_ID: key.id,
    AWS_SECRET_ACCESS_KEY: key.secret,
    TOCSIN_AWS_ENDPOINT: aws.url,
  };
  const config = 'accounts: [{ id: prod, credentials: environment, scanEvery: 0s }]';
  service = await startService({ config, env: keys });
  cwd = newDirectory();
  const path = process.env['PATH'] ?? '';
  env = { ...keys, PATH: path, TOCSIN_URL: service.url, TOCSIN_TOKEN: TOKEN, TOCSIN_PORT: '0' };
});
afterAll(async () => {
  await dispose();
  await aws.close();
});

/** As whoever reads the page runs it; `tocsin` is the one that was built. */
async function shell(script: string): Promise<string> {
  const tocsin = `tocsin() { "${process.execPath}" "${MAIN}" "$@"; }\n`;
  const { stdout } = await run('bash', ['--norc', '-e', '-o', 'pipefail', '-c', `${tocsin}${script}`], {
    env,
    cwd,
  });
  return stdout;
}

const objectsIn = (text: string): readonly unknown[] =>
  text
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => {
      const read = parseUntrusted(line);
      return read.ok ? read.value : line;
    });

const memberOf = (value: unknown, name: string): unknown => (isJsonObject(value) ? value[name] : undefined);
const firstId = (value: unknown): string => {
  const items = memberOf(value, 'items');
  return Array.isArray(items) ? String(memberOf(items[0], 'id')) : '';
};
const listed = async (path: string): Promise<unknown> => (await service.api(path)).json();

const secrets = {
  PAGERDUTY_KEY: 'e93facc04764012d7bfb002500d5d1a6',
  SLACK_WEBHOOK_URL: 'https://hooks.slack.com/services/T0/B0/x',
};

test('every config on the page is one that the service starts with', () => {
  const examples = blocks('yaml');
  expect(examples.length).toBeGreaterThan(1);
  for (const yaml of examples) {
    const directory = newDirectory();
    writeFileSync(join(directory, 'tocsin.yaml'), yaml);
    const loaded = load({ env: secrets, cwd: directory, flags: {} });
    expect(loaded, yaml).toMatchObject({ kind: 'ok', warnings: [] });
  }
});

test('the login opens a session with which every contracted route answers', async () => {
  const said = await shell(blockWith('auth/login'));
  expect(memberOf(objectsIn(said)[0], 'expires_at')).toMatch(/^\d{4}-.*Z$/);
  const answers = objectsIn(await shell(blockWith('ask ecs/clusters')));
  expect(answers).toMatchObject([
    { clusters: expect.anything() },
    { services: expect.anything() },
    { buckets: expect.anything() },
    { storage_class_summary: expect.anything() },
    { volumes: expect.anything() },
    { metrics: expect.anything() },
    { vpcs: expect.anything() },
    { security_groups: expect.anything() },
    { summary: expect.anything() },
  ]);
});

test('a scan is asked for, followed and read as the page says', async () => {
  const said = await shell(blockWith('--no-buffer'));
  expect(said).toContain('event: over');
  const report = objectsIn(said).at(-1);
  expect(report).toMatchObject({ state: 'done', account: 'prod', coverage: { denied: 0, failed: 0 } });
});

test('in a pipeline the exit code tells that something is so severe', async () => {
  await expect(shell(blockWith('--fail-on'))).rejects.toMatchObject({ code: 4 });
});

test('every command of the page does what it is there for', async () => {
  const finding = firstId(await listed('/api/v1/findings'));
  const scan = firstId(await listed('/api/v1/scans'));
  expect([finding, scan]).toEqual([expect.stringMatching(/^fnd_/), expect.stringMatching(/^scn_/)]);
  const lines = blocks('sh')
    .flatMap((code) => code.split('\n'))
    .filter((line) => line.startsWith('tocsin ') && !/tocsin (serve|aws scan )/.test(line));
  expect(lines.length).toBeGreaterThan(15);
  const script = [...new Set(lines)]
    .join('\n')
    .replaceAll(/fnd_\w+/g, finding)
    .replaceAll(/scn_\w+/g, scan);
  const said = await shell(script);
  expect(said).toContain('is muted until');
  expect(said).toContain('is not muted.');
  expect(readFileSync(join(cwd, 'tocsin-read-only.json'), 'utf8')).toContain('ec2:DescribeVolumes');
  expect(readFileSync(join(cwd, 'trust.json'), 'utf8')).toContain('sts:AssumeRole');
  expect(readFileSync(join(cwd, 'findings.ndjson'), 'utf8')).toContain('"class_uid":2003');
  expect(readFileSync(join(cwd, 'high.csv'), 'utf8')).toContain('net.sg-');
  // Some twenty processes, one after the other.
}, 120_000);

test('no key is in what the commands and the service wrote', () => {
  const secret = String(env['AWS_SECRET_ACCESS_KEY']);
  expect(`${service.stdout()}${service.stderr()}`).not.toContain(secret);
});
