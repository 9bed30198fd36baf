import { describe, expect, it } from 'vitest';
import { compare } from './compare.ts';
import { reportTable } from './markdown.ts';
import { atLeast, atMost, goalMet, median, type Report } from './report.ts';

const row = (key: string, values: readonly number[]) => ({ key, what: key, unit: '1/s', values });
const report = (name: string, key: string, values: readonly number[]): Report => ({
  name,
  title: name,
  rows: [row(key, values)],
  notes: [],
});

describe('results', () => {
  it('take the middle value, or the mean of the two in the middle', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
  });

  it('hold the median, not the best round, against the goal', () => {
    expect(goalMet({ ...row('a', [1, 1, 9]), goal: atLeast(2) })).toBe(false);
    expect(goalMet({ ...row('a', [1, 1, 9]), goal: atMost(2) })).toBe(true);
    expect(goalMet(row('a', [1]))).toBeUndefined();
  });

  it('show a missed goal and every note', () => {
    const missed = { ...row('a', [1, 2, 3]), goal: atLeast(5) };
    const table = reportTable({ name: 'n', title: 't', rows: [missed], notes: ['a note'] });
    expect(table).toContain('at least 5: MISSED');
    expect(table).toContain('- a note');
  });

  it('compare two benchmarks only when both ran', () => {
    const ours = report('ingest-sqlite', 'ingest-sqlite.rate', [12_000, 10_000, 9_000]);
    const theirs = report('original', 'original.four-tasks.rate', [500]);
    expect(compare([ours])).toBeUndefined();
    expect(compare([ours, theirs])?.rows).toMatchObject([{ values: [20], goal: atLeast(20) }]);
  });
});
