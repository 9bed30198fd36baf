import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../tests/support/manual-clock.ts';
import { silentLogger } from '../../kernel/log.ts';
import type { ScanProgress } from '../findings/scan.ts';
import { ProgressBeat } from './progress-beat.ts';

function start(answers: (boolean | Error)[]) {
  const clock = new ManualClock();
  const beats: ScanProgress[] = [];
  let lost = 0;
  const beat = new ProgressBeat({
    beat: async (progress) => {
      beats.push(progress);
      const answer = answers.shift() ?? true;
      if (answer instanceof Error) throw answer;
      return answer;
    },
    lost: () => (lost += 1),
    clock,
    log: silentLogger,
  });
  beat.start();
  return { clock, beat, beats, lost: () => lost };
}

describe('the beat of a scan', () => {
  it('tells how far it is again and again, also while nothing moves', async () => {
    const { clock, beat, beats } = start([]);
    beat.note({ phase: 'reading', steps: 10, done: 3 });
    await clock.advance(1_000);
    await clock.advance(1_000);
    expect(beats).toMatchObject([
      { phase: 'reading', steps: 10, done: 3 },
      { phase: 'reading', steps: 10, done: 3 },
    ]);
  });

  it('says once that the scan is not ours any more, and is silent then', async () => {
    const { clock, beats, lost } = start([true, false]);
    for (let n = 0; n < 5; n++) await clock.advance(1_000);
    expect(beats).toHaveLength(2);
    expect(lost()).toBe(1);
  });

  it('goes on when the store cannot be reached for a while', async () => {
    const { clock, beats, lost } = start([new Error('away')]);
    await clock.advance(1_000);
    await clock.advance(1_000);
    expect(beats).toHaveLength(2);
    expect(lost()).toBe(0);
  });

  it('is silent once it was stopped', async () => {
    const { clock, beat, beats } = start([]);
    beat.stop();
    await clock.advance(5_000);
    expect(beats).toEqual([]);
  });
});
