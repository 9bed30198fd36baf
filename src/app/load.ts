import { type FaultyConfig, type LoadedConfig, loadConfig } from '../config/load-config.ts';
import { type Config, definition } from './settings.ts';

export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** The command line's, by attribute. */
  readonly flags: Readonly<Record<string, unknown>>;
}

/** Loads the config of the service. */
export const load = (surroundings: Surroundings): LoadedConfig<Config> | FaultyConfig =>
  loadConfig({ definition, ...surroundings });
