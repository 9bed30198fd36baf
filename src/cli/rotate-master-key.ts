import { auditWrite } from '../access/audit.ts';
import { SESSION_MS } from '../access/sessions.ts';
import type { Surroundings } from '../app/load.ts';
import {
  findMasterKeys,
  masterKeyFile,
  previousKeyFile,
  replacedAt,
  replaceMasterKey,
} from '../app/master-key.ts';
import { statements } from '../app/services.ts';
import type { Config } from '../app/settings.ts';
import { StartRefused } from '../app/start-refused.ts';
import type { ConfigFault } from '../config/origin.ts';
import { systemClock } from '../kernel/clock.ts';
import { durationMs } from '../kernel/duration.ts';
import { silentLogger } from '../kernel/log.ts';
import { type MasterKeys, Sealer } from '../kernel/seal.ts';
import { ObjectStore, SealBroken } from '../registry/object-store.ts';
import { migrate, SchemaMismatch } from '../storage/migrate.ts';
import { migrations } from '../storage/migrations/index.ts';
import { openStore } from '../storage/open.ts';
import type { Write } from '../storage/statement.ts';
import { type Store, StoreUnavailable } from '../storage/store.ts';
import { findStore } from './store-place.ts';

export interface Rotation {
  /** The file of the key that was made; undefined where one was there already. */
  readonly made: string | undefined;
  /** Stored objects that were sealed anew. */
  readonly resealed: number;
  /** The file, or the setting, of the key before. */
  readonly previous: string;
  /** Unix ms: from then on nothing that is still of use is sealed under it. */
  readonly neededUntil: number;
}

export type Rotated =
  | { readonly kind: 'ok'; readonly rotation: Rotation }
  | { readonly kind: 'faulty'; readonly faults: readonly ConfigFault[] }
  | { readonly kind: 'failed'; readonly fault: string };

const PREVIOUS_SETTING = 'TOCSIN_MASTER_KEY_PREVIOUS';
const OWNER = 'local';
const STOP_FIRST = 'Stop the service first, and start it again afterwards';
const failed = (fault: string): Rotated => ({ kind: 'failed', fault });

/** Puts a new master key in the place of the one in use and seals anew what must outlive the one before. */
export async function rotateMasterKey(surroundings: Surroundings, now: number): Promise<Rotated> {
  const found = findStore(surroundings);
  if (found.kind === 'faulty') return found;
  const { config, place } = found;
  const databaseUrl = place.dialect === 'postgres' ? place.url : undefined;
  try {
    const { directory } = config.data;
    const store = await openStore({ databaseUrl, dataDirectory: directory }, statements, silentLogger);
    try {
      await migrate(store, migrations);
      return await (config.masterKey === undefined
        ? rotateFile(config, store, now)
        : followSetting(config, store, now));
    } finally {
      await store.close();
    }
  } catch (error) {
    if (error instanceof SchemaMismatch || error instanceof SealBroken || error instanceof StartRefused)
      return failed(error.message);
    if (!(error instanceof StoreUnavailable)) throw error;
    return failed(error.message + (databaseUrl === undefined ? `. ${STOP_FIRST}` : ''));
  }
}

/** The key is a file, which this makes; where one was made and no more, it goes on from there. */
async function rotateFile(config: Config, store: Store, now: number): Promise<Rotated> {
  const { directory } = config.data;
  const keys = findMasterKeys(config, directory);
  if (keys === undefined)
    return failed('there is no master key yet: the first start of the service makes one');
  const previous = previousKeyFile(directory);
  const left = await objectsOf(store, keys).reseal([]);
  const before = replacedAt(directory);
  if (before !== undefined) {
    const neededUntil = before + longestLifeMs(config);
    if (left > 0) {
      await store.commit([[{ writes: [auditOf(now)] }]]);
      return { kind: 'ok', rotation: { made: undefined, resealed: left, previous, neededUntil } };
    }
    if (now < neededUntil)
      return failed(
        `messages that are sealed under the key before, ${previous}, may last until ${new Date(neededUntil).toISOString()}: rotate again after that, or remove it first and lose them`,
      );
  }
  replaceMasterKey(directory);
  const resealed = await objectsOf(store, findMasterKeys(config, directory) ?? keys).reseal([auditOf(now)]);
  const neededUntil = now + longestLifeMs(config);
  return { kind: 'ok', rotation: { made: masterKeyFile(directory), resealed, previous, neededUntil } };
}

/** The key is a setting, which is the operator's to change: both keys are given while this runs. */
async function followSetting(config: Config, store: Store, now: number): Promise<Rotated> {
  const keys = findMasterKeys(config, config.data.directory);
  if (keys === undefined || keys.length === 1)
    return failed(
      'the master key is a setting: give a new one as TOCSIN_MASTER_KEY and this one as TOCSIN_MASTER_KEY_PREVIOUS, to every replica, and run this again',
    );
  const resealed = await objectsOf(store, keys).reseal([auditOf(now)]);
  const neededUntil = now + longestLifeMs(config);
  return { kind: 'ok', rotation: { made: undefined, resealed, previous: PREVIOUS_SETTING, neededUntil } };
}

const objectsOf = (store: Store, keys: MasterKeys): ObjectStore =>
  new ObjectStore(store, new Sealer(keys, 'objects'), systemClock);

const auditOf = (at: number): Write =>
  auditWrite({ at, actor: OWNER, action: 'masterKey.rotate', subject: 'masterKey' });

/** Messages are sealed under the key of their making, and so are the cookies of sessions. */
const longestLifeMs = ({ messages }: Config): number =>
  Math.max(SESSION_MS, durationMs(messages.expiresIn.max));
