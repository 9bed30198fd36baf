import { expect, test } from 'vitest';
import { onEachStore, onPostgres, type Stage } from '../../tests/contracts/on-each-store.ts';
import { ManualClock } from '../../tests/support/manual-clock.ts';
import { listAudit } from '../access/audit.ts';
import { silentLogger } from '../kernel/log.ts';
import { Problem } from '../kernel/problem.ts';
import { Sealer } from '../kernel/seal.ts';
import { Journal } from '../storage/journal.ts';
import type { Store } from '../storage/store.ts';
import { checkObjects } from './check-objects.ts';
import { ObjectControl, OBJECTS_MAX } from './object-control.ts';
import { ObjectStore } from './object-store.ts';
import { composed, pathsOf, testMembers } from './test-objects.ts';

const admin = { id: 'tok_admin', name: 'admin', scope: 'admin' } as const;

function controlOver(store: Store, { key = 'a-master-key-of-the-test', canFollow = true } = {}) {
  const clock = new ManualClock();
  const objects = new ObjectStore(store, new Sealer(key, 'objects'), clock);
  const follow = { calls: 0 };
  const control = new ObjectControl({
    objects,
    journal: new Journal(store, silentLogger),
    clock,
    members: testMembers,
    compose: composed,
    faultsOf: checkObjects,
    follow: async () => {
      follow.calls += 1;
      return canFollow;
    },
  });
  const list = async () => (await objects.list()).map(({ kind, id }) => `${kind} ${id}`);
  const tagOf = async (id: string) => (await objects.list()).find((one) => one.id === id)?.tag;
  return { control, objects, list, tagOf, follow };
}
const start = (stage: Stage) => controlOver(stage.store);

