import { dirname, resolve } from 'node:path';
import { load, type Surroundings } from '../../app/load.ts';
import type { Config } from '../../app/settings.ts';
import type { ConfigFault } from '../../config/origin.ts';
import { checkObjects } from '../../registry/check-objects.ts';
import type { ConfiguredObjects } from '../../registry/objects.ts';
import type { TransferSession } from '../../storage/transfer/session.ts';
import { storeFault } from '../store-fault.ts';
import { findStore, type StorePlace } from '../store-place.ts';
import { checkAccounts } from './check-accounts.ts';
import { checkCountries } from './check-countries.ts';
import { checkDisks } from './check-disk.ts';
import { checkFeeds } from './check-feeds.ts';
import { checkLongTexts } from './check-long-texts.ts';
import { checkMachine } from './check-machine.ts';
import { checkPermissions } from './check-permissions.ts';
import { checkRunning } from './check-service.ts';
import { checkDirectory, checkNewest, checkPostgres, checkSchema, checkSqliteFile } from './check-store.ts';
import { checkHealth, checkReach, checkRoles } from './check-targets.ts';
import { checkTls } from './check-tls.ts';
import { type Finding, fail, ok, warn } from './finding.ts';
import { openForReading } from './open-store.ts';
import { readStored } from './stored-objects.ts';

export interface Examination extends Surroundings {
  /** As typed, or as the environment has it; relative to the working directory. */
  readonly configFile: string;
  /** Reads a store as a whole, however large. */
  readonly isFull: boolean;
  /** Opens no connection to a target, a feed or AWS. */
  readonly isOffline: boolean;
  /** Unix ms. */
  readonly now: () => number;
}

/** Looks at everything that keeps a service from starting, running or delivering. Nothing is changed or sent. */
export async function examine(asked: Examination): Promise<readonly Finding[]> {
  const machine = checkMachine(asked.env, asked.now());
  const loaded = load(asked);
  const warnings = loaded.warnings.map((one) =>
    warn('config', sentence(one), 'Mend it: as it stands it does nothing.'),
  );
  if (loaded.kind === 'faulty') {
    const faults = loaded.faults.map((one) =>
      fail('config', sentence(one), 'Mend it: the service does not start so.'),
    );
    return [...faults, ...warnings, ...machine];
  }
  const { config } = loaded;
  const store = await examineStore(asked, config);
  return [...store.config, ...warnings, ...store.findings, ...checkTls(config, asked.now()), ...machine];
}

const sentence = ({ path, message }: ConfigFault): string => `${path === '' ? 'config' : path}: ${message}`;

interface ExaminedStore {
  /** What stands before everything else. */
  readonly config: readonly Finding[];
  readonly findings: readonly Finding[];
}

async function examineStore(asked: Examination, config: Config): Promise<ExaminedStore> {
  const found = findStore(asked);
  // Loaded without a fault a moment ago: the file is being changed.
  if (found.kind === 'faulty')
    return { config: [fail('config', 'it changes meanwhile', 'Try again.')], findings: [] };
  const { place } = found;
  const opened = await openForReading(place);
  const session = opened.kind === 'open' ? opened.session : undefined;
  try {
    const schema = session === undefined ? undefined : await checkSchema(session);
    const current = schema?.isCurrent === true ? session : undefined;
    const { objects, findings: key } = await readStored(config, current);
    const running = await checkRunning(config, asked.now);
    return {
      config: judgeObjects(objects),
      findings: [
        ...judgeOpened(opened, place),
        ...(schema === undefined ? [] : [schema.finding]),
        ...(await ofStore(asked, place, session, current)),
        ...checkDisks(disks(asked, config)),
        ...checkPermissions(config, resolve(asked.cwd, asked.configFile), asked.cwd),
        ...key,
        ...running.findings,
        ...checkLongTexts(config, objects.targets),
        ...checkCountries(config),
        ...(await checkRoles(config, running.isRunning ? current : undefined, asked.now())),
        ...(current === undefined ? [] : await checkHealth(current, objects.targets, asked.now())),
        ...(asked.isOffline ? [] : await checkReach(objects.targets, config)),
        ...(await checkFeeds(config, asked.isOffline)),
        ...(await checkAccounts(config, asked.isOffline)),
      ],
    };
  } catch (error) {
    return {
      config: [],
      findings: [fail('store', storeFault(error), 'See what the database says in its own log.')],
    };
  } finally {
    await session?.close();
  }
}

function judgeObjects(objects: ConfiguredObjects): readonly Finding[] {
  const faults = checkObjects(objects);
  if (faults.length > 0)
    return faults.map((fault) => fail('config', sentence(fault), 'Mend it: the service does not start so.'));
  const { sources, targets, rules } = objects;
  return [
    ok('config', `no faults: ${sources.length} sources, ${targets.length} targets, ${rules.length} rules`),
  ];
}

function judgeOpened(
  opened: Awaited<ReturnType<typeof openForReading>>,
  place: StorePlace,
): readonly Finding[] {
  if (opened.kind === 'failed')
    return [
      fail(
        'store',
        opened.fault,
        "Mend that, or run this as the service's user; DATABASE_URL and TOCSIN_DATA_DIR say where it is.",
      ),
    ];
  const where = place.dialect === 'sqlite' ? place.path : 'PostgreSQL';
  return opened.kind === 'none' ? [ok('store', `none at ${where} yet: the first start makes it`)] : [];
}

async function ofStore(
  { isFull, now }: Examination,
  place: StorePlace,
  session: TransferSession | undefined,
  current: TransferSession | undefined,
): Promise<readonly Finding[]> {
  if (session === undefined) return [];
  return [
    ...(place.dialect === 'sqlite'
      ? [...checkDirectory(place.directory, now), ...(await checkSqliteFile(place, session, isFull))]
      : await checkPostgres(session, now)),
    ...(current === undefined ? [] : await checkNewest(current, now())),
  ];
}

const disks = ({ cwd }: Examination, { data, log }: Config) => [
  { name: 'data', path: resolve(cwd, data.directory) },
  ...(log.file === undefined ? [] : [{ name: 'log', path: dirname(resolve(cwd, log.file)) }]),
];
