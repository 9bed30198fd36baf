import { expect, test } from 'vitest';
import { onEachStore } from '../../../tests/contracts/on-each-store.ts';
import { ManualClock } from '../../../tests/support/manual-clock.ts';
import { until } from '../../../tests/support/until.ts';
import { silentLogger } from '../../kernel/log.ts';
import { Journal } from '../../storage/journal.ts';
import type { Store } from '../../storage/store.ts';
import { SqlScanStore } from '../findings/scan-store.ts';
import type { ScanState } from '../findings/scan.ts';
import { type ConfiguredAccount, configuredAccount } from './accounts.ts';
import type { ScanOrder } from './scan-run.ts';
import { Scans } from './scans.ts';

const account = (id: string, scanEvery = '6h'): ConfiguredAccount =>
  configuredAccount({ id, credentials: 'default', region: 'us-west-2', backlog: 'summary', scanEvery });

const principal = {
  kind: 'keys',
  keys: { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'secret' },
  region: 'us-west-2',
} as const;
const session = { owner: 'session/one', principal, accountId: '111122223333' };

interface Made {
  readonly order: ScanOrder;
  readonly signal: AbortSignal;
  /** Ends it as done, or leaves it as it is. */
  readonly end: (state?: 'done') => Promise<void>;
}

/** A process whose scans are made by the test. */
function processOver(store: Store, accounts: readonly ConfiguredAccount[], clock: ManualClock) {
  const scanStore = new SqlScanStore(store, new Journal(store, silentLogger));
  const made: Made[] = [];
  const scans = new Scans({
    accounts,
    store: scanStore,
    leadership: store.leadership,
    clock,
    log: silentLogger,
    async run(order, signal) {
      const claim = { id: order.scan.id, runner: order.runner };
      if (!(await scanStore.begin(claim, clock.now()))) return;
      await new Promise<void>((resolve) => {
        const end = async (state?: 'done'): Promise<void> => {
          if (state === 'done') await scanStore.end(claim, clock.now(), { state: 'failed', detail: 'over' });
          resolve();
        };
        made.push({ order, signal, end });
        signal.addEventListener('abort', () => resolve());
      });
    },
  });
  const states = async (): Promise<readonly ScanState[]> =>
    (await scanStore.list({}, 50)).map(({ state }) => state).toReversed();
  return { scans, scanStore, made, states };
}

await onEachStore('scans of configured accounts', (stage) => {
  test('are made at the start, one of each account, and again when they are due', async () => {
    const clock = new ManualClock();
    const { scans, made } = processOver(stage.store, [account('a', '1m'), account('b')], clock);
    scans.start(true);
    await until('both scans', () => made.length === 2);
    expect(made.map(({ order }) => order.scan.account)).toEqual(['a', 'b']);
    for (const { end } of made) await end('done');
    await moving(clock, 'the next one of a', () => made.length > 2);
    expect(made.slice(2).map(({ order }) => order.scan.account)).toEqual(['a']);
    await scans.stop();
  });

  test('are made in one process of all; when it stops, another one takes over what it left', async () => {
    if (stage.dialect === 'sqlite') return;
    const clock = new ManualClock();
    const another = await stage.openAnother();
    const one = processOver(stage.store, [account('a')], clock);
    const other = processOver(another, [account('a')], clock);
    one.scans.start(true);
    await until('its scan', () => one.made.length === 1);
    other.scans.start(true);
    await moving(clock, 'some looks', () => clock.now() > START + 5_000);
    expect(other.made).toEqual([]);
    expect([one.scans.isLeading, other.scans.isLeading]).toEqual([true, false]);
    await one.scans.stop();
    expect(await one.states()).toEqual(['abandoned']);
    await stage.store.leadership?.resign();
    await moving(clock, 'the scan of the other one', () => other.made.length === 1);
    await other.scans.stop();
    await another.leadership?.resign();
  });

  test('that are asked for are refused while one is under way or waits', async () => {
    const clock = new ManualClock();
    const { scans, made } = processOver(stage.store, [account('a', '0s')], clock);
    const [first] = scans.accounts;
    if (first === undefined) throw new TypeError('no account');
    scans.start(true);
    const id = await scans.request(first, 'tok_1', ['eu-west-1']);
    await moving(clock, 'the scan', () => made.length === 1);
    expect(made[0]?.order.scan).toMatchObject({ id, requestedBy: 'tok_1', regions: ['eu-west-1'] });
    expect(await scans.request(first, 'tok_1')).toBeUndefined();
    await scans.stop();
  });

  test('that a process left behind when it was killed are made again by the next one', async () => {
    const [clock, standing] = [new ManualClock(), new ManualClock()];
    const killed = processOver(stage.store, [account('a', '0s')], standing);
    const [first] = killed.scans.accounts;
    if (first === undefined) throw new TypeError('no account');
    killed.scans.start(true);
    await killed.scans.request(first, 'tok_1');
    await moving(standing, 'the scan', () => killed.made.length === 1);
    const next = processOver(stage.store, [account('a', '0s')], clock);
    next.scans.start(true);
    await moving(clock, 'the scan of the next one', () => next.made.length === 1);
    expect(await next.states()).toEqual(['abandoned', 'running']);
    await next.scans.stop();
    await killed.made[0]?.end();
  });
});

await onEachStore('a scan that was asked for', (stage) => {
  test('of an account that the config has no more by then waits for nobody', async () => {
    const clock = new ManualClock();
    const before = processOver(stage.store, [account('old', '0s')], clock);
    const [old] = before.scans.accounts;
    if (old === undefined) throw new TypeError('no account');
    await before.scans.request(old, 'tok_1');
    const after = processOver(stage.store, [account('new', '0s')], clock);
    after.scans.start(true);
    await until('its end', async () => (await after.states())[0] === 'cancelled');
    await after.scans.stop();
  });
});

await onEachStore('scans of AWS sessions', (stage) => {
  test('are made in the process that has the keys, whoever leads', async () => {
    const { scans, made } = processOver(stage.store, [], new ManualClock());
    scans.start(false);
    const id = await scans.requestFor(session, 'tok_1');
    await until('the scan', () => made.length === 1);
    expect(made[0]?.order).toMatchObject({ principal, scan: { id, accountId: session.accountId } });
    expect(made[0]?.order.scan.account).toBeUndefined();
    expect(await stage.atRest()).not.toContain(principal.keys.secretAccessKey);
    await scans.stop();
  });

  test('end with the session, and those of others do not', async () => {
    const { scans, made, states } = processOver(stage.store, [], new ManualClock());
    scans.start(false);
    await scans.requestFor(session, 'tok_1');
    await scans.requestFor({ ...session, owner: 'session/two', accountId: '444455556666' }, 'tok_2');
    await until('both scans', () => made.length === 2);
    scans.endOf(session.owner);
    await until('its end', async () => (await states()).includes('cancelled'));
    expect(made.map(({ signal }) => signal.aborted)).toEqual([true, false]);
    await scans.stop();
  });
});

const START = new ManualClock().now();

/** Moves the clock on, second by second, until something is so. */
async function moving(clock: ManualClock, what: string, is: () => boolean): Promise<void> {
  await until(what, async () => {
    await clock.advance(1_000);
    return is();
  });
}
