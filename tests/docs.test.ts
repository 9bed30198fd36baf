import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { load } from '../src/app/load.ts';
import { commands } from '../src/cli/commands/index.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

function markdownFiles(directory: string): string[] {
  return readdirSync(join(root, directory), { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) return markdownFiles(path);
    return path.endsWith('.md') ? [path] : [];
  });
}

const pages = [
  ...readdirSync(root).filter((name) => name.endsWith('.md')),
  ...markdownFiles('docs'),
  'bench/README.md',
];

/** The fenced blocks of one language. */
const blocks = (text: string, language: string): string[] =>
  [...text.matchAll(new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(
    ([, code = '']) => code,
  );

describe('the pages', () => {
  test.each(pages)('%s links to files that are there', (page) => {
    const links = [...read(page).matchAll(/\]\((?!https?:|#)([^)#\s]+)[^)]*\)/g)].map(
      ([, link = '']) => link,
    );
    const missing = links.filter((link) => !existsSync(resolve(root, dirname(page), link)));
    expect(missing).toEqual([]);
  });

  test('name only npm scripts that exist', () => {
    const manifest = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const scripts = Object.keys(manifest.scripts);
    const named = pages.flatMap((page) =>
      [...read(page).matchAll(/npm run ([\w:-]+)/g)].map(([, name = '']) => name),
    );
    expect(named.filter((name) => !scripts.includes(name))).toEqual([]);
  });

  test('name only commands that exist', () => {
    const known = commands.map((command) => command.name.split(' ')[0]);
    const named = pages.flatMap((page) =>
      blocks(read(page), 'sh').flatMap((code) =>
        [...code.matchAll(/(?:^|npx )tocsin ([a-z-]+)/gm)].map(([, name = '']) => name),
      ),
    );
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((name) => !known.includes(name))).toEqual([]);
  });
});

test("the README's config is one that the service starts with", () => {
  const [yaml = ''] = blocks(read('README.md'), 'yaml');
  const cwd = mkdtempSync(join(tmpdir(), 'tocsin-docs-'));
  writeFileSync(join(cwd, 'tocsin.yaml'), yaml);
  const env = {
    SMTP_PASSWORD: 'a-password',
    SLACK_WEBHOOK_URL: 'https://hooks.slack.com/services/T0/B0/x',
    SIEM_SIGNING_SECRET: `whsec_${Buffer.alloc(32, 7).toString('base64')}`,
  };
  const loaded = load({ env, cwd, flags: {} });
  rmSync(cwd, { recursive: true });
  expect(loaded).toMatchObject({ kind: 'ok' });
});

test('every config about ways of proving is one that the service starts with', () => {
  const [section = ''] = read('docs/sources.md').split('\n## Formats', 1);
  const examples = blocks(section, 'yaml');
  expect(examples.length).toBeGreaterThan(5);
  for (const yaml of examples) {
    const cwd = mkdtempSync(join(tmpdir(), 'tocsin-docs-'));
    writeFileSync(join(cwd, 'tocsin.yaml'), yaml);
    const names = [...yaml.matchAll(/\$\{(\w+)\}/g)].map(([, name = '']) => name);
    const secretOf = (index: number): string => `whsec_${Buffer.alloc(32, index).toString('base64')}`;
    const env = Object.fromEntries(names.map((name, index) => [name, secretOf(index)]));
    const loaded = load({ env, cwd, flags: {} });
    rmSync(cwd, { recursive: true });
    expect(loaded, yaml).toMatchObject({ kind: 'ok' });
  }
});

test('every decision record is in its table', () => {
  const table = read('docs/adr/README.md');
  const records = readdirSync(join(root, 'docs/adr')).filter((name) => /^\d{4}-/.test(name));
  expect(records.filter((name) => !table.includes(`(${name})`))).toEqual([]);
});
