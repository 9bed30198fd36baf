import { describe, expect, test } from 'vitest';
import { ManualClock } from '../../tests/support/manual-clock.ts';
import { internalEvent, sampleEvent, sampleJob } from '../../tests/support/sample-event.ts';
import { silentLogger } from '../kernel/log.ts';
import { defaultVerification } from '../sources/schemes/settings.ts';
import { defaultTargetSettings } from '../targets/open-target.ts';
import type { ConfiguredObjects, RuleObject, TargetObject } from './objects.ts';
import { Registry } from './registry.ts';
import type { Snapshot } from './snapshot.ts';

const target = (id: string, overrides: Partial<TargetObject> = {}): TargetObject => ({
  id,
  kind: 'log',
  settings: { payload: false },
  common: { ...defaultTargetSettings },
  origin: 'file',
  ...overrides,
});
const objects = (overrides: Partial<ConfiguredObjects> = {}): ConfiguredObjects => ({
  sources: [
    {
      id: 'sqreen',
      kind: 'sqreen',
      settings: {},
      verification: { ...defaultVerification, key: 'a-key' },
      origin: 'file',
    },
  ],
  targets: [target('ops'), target('admin')],
  rules: [{ id: 'all', targets: ['ops'], origin: 'file' }],
  defaultTargets: ['ops'],
  admins: ['admin'],
  ownApplication: {},
  ...overrides,
});

function start() {
  const lines: string[] = [];
  const heard: Snapshot[] = [];
  const clock = new ManualClock();
  const http = { request: () => Promise.reject(new TypeError('nothing is sent here')) };
  const registry = new Registry(
    {
      source: { clock, http },
      egress: { allow: [], connectTimeoutMs: 1_000, connectionsMax: 1 },
      target: {
        http,
        clock,
        log: silentLogger,
        publicUrl: 'https://tocsin.test',
        writeLine: (line) => void lines.push(line),
      },
    },
    (snapshot) => void heard.push(snapshot),
  );
  return { registry, heard, lines };
}

describe('a load', () => {
  test('opens everything that is configured, and tells of it before it is used', () => {
    const { registry, heard } = start();
    expect(() => registry.now).toThrow();
    expect(registry.load(objects())).toEqual([]);
    expect([...registry.now.targets.keys()]).toEqual(['ops', 'admin']);
    expect([...registry.now.sources.keys()]).toEqual(['sqreen']);
    expect(heard).toEqual([registry.now]);
  });

  test('with a fault changes nothing at all', () => {
    const { registry, heard } = start();
    registry.load(objects());
    const before = registry.now;
    const faulty = objects({
      targets: [target('new')],
      rules: [{ id: 'all', targets: ['nwe'], origin: 'file' }],
      admins: [],
    });
    expect(registry.load(faulty).map(({ path }) => path)).toContain('default[0]');
    expect(registry.now).toBe(before);
    expect(heard).toHaveLength(1);
  });

  test('keeps the targets that are as they were, and opens those anew that changed', () => {
    const { registry } = start();
    registry.load(objects());
    const before = registry.now.targets;
    const slower = target('admin', { common: { ...defaultTargetSettings, timeout: '5s' } });
    registry.load(objects({ targets: [target('ops'), slower, target('third')] }));
    const after = registry.now.targets;
    expect(after.get('ops')).toBe(before.get('ops'));
    expect(after.get('admin')).not.toBe(before.get('admin'));
    expect(after.get('admin')?.timeoutMs).toBe(5_000);
    expect(after.has('third')).toBe(true);
  });

  test('lets what is under way at a replaced target come to its end', async () => {
    const { registry, lines } = start();
    registry.load(objects());
    const replaced = registry.now.targets.get('ops');
    const sent = replaced?.send(sampleJob(), new AbortController().signal);
    registry.load(objects({ targets: [target('admin')], rules: [], defaultTargets: [] }));
    expect(await sent).toEqual({ kind: 'delivered' });
    expect(lines).toHaveLength(1);
    expect(registry.now.targets.has('ops')).toBe(false);
    await registry.close();
  });
});

