import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { load } from '../src/app/load.ts';
import { isJsonObject, parseUntrusted } from '../src/kernel/json.ts';
import { dispose, newDirectory, type Service, startService } from './support/service.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);

/** The fenced blocks of a page in one language. */
const blocks = (page: string, language: string): string[] =>
  [
    ...readFileSync(join(root, 'docs', page), 'utf8').matchAll(
      new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\``, 'gm'),
    ),
  ].map(([, code = '']) => code);

function blockWith(page: string, language: string, text: string): string {
  const found = blocks(page, language).find((code) => code.includes(text));
  if (found === undefined) throw new Error(`${page} has no block with ${text}`);
  return found;
}

const KEY = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const feeds = `feeds:
  - id: siem
    kind: push
    key: '\${SIEM_SIGNING_KEY}'
`;

let service: Service;
beforeAll(async () => {
  service = await startService({ config: feeds, env: { SIEM_SIGNING_KEY: KEY } });
});
afterAll(dispose);

const env = () => ({ PATH: process.env['PATH'] ?? '', TOCSIN_URL: service.url, SIEM_SIGNING_KEY: KEY });
const stored = async (): Promise<number> => {
  const answer: unknown = await (await service.api('/api/v1/incidents?limit=200')).json();
  return isJsonObject(answer) && Array.isArray(answer['items']) ? answer['items'].length : -1;
};
const misuse = (n: number): string =>
  JSON.stringify({ type: 'misuse', priority: 'low', timestamp: 1_629_735_668 + n, employee_id: n });

test.each(['incidents.md', 'streaming.md'])(
  'every config in %s is one that the service starts with',
  (page) => {
    const examples = blocks(page, 'yaml');
    expect(examples.length).toBeGreaterThan(0);
    for (const yaml of examples) {
      const cwd = newDirectory();
      writeFileSync(join(cwd, 'tocsin.yaml'), yaml);
      const names = [...yaml.matchAll(/\$\{(\w+)\}/g)].map(([, name = '']) => name);
      const loaded = load({ env: Object.fromEntries(names.map((name) => [name, KEY])), cwd, flags: {} });
      expect(loaded, yaml).toMatchObject({ kind: 'ok', warnings: [] });
    }
  },
);

test('the record that is sent with a shell and openssl is taken, and a repeat the second time', async () => {
  const script = blockWith('incidents.md', 'sh', 'openssl dgst');
  const { stdout } = await run('bash', ['--norc', '-c', script], { env: env() });
  expect(JSON.parse(stdout)).toEqual({ taken: 1, repeats: 0, invalid: 0 });
  const again = await run('bash', ['--norc', '-c', script], { env: env() });
  expect(JSON.parse(again.stdout)).toEqual({ taken: 0, repeats: 1, invalid: 0 });
});

test('the batch of the shell function is taken once, however often it is sent', async () => {
  const before = await stored();
  const cwd = newDirectory();
  const script = blockWith('streaming.md', 'sh', 'push_incidents()');
  for (let time = 0; time < 2; time += 1) {
    writeFileSync(join(cwd, 'incidents.ndjson'), `${misuse(1)}\n${misuse(2)}\n`);
    await run('bash', ['--norc', '-c', script], { env: env(), cwd });
  }
  expect((await stored()) - before).toBe(2);
  writeFileSync(join(cwd, 'incidents.ndjson'), '{"type":');
  const refused = await run('bash', ['--norc', '-c', script], { env: env(), cwd }).catch(
    (error: unknown) => error,
  );
  expect(refused).toMatchObject({ code: 1, stderr: 'not taken (422): incidents.ndjson\n' });
});

test('the program sends every line of its input, safely again, and ends when it is refused', async () => {
  const before = await stored();
  const cwd = newDirectory();
  writeFileSync(join(cwd, 'forward.mjs'), blockWith('streaming.md', 'js', 'createHmac'));
  const forward = (text: string) => {
    const child = run(process.execPath, ['forward.mjs'], { env: env(), cwd });
    child.child.stdin?.end(text);
    return child;
  };
  const text = Array.from({ length: 100 }, (_, n) => misuse(100 + n)).join('\n');
  await forward(text);
  await forward(`${text}\n`);
  expect((await stored()) - before).toBe(100);
  await expect(forward('{"type":')).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining('refused for good (422)'),
  });
});

test('the files are read as the page says, both alike', async () => {
  const MAIN = fileURLToPath(new URL('../src/main.js', import.meta.url));
  const [ndjson = '', csv = ''] = ['ndjson', 'csv'].map(
    (language) => blocks('incidents.md', language)[0] ?? '',
  );
  const documents = [];
  for (const [name, text] of [
    ['incidents.ndjson', ndjson],
    ['incidents.csv', csv],
  ] as const) {
    const cwd = newDirectory();
    mkdirSync(join(cwd, 'incidents'));
    writeFileSync(join(cwd, 'incidents', name), text);
    writeFileSync(join(cwd, 'identities.json'), '{"17.0.0.1": 42}');
    const yaml = blockWith('incidents.md', 'yaml', 'kind: file').replaceAll('/var/lib/soc', cwd);
    writeFileSync(join(cwd, 'tocsin.yaml'), yaml);
    const { stdout } = await run(process.execPath, [MAIN, 'incidents', 'fetch'], { env: env(), cwd });
    const read = parseUntrusted(stdout);
    documents.push(read.ok ? read.value : stdout);
  }
  const [first, second] = documents;
  expect(Object.keys(isJsonObject(first) ? first : {})).toEqual(['42', '1234']);
  expect(second).toEqual(first);
});
