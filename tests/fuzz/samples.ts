import { readdirSync } from 'node:fs';
import { fixture } from '../support/source-formats.ts';

const FIXTURES = new URL('../../../tests/fixtures/', import.meta.url);

/** Real bodies of the kind: every kind has some, in a folder of its name. */
export function samplesOf(kind: string): readonly string[] {
  const names = readdirSync(new URL(`${kind}/`, FIXTURES)).filter((name) => /\.(?:nd)?json$/.test(name));
  return names.map((name) => fixture(`${kind}/${name}`));
}
