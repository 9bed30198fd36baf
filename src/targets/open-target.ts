import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { defaultRetryPolicy, type RetryPolicy } from '../kernel/backoff.ts';
import { durationMs } from '../kernel/duration.ts';
import { duration, type Static } from '../kernel/schema.ts';
import { operationOf, operationSettings, type TargetOperation } from './operation.ts';
import type { Job, Outcome, Preview, Target } from './target.ts';
import { transportSettings } from './transport.ts';

/** What every kind of target has beside its own settings. */
export const targetSettings = Type.Object({
  concurrency: Type.Integer({
    minimum: 1,
    maximum: 256,
    default: 16,
    description: 'Sends at once. The rest wait their turn; other targets are not held up.',
  }),
  timeout: duration({
    default: '30s',
    description: 'For one attempt. Receivers that answer late but do answer are not sent to twice.',
  }),
  retryAttempts: Type.Integer({
    minimum: 1,
    maximum: 100,
    default: defaultRetryPolicy.attemptsMax,
    description:
      'Attempts in all; after the last the delivery is a dead letter. The default takes about a day.',
  }),
  retryFirstDelay: duration({
    default: '5s',
    description: 'Before the second attempt; each next one waits three times as long.',
  }),
  retryMaxDelay: duration({
    default: '6h',
    description: 'The longest wait between two attempts, jitter aside.',
  }),
  ...operationSettings,
  ...transportSettings,
});
export type TargetSettings = Static<typeof targetSettings>;
export const defaultTargetSettings: Readonly<TargetSettings> = Value.Create(targetSettings);

/** A configured target, ready to send. */
export interface OpenTarget {
  readonly id: string;
  readonly kind: string;
  readonly concurrency: number;
  readonly timeoutMs: number;
  readonly retry: RetryPolicy;
  readonly operation: TargetOperation;
  send(job: Job, signal: AbortSignal): Promise<Outcome>;
  /** What it would send; undefined of a kind that cannot tell. */
  preview(job: Job): Preview | undefined;
  /** Closes it once nothing is in flight: a changed target's last sends still end well. */
  retire(): Promise<void>;
}

export function openTarget(id: string, kind: string, settings: TargetSettings, target: Target): OpenTarget {
  let inFlight = 0;
  let idle: (() => void) | undefined;
  return {
    id,
    kind,
    concurrency: settings.concurrency,
    timeoutMs: durationMs(settings.timeout),
    retry: retryPolicy(settings),
    operation: operationOf(settings),
    async send(job, signal) {
      inFlight += 1;
      try {
        return await target.send(job, signal);
      } finally {
        inFlight -= 1;
        if (inFlight === 0) idle?.();
      }
    },
    preview: (job) => target.preview?.(job),
    async retire() {
      if (inFlight > 0) await new Promise<void>((resolve) => (idle = resolve));
      await target.close();
    },
  };
}

const retryPolicy = (settings: TargetSettings): RetryPolicy => ({
  ...defaultRetryPolicy,
  attemptsMax: settings.retryAttempts,
  firstDelayMs: durationMs(settings.retryFirstDelay),
  delayMsMax: durationMs(settings.retryMaxDelay),
});