/** The refusal, or undefined when there was none. */
async function refusal(work: Promise<unknown>): Promise<Problem | undefined> {
  try {
    await work;
    return undefined;
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
}
const codeOf = async (work: Promise<unknown>) => (await refusal(work))?.code;

await onEachStore('objects over the API', (stage) => {
  test('are made, changed and removed; each change is followed and audited, secrets masked', async () => {
    const { control, list, follow } = start(stage);
    await control.put('target', 'a', { kind: 'http', secret: 'hush' }, {}, admin);
    await control.put('target', 'a', { kind: 'log' }, {}, admin);
    expect(await list()).toEqual(['target a']);
    await control.remove('target', 'a', {}, admin);
    expect(await list()).toEqual([]);
    expect(follow.calls).toBe(3);
    const entries = (await listAudit(stage.store, {}, 10)).toReversed();
    expect(entries).toMatchObject([
      {
        action: 'target.create',
        actor: 'tok_admin',
        subject: 'a',
        before: null,
        after: { secret: '[secret]' },
      },
      { action: 'target.change', before: { secret: '[secret]' }, after: { kind: 'log' } },
      { action: 'target.delete', before: { kind: 'log' }, after: null },
    ]);
    expect(JSON.stringify(entries)).not.toContain('hush');
  });

  test('with a fault of their own, or one that they make elsewhere, leave nothing, not even an entry', async () => {
    const { control, list, objects, follow } = start(stage);
    const before = await objects.version();
    const own = await refusal(control.put('target', 'a', { faulty: true }, {}, admin));
    expect([own?.code, pathsOf(own?.options.members?.['errors'])]).toEqual(['config_faulty', ['faulty']]);
    const unknown = await refusal(control.put('rule', 'r', { targets: ['nobody'] }, {}, admin));
    expect(pathsOf(unknown?.options.members?.['errors'])).toEqual(['targets[0]']);
    const round = await refusal(control.put('target', 'a', { fallback: 'a' }, {}, admin));
    expect(pathsOf(round?.options.members?.['errors'])).toEqual(['fallback']);
    expect(await list()).toEqual([]);
    expect(await objects.version()).toBe(before);
    expect(await listAudit(stage.store, {}, 10)).toEqual([]);
    expect(follow.calls).toBe(0);
  });

  test('that another object suffers from are refused with its name', async () => {
    const { control } = start(stage);
    await control.put('target', 'a', {}, {}, admin);
    await control.put('target', 'b', { fallback: 'a' }, {}, admin);
    const round = await refusal(control.put('target', 'a', { fallback: 'b' }, {}, admin));
    expect(pathsOf(round?.options.members?.['errors']).sort()).toEqual(['fallback', 'targets.b.fallback']);
  });

  test('of the file are not theirs to change', async () => {
    const { control } = start(stage);
    expect(await codeOf(control.put('target', 'log', {}, {}, admin))).toBe('conflict');
    expect(await codeOf(control.remove('target', 'log', {}, admin))).toBe('conflict');
    expect(await codeOf(control.remove('target', 'nobody', {}, admin))).toBe('not_found');
    expect(await codeOf(control.put('source', 'log', {}, {}, admin))).toBeUndefined();
  });

  test('that somebody names are kept, and who names them is told', async () => {
    const { control, list } = start(stage);
    await control.put('target', 'a', {}, {}, admin);
    await control.put('target', 'b', { fallback: 'a' }, {}, admin);
    await control.put('rule', 'r', { targets: ['a'] }, {}, admin);
    const refused = await refusal(control.remove('target', 'a', {}, admin));
    expect(refused?.code).toBe('conflict');
    expect(refused?.options.members?.['namedBy']).toEqual([
      'the rule "r"',
      'the target "b", whose fallback it is',
    ]);
    expect(await list()).toContain('target a');
  });

  test('are changed only in the state that was seen, where one was', async () => {
    const { control, tagOf } = start(stage);
    expect(await codeOf(control.put('target', 'a', {}, { ifMatch: '*' }, admin))).toBe('precondition_failed');
    await control.put('target', 'a', {}, { ifNoneMatch: '*' }, admin);
    expect(await codeOf(control.put('target', 'a', {}, { ifNoneMatch: '*' }, admin))).toBe(
      'precondition_failed',
    );
    const seen = await tagOf('a');
    await control.put('target', 'a', {}, { ifMatch: seen }, admin);
    expect(await tagOf('a')).not.toBe(seen);
    expect(await codeOf(control.put('target', 'a', {}, { ifMatch: seen }, admin))).toBe(
      'precondition_failed',
    );
    expect(await codeOf(control.remove('target', 'a', { ifMatch: seen }, admin))).toBe('precondition_failed');
    await control.remove('target', 'a', { ifMatch: await tagOf('a') }, admin);
  });

  test('keep their place when they are replaced; rules are asked in the order that is said', async () => {
    const { control, list } = start(stage);
    for (const id of ['z', 'a', 'm']) await control.put('rule', id, { targets: ['log'] }, {}, admin);
    await control.put('rule', 'a', { targets: [] }, {}, admin);
    expect(await list()).toEqual(['rule z', 'rule a', 'rule m']);
    await control.order(['m', 'z', 'a'], admin);
    await control.put('rule', 'new', { targets: ['log'] }, {}, admin);
    expect(await list()).toEqual(['rule m', 'rule z', 'rule a', 'rule new']);
    for (const wrong of [['m', 'z', 'a'], ['m', 'z', 'a', 'a'], ['m', 'z', 'a', 'other'], []])
      expect(await codeOf(control.order(wrong, admin))).toBe('conflict');
  });

  test('are bounded in number; what is there can still be changed', async () => {
    const { control, objects } = start(stage);
    for (let n = 0; n < OBJECTS_MAX; n++) await objects.put({ kind: 'rule', id: `r-${n}`, body: {} }, n);
    expect(await codeOf(control.put('rule', 'more', { targets: ['log'] }, {}, admin))).toBe('conflict');
    expect(await codeOf(control.put('rule', 'r-7', { targets: ['log'] }, {}, admin))).toBeUndefined();
    expect(await codeOf(control.put('source', 's', {}, {}, admin))).toBeUndefined();
  });

  test('that another master key sealed are left alone, in words that say what to set', async () => {
    const { control } = start(stage);
    await control.put('target', 'a', { secret: 'hush' }, {}, admin);
    const { control: wrong } = controlOver(stage.store, { key: 'another-master-key-entirely' });
    const refused = await refusal(wrong.put('target', 'b', {}, {}, admin));
    expect([refused?.code, refused?.message]).toEqual([
      'conflict',
      expect.stringContaining('TOCSIN_MASTER_KEY'),
    ]);
  });

  test('that this process could not take up are told to be stored all the same', async () => {
    const { control, list } = controlOver(stage.store, { canFollow: false });
    const told = await refusal(control.put('target', 'a', {}, {}, admin));
    expect([told?.code, told?.options.retryAfterSeconds]).toEqual(['store_unavailable', 2]);
    expect(await list()).toEqual(['target a']);
  });

  test('changed all at once are all changed, one after the other', async () => {
    const { control, objects, list } = start(stage);
    const before = await objects.version();
    const ids = Array.from({ length: 20 }, (_, n) => `t-${n}`);
    await Promise.all(ids.map((id) => control.put('target', id, {}, {}, admin)));
    expect(await list()).toHaveLength(20);
    expect(await objects.version()).toBe(before + 20);
  });
});

await onPostgres('objects over the API of two replicas', (stage) => {
  test('never contradict each other: a target is removed, or a rule names it, not both', async () => {
    const [one, two] = [controlOver(stage.store), controlOver(await stage.openAnother())];
    for (let round = 0; round < 10; round++) {
      await one.control.put('target', 'a', {}, {}, admin);
      const [removed, named] = await Promise.all([
        codeOf(one.control.remove('target', 'a', {}, admin)),
        codeOf(two.control.put('rule', 'r', { targets: ['a'] }, {}, admin)),
      ]);
      expect([removed, named]).toContainEqual(undefined);
      expect([removed, named]).toContainEqual(expect.stringMatching(/conflict|config_faulty/));
      expect(checkObjects(composed(await one.objects.list()))).toEqual([]);
      if (named === undefined) await two.control.remove('rule', 'r', {}, admin);
    }
  });
});
