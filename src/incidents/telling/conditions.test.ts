import { describe, expect, it } from 'vitest';
import type { FeedReport, ListReport } from '../report.ts';
import { type Aspect, conditionsOf, type Standpoint } from './conditions.ts';

const NOW = 1_800_000_000_000;
const list = (name: string, more: Partial<ListReport> = {}): ListReport => ({
  name,
  lastAttemptAt: NOW,
  lastSuccessAt: NOW,
  durationMs: 1,
  attempts: 1,
  error: undefined,
  count: 10,
  unresolved: 0,
  invalid: 0,
  ...more,
});
const failed = { error: { reason: 'timeout', detail: 'timed out', since: NOW } } as const;

const report = (more: Partial<FeedReport> = {}): FeedReport => ({
  id: 'elevate',
  kind: 'poll',
  refreshedAt: NOW,
  durationMs: 1,
  document: undefined,
  failedInARow: 0,
  parallel: 4,
  breaker: 'closed',
  identities: list('identities', { count: 100 }),
  types: [list('denial'), list('misuse')],
  ...more,
});

function stateOf(aspect: Aspect, feed: FeedReport, more: Partial<Standpoint> = {}): string | undefined {
  const standpoint = { now: NOW, startedAt: NOW, staleAfterMs: 60_000, told: () => undefined, ...more };
  return conditionsOf(feed, standpoint).find((condition) => condition.aspect === aspect)?.state;
}

describe('lists', () => {
  it('that fail once are how feeds are; three refreshes in a row are told', () => {
    const types = [list('denial', failed), list('misuse')];
    expect(stateOf('lists', report({ types, failedInARow: 2 }))).toBe('good');
    expect(stateOf('lists', report({ types, failedInARow: 3 }))).toBe('failing');
  });

  it('that were told of as failing are not well again before they answer', () => {
    const types = [list('denial', failed)];
    expect(stateOf('lists', report({ types, failedInARow: 1 }), { told: () => 'failing' })).toBe('failing');
    expect(stateOf('lists', report(), { told: () => 'failing' })).toBe('good');
  });

  it('are stale when one is too old, and when one never came since the start', () => {
    const old = [list('denial', { lastSuccessAt: NOW - 60_001 })];
    expect(stateOf('lists', report({ types: old }))).toBe('stale');
    const never = [list('denial', { lastSuccessAt: undefined })];
    expect(stateOf('lists', report({ types: never }))).toBe('good');
    expect(stateOf('lists', report({ types: never }), { startedAt: NOW - 60_001 })).toBe('stale');
  });
});

describe('identities', () => {
  const named = (count: number, unresolved: number): FeedReport =>
    report({ identities: list('identities', { count, unresolved }) });

  it('are lost from a tenth on, also when the feed names none at all', () => {
    expect(stateOf('identities', named(91, 9))).toBe('good');
    expect(stateOf('identities', named(90, 10))).toBe('lost');
    expect(stateOf('identities', named(0, 5_000))).toBe('lost');
    expect(stateOf('identities', report({ identities: undefined }))).toBe('good');
  });

  it('that were lost are back when next to all are named, so that nobody is told to and fro', () => {
    const told = (): string => 'lost';
    expect(stateOf('identities', named(95, 5), { told })).toBe('lost');
    expect(stateOf('identities', named(99, 1), { told })).toBe('good');
  });
});

it('invalid records are told of', () => {
  expect(stateOf('records', report())).toBe('good');
  expect(stateOf('records', report({ types: [list('denial', { invalid: 1 })] }))).toBe('invalid');
});
