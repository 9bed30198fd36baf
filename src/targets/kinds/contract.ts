import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hostileEvent, internalEvent, sampleEvent, sampleJob } from '../../../tests/support/sample-event.ts';
import type { TocsinEvent } from '../../events/event.ts';
import { hideSecrets } from '../answer-text.ts';
import type { Job, Outcome, RejectReason, RetryReason, Target } from '../target.ts';
import { ALERT_MARK } from '../text.ts';

/** What a receiver does with the next deliveries. When it fails or refuses, its answer quotes what it was sent. */
export type ReceiverMode = 'accept' | 'fail' | 'refuse' | 'hang' | 'reset';

/** One delivery as the receiver got it. */
export interface Received {
  /** What it can tell a repeated delivery by; undefined where the channel carries no such thing. */
  readonly id: string | undefined;
  /** All that a reader would see, decoded. */
  readonly text: string;
  /** As it came. */
  readonly raw: string;
}

/** A target with a receiver of its own. */
export interface Stage {
  readonly target: Target;
  received(): Promise<readonly Received[]>;
  set(mode: ReceiverMode): Promise<void>;
  /** Resolves once a delivery is in the receiver's hands, be it never answered. */
  reached(): Promise<void>;
  /** The secrets in the target's settings. */
  readonly secrets: readonly string[];
  /** Closes the target and what it was given; resolves once nothing is held any more. */
  release(): Promise<void>;
  /** Ends the receiver. */
  stop(): Promise<void>;
}

export interface TargetFixture {
  /** Of what can happen to a receiver, what can happen to this one. */
  readonly modes: readonly Exclude<ReceiverMode, 'accept'>[];
  readonly failReason: RetryReason;
  readonly refuseReason?: RejectReason;
  /** Whether the receiver can tell a repeated delivery. */
  readonly hasIds: boolean;
  /** Whether it writes for people, with the common settings `title` and `text`. */
  readonly hasText?: boolean;
  /** `settings` are added to the fixture's own. */
  start(settings?: object): Promise<Stage>;
  /** What a preview of that delivery says; what came, when absent. */
  previewed?(received: Received): string;
  /** Asserts that what came is one record in which the event's texts are nothing but text. */
  expectHarmless(received: Received, event: TocsinEvent): void;
}

/** What a kind cannot do by its nature is left out, not skipped: nothing is missing. */
const testIf =
  (applies: boolean) =>
  (name: string, body: () => Promise<void>): void => {
    if (applies) it(name, body);
  };

