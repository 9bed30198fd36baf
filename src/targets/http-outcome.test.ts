import { describe, expect, it } from 'vitest';
import { answerText, urlSecrets } from './answer-text.ts';
import { httpOutcome } from './http-outcome.ts';

const now = Date.UTC(2026, 0, 31, 12, 0, 0);
const text = answerText([]);
const outcomeOf = (status: number, headers: Record<string, string> = {}, rejects: readonly number[] = []) =>
  httpOutcome({ ok: true, status, headers, body: 'said' }, { nowMs: now, text, rejects });

describe('httpOutcome', () => {
  it.each([
    [200, { kind: 'delivered' }],
    [204, { kind: 'delivered' }],
    [301, { kind: 'retry', reason: 'redirect' }],
    [307, { kind: 'retry', reason: 'redirect' }],
    [400, { kind: 'retry', reason: 'http_status' }],
    [404, { kind: 'retry', reason: 'http_status' }],
    [408, { kind: 'retry', reason: 'http_status' }],
    [410, { kind: 'rejected', reason: 'gone' }],
    [429, { kind: 'retry', reason: 'rate_limited' }],
    [500, { kind: 'retry', reason: 'http_status' }],
    [503, { kind: 'retry', reason: 'http_status' }],
  ])('takes %d for %j', (status, expected) => {
    expect(outcomeOf(status)).toEqual({ status, answer: 'said', ...expected });
  });

  it('rejects what the kind says can never work, and nothing that was taken', () => {
    expect(outcomeOf(400, {}, [400])).toMatchObject({ kind: 'rejected', reason: 'refused_by_receiver' });
    expect(outcomeOf(200, {}, [200])).toMatchObject({ kind: 'delivered' });
  });

  it('passes Retry-After on with 429 and 503 only', () => {
    const headers = { 'retry-after': '30' };
    expect(outcomeOf(429, headers)).toMatchObject({ retryAfterMs: 30_000 });
    expect(outcomeOf(503, headers)).toMatchObject({ retryAfterMs: 30_000 });
    expect(outcomeOf(500, headers)).not.toHaveProperty('retryAfterMs');
  });

  it('hands on why there was no answer', () => {
    const failure = { ok: false, reason: 'dns', detail: 'ENOTFOUND' } as const;
    const expected = { kind: 'retry', reason: 'dns', answer: 'ENOTFOUND' };
    expect(httpOutcome(failure, { nowMs: now, text })).toEqual(expected);
  });
});

describe('answerText', () => {
  it('takes secrets out of what a receiver says, however it spells them', () => {
    const hide = answerText(['p&ss"w0rd', ...urlSecrets('https://hooks.example/services/T0/B0?key=abc')]);
    expect(hide('you said p&ss"w0rd')).toBe('you said [secret]');
    expect(hide('{"you":"p&ss\\"w0rd"}')).toBe('{"you":"[secret]"}');
    expect(hide('form p%26ss%22w0rd')).toBe('form [secret]');
    expect(hide(Buffer.from('p&ss"w0rd').toString('base64'))).toBe('[secret]');
    expect(hide('Cannot POST /services/T0/B0?key=abc')).toBe('Cannot POST [secret]');
    expect(hide('Cannot POST /services/T0/B0')).toBe('Cannot POST [secret]');
  });

  it('is one line of at most 500 characters', () => {
    expect(answerText([])('a\r\nb\0\u2028c')).toBe('a b c');
    expect(answerText([])('x'.repeat(9_999))).toHaveLength(500);
  });
});
