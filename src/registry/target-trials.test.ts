import { expect, test } from 'vitest';
import { onEachStore, type Stage } from '../../tests/contracts/on-each-store.ts';
import { internalEvent, sampleEvent } from '../../tests/support/sample-event.ts';
import { until } from '../../tests/support/until.ts';
import { listAudit } from '../access/audit.ts';
import { clockOver, MINUTE, SECOND, testTarget } from '../delivery/test-delivery.ts';
import type { TocsinEvent } from '../events/event.ts';
import { EventStore, eventRow } from '../events/store.ts';
import { silentLogger } from '../kernel/log.ts';
import { Problem } from '../kernel/problem.ts';
import { Journal } from '../storage/journal.ts';
import { TargetTrials } from './target-trials.ts';

const operator = { id: 'tok_1', name: 'ops', scope: 'operate' } as const;

function start({ store }: Stage) {
  const clock = clockOver(store);
  const journal = new Journal(store, silentLogger);
  return {
    clock,
    trials: new TargetTrials({ events: new EventStore(store), journal, clock }),
    async keep(event: TocsinEvent): Promise<TocsinEvent> {
      await journal.submit([{ writes: [{ statement: 'events.insert', row: eventRow(event, []) }] }]);
      return event;
    },
  };
}

const refused = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => (error instanceof Problem ? error.code : 'no problem'),
  );

await onEachStore('a test of a target', (stage) => {
  test('is one attempt with the real answer, and in the audit log', async () => {
    const { trials } = start(stage);
    const target = testTarget('t');
    target.answer = () => ({ kind: 'rejected', reason: 'refused_by_receiver', status: 400, answer: 'no' });
    const trial = await trials.send(target.open, { severity: 'high' }, operator);
    expect(trial.outcome).toMatchObject({ kind: 'rejected', status: 400, answer: 'no' });
    expect(target.jobs).toMatchObject([{ attempt: 1, event: { severity: 'high' } }]);
    expect(target.jobs[0]?.deliveryId).toBe(trial.deliveryId);
    expect(await listAudit(stage.store, {}, 10)).toMatchObject([
      { action: 'target.test', actor: 'tok_1', subject: 't', after: { severity: 'high' } },
    ]);
  });

  test('says that it is one, and is no repeat and no end of the matter it is modelled on', async () => {
    const { trials, keep } = start(stage);
    const target = testTarget('t');
    const event = await keep(sampleEvent({ ...internalEvent(), state: 'resolved', title: 'Real' }));
    await trials.send(target.open, { event: event.id }, operator);
    const sent = target.jobs[0]?.event;
    expect(sent).toMatchObject({ title: '[Test] Real', type: event.type, labels: { test: 'true' } });
    expect(sent?.id).not.toBe(event.id);
    expect(sent?.fingerprint).not.toBe(event.fingerprint);
    expect([sent?.internalAlert, target.jobs[0]?.internal]).toEqual([undefined, false]);
  });

  test('of a target that hangs ends by the time-out; of one that throws it is a fault', async () => {
    const { trials, clock } = start(stage);
    const target = testTarget('t', { timeout: '20s' });
    target.answer = () => new Promise(() => {});
    const sent = trials.send(target.open, {}, operator);
    await until('the attempt to begin', () => target.jobs.length === 1);
    await clock.advance(21 * SECOND);
    expect((await sent).outcome).toEqual({ kind: 'retry', reason: 'timeout' });
    target.answer = () => {
      throw new TypeError('a bug');
    };
    expect((await trials.send(target.open, {}, operator)).outcome).toMatchObject({ reason: 'fault' });
  });

  test('is made ten times a minute by one token, and not once more', async () => {
    const { trials, clock } = start(stage);
    const target = testTarget('t');
    for (let n = 0; n < 10; n++) await trials.send(target.open, {}, operator);
    expect(await refused(trials.send(target.open, {}, operator))).toBe('too_many_requests');
    expect(target.jobs).toHaveLength(10);
    await trials.send(target.open, {}, { ...operator, id: 'tok_2' });
    await clock.advance(MINUTE);
    await trials.send(target.open, {}, operator);
    expect(await listAudit(stage.store, {}, 20)).toHaveLength(12);
  });

  test('asks for an event that there is, or for an example, not for both', async () => {
    const { trials } = start(stage);
    const target = testTarget('t');
    const { id } = sampleEvent();
    expect(await refused(trials.send(target.open, { event: id }, operator))).toBe('not_found');
    expect(await refused(trials.preview(target.open, { event: id, severity: 'low' }))).toBe('bad_request');
    expect(target.jobs).toEqual([]);
  });

  test('a preview of an event shows the event as it is, and sends nothing', async () => {
    const { trials, keep } = start(stage);
    const target = testTarget('t');
    const seen: string[] = [];
    const open = {
      ...target.open,
      preview: ({ event }: { event: TocsinEvent }) => {
        seen.push(event.title);
        return { mediaType: 'text/plain', text: 'words' };
      },
    };
    const event = await keep(sampleEvent({ title: 'Real' }));
    expect(await trials.preview(open, { event: event.id })).toEqual({
      mediaType: 'text/plain',
      text: 'words',
    });
    expect([seen, target.jobs]).toEqual([['Real'], []]);
  });
});