/** What every kind of target keeps to, whatever it sends over. */
export function targetContract(name: string, fixture: TargetFixture): void {
  const can = (mode: ReceiverMode): boolean => mode === 'accept' || fixture.modes.includes(mode);
  let stage: Stage;
  const send = (job: Job): Promise<Outcome> => stage.target.send(job, new AbortController().signal);

  describe(`${name} keeps the contract of a target`, () => {
    beforeEach(async () => {
      stage = await fixture.start();
    });
    afterEach(async () => {
      await stage.release();
      await stage.stop();
    });

    it('delivers, and the receiver has the event', async () => {
      const event = sampleEvent();
      expect(await send(sampleJob(event))).toMatchObject({ kind: 'delivered' });
      const [received, ...more] = await stage.received();
      expect(more).toEqual([]);
      expect(received?.text).toContain(event.title);
    });

    it('marks an internal security alert', async () => {
      await send(sampleJob(internalEvent()));
      await send(sampleJob(sampleEvent()));
      const [alert, other] = await stage.received();
      expect(alert?.text).toContain(ALERT_MARK);
      expect(other?.text).not.toContain(ALERT_MARK);
    });

    testIf(fixture.hasIds)(
      'gives every attempt of a delivery the same id, and every delivery its own',
      async () => {
        const job = sampleJob();
        await send(job);
        await send({ ...job, attempt: 2 });
        await send(sampleJob(job.event));
        const [first, second, other] = (await stage.received()).map(({ id }) => id);
        expect(first).toBeTruthy();
        expect(second).toBe(first);
        expect(other).not.toBe(first);
      },
    );

    testIf(can('fail'))(
      'asks for a retry when the receiver fails, and delivers when it is back',
      async () => {
        const job = sampleJob();
        await stage.set('fail');
        expect(await send(job)).toMatchObject({ kind: 'retry', reason: fixture.failReason });
        await stage.set('accept');
        expect(await send({ ...job, attempt: 2 })).toMatchObject({ kind: 'delivered' });
      },
    );

    testIf(can('refuse'))('ends the delivery when the receiver refuses it for good', async () => {
      await stage.set('refuse');
      expect(await send(sampleJob())).toMatchObject({ kind: 'rejected', reason: fixture.refuseReason });
    });

    testIf(can('hang'))('gives up on a receiver that hangs, as soon as the signal says so', async () => {
      await stage.set('hang');
      const abort = new AbortController();
      const sent = stage.target.send(sampleJob(), abort.signal);
      await stage.reached();
      abort.abort();
      expect(await sent).toMatchObject({ kind: 'retry', reason: 'timeout' });
    });

    testIf(can('reset'))('asks for a retry when the connection breaks', async () => {
      await stage.set('reset');
      expect(await send(sampleJob())).toMatchObject({ kind: 'retry', reason: 'connection_reset' });
    });

    it('keeps hostile texts texts, in one record', async () => {
      const event = hostileEvent();
      expect(await send(sampleJob(event))).toMatchObject({ kind: 'delivered' });
      const [received, ...more] = await stage.received();
      expect(more).toEqual([]);
      if (received) fixture.expectHarmless(received, event);
    });

    it('previews what it sends, and sends nothing then', async () => {
      for (const [index, event] of [sampleEvent(), hostileEvent()].entries()) {
        const job = sampleJob(event);
        const preview = stage.target.preview?.(job);
        if (!preview) return;
        expect(preview.fault).toBeUndefined();
        await send(job);
        const all = await stage.received();
        expect(all).toHaveLength(index + 1);
        const [received] = all.slice(-1);
        const sent = received && (fixture.previewed?.(received) ?? received.raw);
        expect(preview.text).toBe(hideSecrets(stage.secrets)(sent ?? ''));
        for (const secret of stage.secrets) expect(preview.text).not.toContain(secret);
      }
    });

    testIf(fixture.hasText === true)('writes in the words of its templates, with the mark', async () => {
      await stage.release();
      await stage.stop();
      stage = await fixture.start({
        title: 'T<{{ event.severity }}>',
        text: 'first {{ event.source }}\nsecond {{ event.title }}',
      });
      await send(sampleJob(sampleEvent({ title: 'of attackers' })));
      await send(sampleJob(internalEvent()));
      await send(sampleJob(hostileEvent()));
      const [plain, alert, hostile, ...more] = await stage.received();
      expect(more).toEqual([]);
      for (const words of ['T<high>', 'first sqreen', 'second of attackers'])
        expect(plain?.text).toContain(words);
      expect(plain?.text).not.toContain(ALERT_MARK);
      expect(alert?.text).toContain(`${ALERT_MARK} T<high>`);
      expect(hostile?.text).toContain('second evil Bcc: mallory@example.com .');
      expect(hostile?.text).not.toMatch(/[\0\u2028\u202e]/);
    });

    testIf(fixture.modes.length > 0)('tells no secret, even when the receiver quotes it', async () => {
      for (const mode of ['fail', 'refuse', 'reset'] as const) {
        if (!can(mode)) continue;
        await stage.set(mode);
        const told = JSON.stringify(await send(sampleJob()));
        for (const secret of stage.secrets) expect(told).not.toContain(secret);
      }
    });

    it('holds nothing once it is closed', async () => {
      await send(sampleJob());
      await expect(stage.release()).resolves.toBeUndefined();
    });
  });
}
