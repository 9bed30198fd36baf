import { afterEach, beforeEach, expect, it } from 'vitest';
import { answers, HttpReceiver, type ReceivedRequest } from '../../../tests/support/http-receiver.ts';
import type { OpenedKind } from '../../../tests/support/open-kind.ts';
import { hostileEvent, sampleEvent, sampleJob } from '../../../tests/support/sample-event.ts';
import type { TocsinEvent } from '../../events/event.ts';
import type { Job } from '../target.ts';

type Send = (settings: object, job: Job) => Promise<ReceivedRequest>;

export interface VendorFixture {
  open(receiver: HttpReceiver, settings: object): OpenedKind;
  /** What the vendor may answer, and a part of the outcome. */
  readonly answers: readonly (readonly [status: number, body: string, outcome: object])[];
  /** Asserts how the vendor's API is spoken. */
  expectRequest(send: Send): Promise<void>;
  /** Asserts the vendor's limits on whatever can be sent. */
  expectLimits(send: Send): Promise<void>;
}

/** What every kind that speaks a vendor's HTTP API is tested for, besides the contract of a target. */
export function describeAnswers(fixture: VendorFixture): void {
  let receiver: HttpReceiver;
  const opened: OpenedKind[] = [];
  beforeEach(async () => {
    receiver = await HttpReceiver.start();
  });
  afterEach(async () => {
    for (const one of opened.splice(0)) await one.close();
    await receiver.close();
  });
  const open = (settings: object = {}): OpenedKind => {
    const one = fixture.open(receiver, settings);
    opened.push(one);
    return one;
  };
  const send: Send = async (settings, job) => {
    await open(settings).target.send(job, new AbortController().signal);
    const [request] = receiver.requests.slice(-1);
    if (!request) throw new Error('nothing was sent');
    return request;
  };

  it.each(fixture.answers)('takes %d %s as %j', async (status, body, outcome) => {
    receiver.answer = answers.status(status, body);
    const told = await open().target.send(sampleJob(), new AbortController().signal);
    expect(told).toMatchObject({ status, ...outcome });
    if (!('retryAfterMs' in outcome)) expect(told).not.toHaveProperty('retryAfterMs');
  });

  it('never comes back before the longer of two waits is over', async () => {
    receiver.answer = answers.status(429, '{"retry_after": 1, "retry_after_ms": 1000}', {
      'retry-after': '90',
    });
    const told = await open().target.send(sampleJob(), new AbortController().signal);
    expect(told).toMatchObject({ reason: 'rate_limited', retryAfterMs: 90_000 });
  });

  it("speaks the vendor's API", () => fixture.expectRequest(send));
  it("keeps the vendor's limits, whatever the event", () => fixture.expectLimits(send));
}

export interface Widest {
  readonly settings: object;
  readonly job: Job;
}

/** Deliveries as wide as they can be, in texts that grow most when they are escaped or encoded, and templates. */
export function widestSends(): readonly Widest[] {
  const templates = {
    title: '{{ event.title }}',
    text: `{{ event.title }}\n\n{{ event.type }}\n`.repeat(100),
  };
  return [hostileEvent(), ...['x', '<', '&', '"', '\\', '*', '攻', '🚨', '_.!'].map(widestEvent)].flatMap(
    (event) => [{}, templates].map((settings) => ({ settings, job: sampleJob(event) })),
  );
}

function widestEvent(text: string): TocsinEvent {
  const long = text.repeat(3_000);
  return sampleEvent({
    type: long,
    title: long,
    subject: { kind: long, id: long, name: long },
    labels: Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`${index}${long}`, long])),
    observables: Array.from({ length: 60 }, () => ({ kind: 'user', value: long })),
    link: `https://example.com/${text.repeat(150)}?a=1&b=2`,
  });
}
