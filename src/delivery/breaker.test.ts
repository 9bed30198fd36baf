import { expect, test } from 'vitest';
import type { Outcome } from '../targets/target.ts';
import { Breaker } from './breaker.ts';

const PAUSE = 30_000;
const policy = { failures: 5, share: 80, pauseMs: PAUSE };
const failure: Outcome = { kind: 'retry', reason: 'http_status', status: 503 };
const success: Outcome = { kind: 'delivered', status: 200 };

/** The breaker after these outcomes, one a millisecond from 1 on. */
function after(outcomes: readonly Outcome[], own = policy): Breaker {
  const breaker = new Breaker(own);
  outcomes.forEach((outcome, index) => breaker.record(outcome, index, index + 1));
  return breaker;
}
const times = (count: number, outcome: Outcome): Outcome[] => Array.from({ length: count }, () => outcome);

test('opens after so many failures in a row, not one sooner', () => {
  expect(after(times(4, failure)).state(10)).toBe('closed');
  expect(after(times(5, failure)).state(10)).toBe('open');
  expect(after([...times(4, failure), success, ...times(4, failure)]).state(10)).toBe('closed');
});

test('opens when most of a minute’s attempts fail, never so many in a row', () => {
  const mostly = [...times(4, failure), success];
  expect(after([...mostly, ...mostly, ...mostly]).state(20)).toBe('closed');
  expect(after([...mostly, ...mostly, ...mostly, ...mostly]).state(30)).toBe('open');
  const half = Array.from({ length: 30 }, () => [failure, success]).flat();
  expect(after(half).state(99)).toBe('closed');
  expect(after([...mostly, ...mostly, ...mostly, ...mostly], { ...policy, share: 0 }).state(30)).toBe(
    'closed',
  );
});

test.each<readonly [string, Outcome]>([
  ['a refusal for good', { kind: 'rejected', reason: 'refused_by_receiver', status: 400 }],
  ['an answer about this delivery', { kind: 'retry', reason: 'http_status', status: 400 }],
  ['a body it will not take', { kind: 'retry', reason: 'http_status', status: 422 }],
  ['a Retry-After', { kind: 'retry', reason: 'rate_limited', status: 429, retryAfterMs: 1_000 }],
])('%s does not open it', (_name, outcome) => {
  expect(after(times(50, outcome)).state(99)).toBe('closed');
});

test.each<readonly [string, Outcome]>([
  ['a time-out', { kind: 'retry', reason: 'timeout' }],
  ['a credential that is refused', { kind: 'retry', reason: 'http_status', status: 401 }],
  ['a 429 that names no time', { kind: 'retry', reason: 'rate_limited', status: 429 }],
  ['a Retry-After of years', { kind: 'retry', reason: 'http_status', status: 503, retryAfterMs: 1e11 }],
])('%s does', (_name, outcome) => {
  expect(after(times(5, outcome)).state(9)).toBe('open');
});

test('is half open after the pause; a success closes it, a failure opens it for twice as long, up to eight times', () => {
  const breaker = after(times(5, failure));
  let now = breaker.openUntil;
  for (const pauses of [2, 4, 8, 8]) {
    expect(breaker.state(now - 1)).toBe('open');
    expect(breaker.state(now)).toBe('half_open');
    breaker.record(failure, now, now + 10);
    expect(breaker.openUntil).toBe(now + 10 + pauses * PAUSE);
    now = breaker.openUntil;
  }
  breaker.record(success, now, now + 10);
  expect(breaker.state(now + 10)).toBe('closed');
  for (let n = 0; n < 5; n++) breaker.record(failure, now + 20, now + 30);
  expect(breaker.openUntil).toBe(now + 30 + PAUSE);
});

test('what began before it opened neither closes it nor keeps it open for longer', () => {
  const breaker = after(times(5, failure));
  const { openUntil } = breaker;
  breaker.record(success, 2, 6_000);
  breaker.record(failure, 3, 7_000);
  breaker.record(success, 4, openUntil + 5);
  expect(breaker.openUntil).toBe(openUntil);
});

test('without a policy it never opens, and another policy begins anew', () => {
  const breaker = new Breaker(undefined);
  for (let n = 0; n < 99; n++) breaker.record(failure, n, n);
  expect(breaker.state(100)).toBe('closed');
  const open = after(times(5, failure));
  open.follow(policy);
  expect(open.state(10)).toBe('closed');
  for (let n = 0; n < 4; n++) open.record(failure, 20, 21);
  expect(open.state(30)).toBe('closed');
});