describe('the objects of one load', () => {
  const faultsOf = (overrides: Partial<ConfiguredObjects>): string[] =>
    start()
      .registry.load(objects(overrides))
      .map(({ path, message }) => `${path}: ${message}`);

  test('have ids of their own, within an origin and across both', () => {
    expect(faultsOf({ targets: [target('ops'), target('admin'), target('ops')] })).toEqual([
      'targets.ops: this id is used twice in the file: an id names one thing',
    ]);
    expect(
      faultsOf({ targets: [target('ops'), target('admin'), target('ops', { origin: 'store' })] }),
    ).toEqual(['targets.ops: this id is used in the file and in the store: an id names one thing']);
  });

  test('name targets that there are; a slip of the pen is pointed out', () => {
    expect(faultsOf({ defaultTargets: ['opps'] })).toEqual([
      'default[0]: no such target; did you mean "ops"?',
    ]);
    expect(faultsOf({ admins: ['ops', 'nobody-at-all'] })).toEqual(['admins[1]: no such target']);
    expect(faultsOf({ rules: [{ id: 'all', targets: ['admni'], origin: 'file' }] })[0]).toMatch(
      /rules.*admin/,
    );
  });
});

describe('a fallback', () => {
  const faultsOf = (chain: Readonly<Record<string, string>>): string[] =>
    start()
      .registry.load(
        objects({
          targets: ['ops', 'admin', 'a', 'b', 'c'].map((id) => {
            const fallback = chain[id];
            const common = fallback === undefined ? {} : { fallback };
            return target(id, { common: { ...defaultTargetSettings, ...common } });
          }),
        }),
      )
      .map(({ path, message }) => `${path}: ${message}`);

  test.each<readonly [string, Readonly<Record<string, string>>, readonly (string | RegExp)[]]>([
    ['leads on to three at most', { ops: 'a', a: 'b', b: 'c' }, []],
    ['leads on to four', { admin: 'ops', ops: 'a', a: 'b', b: 'c' }, [/^targets.admin.fallback: at most 3/]],
    [
      'is a target that there is',
      { ops: 'admn' },
      [/^targets.ops.fallback: no such target; did you mean "admin"/],
    ],
    ['is another target', { ops: 'ops' }, ['targets.ops.fallback: leads back to this target']],
    [
      'never leads back',
      { ops: 'a', a: 'b', b: 'ops', admin: 'a' },
      [
        /^targets.ops.*leads back/,
        /^targets.admin.*at most/,
        /^targets.a.*leads back/,
        /^targets.b.*leads back/,
      ],
    ],
  ])('%s', (_name, chain, faults) => {
    expect(faultsOf(chain)).toEqual(
      faults.map((fault) => (typeof fault === 'string' ? fault : expect.stringMatching(fault))),
    );
  });
});

test('no source takes the name that our own events have', () => {
  const [own] = objects().sources;
  const faults = start().registry.load(
    objects({ sources: own === undefined ? [] : [{ ...own, id: 'tocsin' }] }),
  );
  expect(faults).toEqual([{ path: 'sources.tocsin.id', message: expect.stringContaining('our own events') }]);
});

describe('a rule that stands in no file', () => {
  test('is told by its id, and not by its place in a list', () => {
    const rule: RuleObject = {
      id: 'made',
      targets: ['nobody'],
      when: { severty: 'high' },
      origin: 'store',
    };
    const { registry } = start();
    const faults = registry.load(objects({ rules: [{ id: 'all', targets: [], origin: 'file' }, rule] }));
    expect(faults.map(({ path }) => path).sort()).toEqual([
      'rules.made.targets[0]',
      'rules.made.when.severty',
    ]);
  });
});

describe('an event goes', () => {
  test('where the rules say', () => {
    const { registry } = start();
    registry.load(objects());
    expect(registry.now.destinations(sampleEvent())).toEqual({
      matched: [{ rule: 'all', targets: ['ops'] }],
      destinations: [{ target: 'ops', internal: false }],
    });
  });

  test('about our own application to the admins as well, each target once and marked for what it is', () => {
    const { registry } = start();
    registry.load(objects({ admins: ['admin', 'ops'] }));
    expect(registry.now.destinations(internalEvent())).toEqual({
      matched: [
        { rule: 'all', targets: ['ops'] },
        { rule: 'internal-alert', targets: ['admin', 'ops'] },
      ],
      destinations: [
        { target: 'ops', internal: true },
        { target: 'admin', internal: true },
      ],
    });
  });
});
