import type { HttpAnswer } from '../kernel/http-client.ts';
import { boundedWaitMs, retryAfterMs } from '../kernel/retry-after.ts';
import type { AnswerText } from './answer-text.ts';
import type { Outcome } from './target.ts';

export interface AnswerReading {
  readonly nowMs: number;
  readonly text: AnswerText;
  /** Statuses with which the receiver refuses this delivery for good; 410 always does. */
  readonly rejects?: readonly number[];
}

/** The one place where an HTTP answer becomes an outcome. */
export function httpOutcome(answer: HttpAnswer, reading: AnswerReading): Outcome {
  if (!answer.ok) return { kind: 'retry', reason: answer.reason, ...said(reading.text(answer.detail)) };
  const { status } = answer;
  const told = { status, ...said(reading.text(answer.body)) };
  if (status >= 200 && status < 300) return { kind: 'delivered', ...told };
  if (status === 410) return { kind: 'rejected', reason: 'gone', ...told };
  if (reading.rejects?.includes(status)) return { kind: 'rejected', reason: 'refused_by_receiver', ...told };
  // Never followed: the new place was not configured, and the guard's verdict was on the old one.
  if (status >= 300 && status < 400) return { kind: 'retry', reason: 'redirect', ...told };
  const reason = status === 429 ? 'rate_limited' : 'http_status';
  const wait =
    status === 429 || status === 503 ? retryAfterMs(answer.headers['retry-after'], reading.nowMs) : undefined;
  return { kind: 'retry', reason, ...told, ...(wait === undefined ? {} : { retryAfterMs: wait }) };
}

/** The outcome with the longer of the two waits: the one it has, and what the body asked for. */
export function laterOf(outcome: Outcome, waitMs: number | undefined): Outcome {
  const wait = waitMs === undefined ? undefined : boundedWaitMs(waitMs);
  if (outcome.kind !== 'retry' || wait === undefined || wait <= (outcome.retryAfterMs ?? 0)) return outcome;
  return { ...outcome, retryAfterMs: wait };
}

function said(answer: string): { answer?: string } {
  return answer === '' ? {} : { answer };
}
