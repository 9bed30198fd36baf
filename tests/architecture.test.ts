import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const architecture = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8');

/** The rows of a table in ARCHITECTURE.md whose first cell is code. */
function table(heading: string): Map<string, string[]> {
  const section = architecture.split(`## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  const rows = [...section.matchAll(/^\|\s*`([^`]+)`\s*\|([^|]*)\|/gm)];
  return new Map(
    rows.map(([, name = '', cell = '']) => [
      name,
      [...cell.matchAll(/`([^`]+)`/g)].map(([, word = '']) => word),
    ]),
  );
}

const directions = table('Directions');
const packages = table('Packages');

interface Import {
  readonly file: string;
  readonly folder: string;
  readonly specifier: string;
}

/** Every import of the shipped code, found by the compiler's own reader: a regular expression misses some. */
const imports: readonly Import[] = sources(join(root, 'src')).flatMap((path) => {
  const file = relative(root, path);
  const found = ts.preProcessFile(readFileSync(path, 'utf8'), true, true).importedFiles;
  return found.map(({ fileName }) => ({ file, folder: folderOf(path), specifier: fileName }));
});

function sources(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) return sources(path);
    const shipped = path.endsWith('.ts') && !path.endsWith('.test.ts') && !isTestPart(path);
    return shipped ? [path] : [];
  });
}

/** Suites and stand-ins that stand beside what they test. */
function isTestPart(path: string): boolean {
  return /\/(contract|test-[\w-]+)\.ts$/.test(path);
}

/** `kernel` for src/kernel/clock.ts, `main` for src/main.ts. */
function folderOf(path: string): string {
  return relative(join(root, 'src'), path).replace(/\.ts$/, '').split('/')[0] ?? '';
}

test('every folder is in the table of directions', () => {
  expect(
    [...new Set(imports.map(({ folder }) => folder))].filter((folder) => !directions.has(folder)),
  ).toEqual([]);
});

test('folders import only what the table of directions allows', () => {
  const forbidden = imports.flatMap(({ file, folder, specifier }) => {
    if (!specifier.startsWith('.')) return [];
    const to = folderOf(resolve(root, dirname(file), specifier));
    return to === folder || directions.get(folder)?.includes(to) ? [] : [`${file} imports ${to}`];
  });
  expect(forbidden).toEqual([]);
});

test('the table of directions has no cycle', () => {
  const below = (folder: string, path: readonly string[]): void => {
    expect(path, `cycle through ${folder}`).not.toContain(folder);
    for (const next of directions.get(folder) ?? []) below(next, [...path, folder]);
  };
  for (const folder of directions.keys()) below(folder, []);
});

test('nobody reaches into the store of another domain but by its public reader', () => {
  const statements = imports.filter(({ file, folder, specifier }) => {
    if (!specifier.endsWith('/statements.ts')) return false;
    return folderOf(resolve(root, dirname(file), specifier)) !== folder && folder !== 'app';
  });
  expect(statements.map(({ file, specifier }) => `${file} imports ${specifier}`)).toEqual([]);
});

test('a third-party package is imported in one folder', () => {
  const strays = imports.flatMap(({ file, folder, specifier }) => {
    if (specifier.startsWith('.') || specifier.startsWith('node:')) return [];
    const name = specifier
      .split('/')
      .slice(0, specifier.startsWith('@') ? 2 : 1)
      .join('/');
    const allowed = packages.get(name);
    return allowed === undefined || (!allowed.includes(folder) && !allowed.includes('*'))
      ? [`${file} imports ${name}`]
      : [];
  });
  expect(strays).toEqual([]);
});
