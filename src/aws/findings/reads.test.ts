import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import { onEachStore } from '../../../tests/contracts/on-each-store.ts';
import { type CheckSeverity, severities } from '../checks/check.ts';
import type { FindingChange } from './finding.ts';
import type { FindingFilter, StoredFinding } from './port.ts';
import { isMuted } from './port.ts';
import { muteRow } from './row.ts';
import { findingStatements } from './statements.ts';
import { TestBench } from './test-bench.ts';
import { ACCOUNT, arnOf, failure, idOf, opened, resolved, runningScan } from './test-findings.ts';

const OTHER = '210987654321';

await onEachStore('findings', (stage) => {
  let bench: TestBench;
  beforeEach(() => {
    bench = new TestBench(stage.store);
  });

  async function scan(changes: readonly FindingChange[], accountId = ACCOUNT): Promise<void> {
    const running = await runningScan(stage.store, { accountId });
    await bench.writer.write(running, [changes]);
    await bench.scans.cancel(running.id, bench.clock.now(), '');
    await bench.clock.advance(1_000);
  }
  const mute = (name: string, until?: number) =>
    bench.journal.submit([
      {
        writes: [
          {
            statement: findingStatements.mute.name,
            row: muteRow(idOf(name), { at: bench.clock.now(), until, by: 'tok_1', why: 'known' }),
          },
        ],
      },
    ]);
  const namesOf = (items: readonly StoredFinding[]) => items.map(({ resource }) => resource.name);

  test('are listed the most severe first, then the newest, in pages that follow each other', async () => {
    await scan([opened(failure('old', { severity: 'high' })), opened(failure('low', { severity: 'low' }))]);
    await scan([
      opened(failure('new', { severity: 'high' })),
      opened(failure('top', { severity: 'critical' })),
    ]);
    const first = await bench.reader.find({}, 3);
    expect(namesOf(first.items)).toEqual(['top', 'new', 'old']);
    const second = await bench.reader.find({}, 3, first.next);
    expect([namesOf(second.items), second.next]).toEqual([['low'], undefined]);
  });

  test('a page goes on where the one before ended, though that finding was deleted', async () => {
    await scan(['a', 'b', 'c'].map((name) => opened(failure(name))));
    const first = await bench.reader.find({}, 1);
    const [item] = first.items;
    await scan([resolved(item?.id ?? idOf('a'))]);
    expect(await bench.reader.sweep(bench.clock.now(), 10)).toBe(1);
    const rest = await bench.reader.find({}, 10, first.next);
    expect([...namesOf(first.items), ...namesOf(rest.items)].toSorted()).toEqual(['a', 'b', 'c']);
  });

  test.each<readonly [FindingFilter, readonly string[]]>([
    [{ account: OTHER }, ['other']],
    [{ checks: ['s3.website'] }, ['site']],
    [{ checks: ['s3.website', 'ecs.idle'] }, ['site', 'idle']],
    [{ checks: [] }, []],
    [{ service: 'ecs' }, ['idle']],
    [{ severity: 'high' }, ['site']],
    [{ severityMin: 'high' }, ['worst', 'site']],
    [{ state: 'resolved' }, ['mended']],
    [{ state: 'open', severity: 'critical' }, ['worst']],
    [{ muted: true }, ['quiet']],
    [{ muted: false, severity: 'low' }, ['loud']],
    [{ region: 'us-east-1' }, ['east']],
    [{ resource: arnOf('worst') }, ['worst']],
    [{ text: 'WORST has' }, ['worst']],
    [{ text: ':::Qui' }, ['quiet']],
    [{ text: '%' }, []],
    [{ account: OTHER, severity: 'critical' }, []],
  ])('are found by %j', async (filter, wanted) => {
    const low: CheckSeverity = 'low';
    await scan([
      opened(failure('worst', { severity: 'critical' })),
      opened(failure('site', { checkId: 's3.website', severity: 'high' })),
      opened(failure('idle', { checkId: 'ecs.idle' })),
      opened(failure('east', { region: 'us-east-1' })),
      opened(failure('quiet', { severity: low })),
      opened(failure('loud', { severity: low })),
      opened(failure('mended')),
    ]);
    await scan([opened(failure('other', { accountId: OTHER }))], OTHER);
    await scan([resolved(idOf('mended'))]);
    await mute('quiet');
    await mute('loud', bench.clock.now());
    const { items } = await bench.reader.find(filter, 20);
    expect(namesOf(items).toSorted()).toEqual(wanted.toSorted());
  });

  test('whatever the filter, all pages together are what fits it, once each', async () => {
    const names = Array.from({ length: 24 }, (_, n) => `b${n}`);
    const of = (n: number) =>
      failure(`b${n}`, {
        checkId: n % 3 === 0 ? 's3.website' : 's3.versioning',
        severity: severities[n % severities.length] ?? 'low',
        ...(n % 4 === 0 ? { region: 'us-east-1' } : {}),
      });
    await scan(names.map((_, n) => opened(of(n))));
    await scan([1, 5, 9].map((n) => resolved(of(n).id)));
    await mute('b2');
    const all = (await bench.reader.find({}, 100)).items;
    const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
    const filters = fc.record({
      checks: maybe(fc.subarray(['s3.website', 's3.versioning'])),
      severityMin: maybe(fc.constantFrom(...severities)),
      state: maybe(fc.constantFrom('open' as const, 'resolved' as const)),
      muted: maybe(fc.boolean()),
      region: maybe(fc.constantFrom('us-east-1', 'eu-west-1')),
      account: maybe(fc.constantFrom(ACCOUNT, OTHER)),
    });
    await fc.assert(
      fc.asyncProperty(filters, fc.integer({ min: 1, max: 7 }), async (drawn, limit) => {
        const filter: FindingFilter = Object.fromEntries(
          Object.entries(drawn).filter(([, value]) => value !== undefined),
        );
        const found: StoredFinding[] = [];
        let after = undefined as Parameters<typeof bench.reader.find>[2];
        do {
          const page: Awaited<ReturnType<typeof bench.reader.find>> = await bench.reader.find(
            filter,
            limit,
            after,
          );
          found.push(...page.items);
          after = page.next;
        } while (after !== undefined);
        const fits = all.filter(
          (one) =>
            (drawn.checks?.includes(one.checkId) ?? true) &&
            (drawn.severityMin === undefined ||
              severities.indexOf(one.severity) >= severities.indexOf(drawn.severityMin)) &&
            [undefined, one.state].includes(drawn.state) &&
            [undefined, isMuted(one.mute, bench.clock.now())].includes(drawn.muted) &&
            [undefined, one.resource.region].includes(drawn.region) &&
            [undefined, one.accountId].includes(drawn.account),
        );
        expect(found).toEqual(fits);
      }),
      { numRuns: 60 },
    );
  });

  test('that are open are read in pages by id, without those that are resolved', async () => {
    await scan(['a', 'b', 'c'].map((name) => opened(failure(name))));
    await scan([opened(failure('z', { accountId: OTHER }))], OTHER);
    await scan([resolved(idOf('b'))]);
    const first = await bench.reader.openFindings(ACCOUNT, undefined, 1);
    const second = await bench.reader.openFindings(ACCOUNT, first[0]?.id, 5);
    expect([...first, ...second].map(({ id }) => id)).toEqual([idOf('a'), idOf('c')].toSorted());
    expect(first[0]).toMatchObject({ checkId: 's3.versioning', place: 'global', severity: 'medium' });
  });

  test('are counted by all that they have in common', async () => {
    await scan([
      opened(failure('a')),
      opened(failure('b')),
      opened(failure('quiet')),
      opened(failure('c', { checkId: 'ecs.idle', severity: 'high' })),
    ]);
    await scan([resolved(idOf('b'))]);
    await mute('quiet');
    const common = { account: ACCOUNT, check: 's3.versioning', service: 's3', severity: 'medium' };
    const counts = await bench.reader.counts({});
    expect(counts).toHaveLength(4);
    expect(counts).toEqual(
      expect.arrayContaining([
        { ...common, state: 'open', muted: false, count: 1 },
        { ...common, state: 'open', muted: true, count: 1 },
        { ...common, state: 'resolved', muted: false, count: 1 },
        {
          account: ACCOUNT,
          check: 'ecs.idle',
          service: 'ecs',
          severity: 'high',
          state: 'open',
          muted: false,
          count: 1,
        },
      ]),
    );
    expect(await bench.reader.counts({ account: OTHER })).toEqual([]);
    expect(await bench.reader.counts({ state: 'resolved', service: 's3' })).toHaveLength(1);
  });

  test('that are resolved are kept for their time, and no open one is ever deleted', async () => {
    await scan([opened(failure('a')), opened(failure('b'))]);
    const at = bench.clock.now();
    await scan([resolved(idOf('a'))]);
    expect(await bench.reader.sweep(at, 10)).toBe(0);
    expect(await bench.reader.sweep(at + 1, 10)).toBe(1);
    expect(await bench.reader.sweep(at + 1_000_000, 10)).toBe(0);
    expect(namesOf((await bench.reader.find({}, 10)).items)).toEqual(['b']);
  });

  test('evidence that is too long is left out, and what a store cannot hold is kept readable', async () => {
    const evidence = { long: 'x'.repeat(20_000) };
    await scan([opened(failure('a', { evidence })), opened(failure('b', { reason: 'a\0b \ud800' }))]);
    const [long, odd] = await bench.reader.getMany([idOf('a'), idOf('b')]);
    expect(long?.evidence).toEqual({ left_out: 'The evidence is too long to be kept.' });
    expect(odd?.reason).toMatch(/^a\ufffdb \ufffd$/);
  });
});
