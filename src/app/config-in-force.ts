import { type ConfigRow, explainConfig } from '../config/explain-config.ts';
import { leavesOf } from '../config/leaves.ts';
import type { LoadedConfig } from '../config/load-config.ts';
import type { Config } from './settings.ts';

type Loaded = LoadedConfig<Config>;

/** The sections that a reload applies; the others hold from start to stop. */
const RELOADED = new Set<string>([
  'sources',
  'targets',
  'rules',
  'default',
  'admins',
  'application',
  'signatureKey',
  'signatureKeyPrevious',
  'countries',
]);

const isReloaded = (path: string): boolean => RELOADED.has(path.split(/[.[]/, 1)[0] ?? '');

/** What the service works with: of the start what only a start applies, of the last load the rest. */
export function configInForce(started: Loaded, last: Loaded): ConfigRow[] {
  return [
    ...explainConfig(started).filter(({ path }) => !isReloaded(path)),
    ...explainConfig(last).filter(({ path }) => isReloaded(path)),
  ];
}

/** The settings that were changed since the start and wait for the next one. */
export function waitingForStart(started: Loaded, last: Loaded): string[] {
  const before = valuesOf(started);
  const after = valuesOf(last);
  return [...new Set([...before.keys(), ...after.keys()])].filter(
    (path) => !isReloaded(path) && before.get(path) !== after.get(path),
  );
}

const valuesOf = ({ config }: Loaded): Map<string, string | undefined> =>
  new Map(leavesOf(config, '').map(({ path, value }) => [path, JSON.stringify(value)]));
