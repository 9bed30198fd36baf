import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { commands } from '../src/cli/commands/index.ts';
import { cliReference } from '../src/cli/reference.ts';
import { generateFiles, type GeneratedFile } from '../src/config/generate.ts';
import { definition } from '../src/app/settings.ts';
import { accessReference } from './access-reference.ts';
import { clientTypes } from './client-types.ts';
import { countryTable } from './country-table.ts';
import { serviceDescription } from './service-description.ts';

/** Writes the files that are made from the settings, the commands, the routes and ISO 3166; with `--check` only says which of them have drifted. */
async function main(args: readonly string[]): Promise<number> {
  const description = await serviceDescription();
  const files = [
    ...generateFiles(definition),
    { path: 'docs/reference/cli.md', text: cliReference(commands) },
    { path: 'docs/reference/access.md', text: accessReference(description) },
    { path: 'src/client/operations.ts', text: clientTypes(description) },
    { path: 'src/countries/iso-table.ts', text: countryTable() },
  ];
  if (!args.includes('--check')) {
    for (const file of files) write(file);
    return 0;
  }
  const drifted = files.filter(({ path, text }) => current(path) !== text);
  for (const { path } of drifted) process.stderr.write(`${path} is not up to date: run npm run generate\n`);
  return drifted.length === 0 ? 0 : 1;
}

function write({ path, text }: GeneratedFile): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

function current(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // Not there yet, or not readable: drifted either way.
    return undefined;
  }
}

process.exitCode = await main(process.argv.slice(2));
