import type { LoadedConfig } from '../config/load-config.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Fault } from '../kernel/fault.ts';
import { errorText, type Logger } from '../kernel/log.ts';
import { objectsOf } from './objects-of.ts';
import type { Services } from './services.ts';
import type { Config } from './settings.ts';
import { storedFaults, withRemedies } from './stored-faults.ts';

type Loaded = LoadedConfig<Config>;

export interface CurrentConfigOptions {
  /** Of the start. */
  readonly loaded: Loaded;
  readonly services: Pick<Services, 'objects' | 'registry' | 'countries'>;
  readonly clock: Clock;
  readonly log: Logger;
  /** Hears of every load: the store's version that is in force then; undefined when there were faults. */
  readonly read: (version: number | undefined) => void;
}

const FOLLOW_MS = 2_000;

/** What is configured, from both origins: the file as it was read last, and the store, whose changes are followed. */
export class CurrentConfig {
  readonly #options: CurrentConfigOptions;
  #loaded: Loaded;
  #loading: Promise<unknown> = Promise.resolve();
  #version = -1;
  #refused = -1;
  #cancel: (() => void) | undefined;
  #stopped = false;

  constructor(options: CurrentConfigOptions) {
    this.#options = options;
    this.#loaded = options.loaded;
  }

  get loaded(): Loaded {
    return this.#loaded;
  }

  /**
   * Returns the faults, in which case all stays as it was. One load at a time: what an earlier one read must not come
   * after what a later one did.
   */
  load(read: () => Loaded = () => this.#loaded): Promise<Fault[]> {
    const turn = this.#loading.then(() => this.#load(read()));
    this.#loading = turn.catch(() => {});
    return turn;
  }

  /** Looks for changes that other replicas made, again and again. */
  follow(): void {
    this.#cancel = this.#options.clock.after(FOLLOW_MS, () => {
      void this.catchUp().then(() => {
        if (!this.#stopped) this.follow();
      });
    });
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel?.();
  }

  /** Whether all that is stored is in force now. What was refused is told once. */
  async catchUp(): Promise<boolean> {
    const { services, log } = this.#options;
    try {
      const version = await services.objects.version();
      if (version === this.#version) return true;
      if (version === this.#refused) return false;
      const faults = await this.load();
      for (const { path, message } of faults)
        log.error({ path }, `the stored config was not taken: ${message}`);
      if (faults.length > 0) this.#refused = version;
      return faults.length === 0;
    } catch (error) {
      log.warn({ reason: errorText(error) }, 'the store did not say whether the config changed');
      return false;
    }
  }

  async #load(loaded: Loaded): Promise<Fault[]> {
    const { services, read } = this.#options;
    const version = await services.objects.version();
    const configured = objectsOf(loaded.config, await services.objects.list());
    const unfit = storedFaults(loaded.config, configured);
    const faults = unfit.length > 0 ? unfit : services.registry.load(configured);
    read(faults.length === 0 ? version : undefined);
    if (faults.length > 0) return withRemedies(faults, configured);
    services.countries.use(loaded.config.countries);
    this.#loaded = loaded;
    this.#version = version;
    return [];
  }
}
