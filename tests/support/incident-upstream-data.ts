import { readFileSync } from 'node:fs';
import { elevateTypes } from '../../src/incidents/feeds/presets.ts';
import { isJsonObject } from '../../src/kernel/json.ts';
import { seeded, shuffled } from './seeded.ts';

const FOLDER = new URL('../../../tests/fixtures/incidents/', import.meta.url);

export type IncidentRecord = Record<string, unknown>;

/** What the upstream holds, to begin with. */
export interface UpstreamData {
  readonly lists: Readonly<Record<string, readonly unknown[]>>;
  readonly identities: Readonly<Record<string, number>>;
}

/** The real answers: 300 records of each type, 5,000 identities. */
export function fixtureData(): UpstreamData {
  const lists = elevateTypes.map(({ type }) => [type, resultsOf(readJson(type))] as const);
  return { lists: Object.fromEntries(lists), identities: numbersOf(readJson('identities')) };
}

/** The addresses that incidents are attributed by, in an order that the seed decides. */
export function neededAddresses({ lists, identities }: UpstreamData, seed: number): readonly string[] {
  const members = ['internal_ip', 'machine_ip', 'ip', 'identifier'];
  const records = Object.values(lists).flat().filter(isJsonObject);
  const named = records.flatMap((record) => members.map((member) => record[member]));
  const needed = named.filter((value): value is string => typeof value === 'string' && value in identities);
  return shuffled([...new Set(needed)].toSorted(), seeded(seed));
}

function readJson(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`${name}.json`, FOLDER), 'utf8'));
}

function resultsOf(value: unknown): readonly unknown[] {
  const results = isJsonObject(value) ? value['results'] : undefined;
  if (!Array.isArray(results)) throw new TypeError('a fixture without results');
  return results;
}

function numbersOf(value: unknown): Record<string, number> {
  if (!isJsonObject(value)) throw new TypeError('a fixture that is no object');
  const entries = Object.entries(value).flatMap(([key, one]) =>
    typeof one === 'number' ? [[key, one]] : [],
  );
  return Object.fromEntries(entries) as Record<string, number>;
}
