import type { HttpAnswer } from '../kernel/http-client.ts';
import type { AnswerText } from './answer-text.ts';
import type { Outcome } from './target.ts';

const DAY_MS = 86_400_000;
const RETRY_AFTER_MS_MAX = 365 * DAY_MS;

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
  const wait = waitMs === undefined ? undefined : bounded(waitMs);
  if (outcome.kind !== 'retry' || wait === undefined || wait <= (outcome.retryAfterMs ?? 0)) return outcome;
  return { ...outcome, retryAfterMs: wait };
}

/**
 * The wait that a Retry-After header asks for (RFC 9110, 10.2.3: seconds, or a date), at most a year; undefined
 * when it says nothing that can be understood, or names a time gone by.
 */
export function retryAfterMs(header: string | undefined, nowMs: number): number | undefined {
  const text = header?.trim() ?? '';
  // Some senders give fractions, though the standard has whole seconds.
  if (/^[0-9]+(?:\.[0-9]+)?$/.test(text)) return bounded(Number(text) * 1_000);
  // All three forms of a date begin with the day of the week; Date.parse alone takes `-5` for one.
  if (!/^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)/.test(text)) return undefined;
  const date = Date.parse(text.endsWith('GMT') ? text : `${text} GMT`);
  return Number.isNaN(date) ? undefined : bounded(date - nowMs);
}

function bounded(ms: number): number | undefined {
  return ms > 0 ? Math.min(Math.ceil(ms), RETRY_AFTER_MS_MAX) : undefined;
}

function said(answer: string): { answer?: string } {
  return answer === '' ? {} : { answer };
}
