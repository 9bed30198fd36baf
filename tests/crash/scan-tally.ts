import { at, listAt } from '../support/ask.ts';
import type { Service } from '../support/service.ts';
import { until } from '../support/until.ts';
import { callsFor, watchedChecks, type Wrongs } from './scan-account.ts';
import { request } from './scan-lives.ts';

/** What a store holds of an account's findings, read through the API. */
export interface ScanTally {
  /** `check arn` of each, as often as it is there. */
  readonly open: readonly string[];
  readonly resolved: readonly string[];
  /** How often each was told of, by `check arn`. */
  readonly toldOpened: ReadonlyMap<string, number>;
  readonly toldResolved: ReadonlyMap<string, number>;
  /** Findings that each summary counts. */
  readonly backlogs: readonly number[];
  /** States of all scans, the newest first. */
  readonly scans: readonly string[];
}

export async function tallyScans(service: Service): Promise<ScanTally> {
  const findings = await all(service, '/api/v1/findings?limit=200');
  const events = await all(service, '/api/v1/events?limit=200');
  const scans = await all(service, '/api/v1/scans?limit=200');
  const inState = (state: string): string[] =>
    findings
      .filter((finding) => at(finding, 'state') === state)
      .map((finding) => `${String(at(finding, 'check'))} ${String(at(finding, 'resource', 'arn'))}`);
  return {
    open: inState('open'),
    resolved: inState('resolved'),
    toldOpened: counted(events, 'aws.finding.opened'),
    toldResolved: counted(events, 'aws.finding.resolved'),
    backlogs: events
      .filter((event) => at(event, 'type') === 'aws.finding.backlog')
      .map((event) => Number(at(event, 'labels', 'findings'))),
    scans: scans.map((scan) => String(at(scan, 'state'))),
  };
}

/** Makes a scan, after whatever is under way or made by itself, and waits until none is. */
export async function scanned(service: Service): Promise<void> {
  const SLOW_MS = 60_000;
  const isQuiet = async (): Promise<boolean> =>
    (await tallyStates(service)).every((state) => !['requested', 'running'].includes(state));
  await until('a scan to be taken on', async () => (await request(service)) === 202, SLOW_MS);
  await until('no scan to be under way', isQuiet, SLOW_MS);
  const [last] = await tallyStates(service);
  if (last !== 'done') throw new Error(`the scan came to ${last}`);
}

async function tallyStates(service: Service): Promise<readonly string[]> {
  return (await all(service, '/api/v1/scans?limit=200')).map((scan) => String(at(scan, 'state')));
}

async function all(service: Service, path: string): Promise<readonly unknown[]> {
  const items: unknown[] = [];
  for (let cursor = ''; ;) {
    const page: unknown = await (await service.api(`${path}${cursor}`)).json();
    items.push(...listAt(page, 'items'));
    const next = at(page, 'nextCursor');
    if (typeof next !== 'string') return items;
    cursor = `&cursor=${encodeURIComponent(next)}`;
  }
}

function counted(events: readonly unknown[], type: string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const event of events) {
    if (at(event, 'type') !== type) continue;
    const key = `${String(at(event, 'labels', 'check'))} ${String(at(event, 'labels', 'resource'))}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

/**
 * What is wrong with a tally of an account that was as each of `lives` says, one after the other, and scanned to the end
 * in each: each list is empty when all is well. What an account was like first is told with one summary.
 */
export function faultsOf(tally: ScanTally, lives: readonly Wrongs[]) {
  const states = lives.map(callsFor);
  const now = states.at(-1) ?? new Set();
  const open = tally.open.filter((key) => watchedChecks.has(key.split(' ')[0] ?? ''));
  const keys = new Set([...states.flatMap((state) => [...state]), ...tally.toldOpened.keys()]);
  for (const key of tally.toldResolved.keys()) keys.add(key);
  const wrongly = (told: ReadonlyMap<string, number>, isDue: (before: boolean, after: boolean) => boolean) =>
    [...keys].filter((key) => (told.get(key) ?? 0) !== changesOf(states, key, isDue));
  return {
    notOpen: [...now].filter((key) => !open.includes(key)),
    openForNothing: open.filter((key) => !now.has(key)),
    twice: [...tally.open, ...tally.resolved].filter((key, at, list) => list.indexOf(key) !== at),
    openedToldWrongly: wrongly(tally.toldOpened, (before, after) => !before && after),
    resolvedToldWrongly: wrongly(tally.toldResolved, (before, after) => before && !after),
    scansUnderWay: tally.scans.filter((state) => state === 'requested' || state === 'running'),
  };
}

/** How often it came to be so, from one state of the account to the next. */
function changesOf(
  states: readonly ReadonlySet<string>[],
  key: string,
  isDue: (before: boolean, after: boolean) => boolean,
): number {
  return states.slice(1).filter((state, index) => isDue(states[index]?.has(key) ?? false, state.has(key)))
    .length;
}

export const noFaults = {
  notOpen: [],
  openForNothing: [],
  twice: [],
  openedToldWrongly: [],
  resolvedToldWrongly: [],
  scansUnderWay: [],
};
