import { beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../../tests/support/manual-clock.ts';
import { ExportQueue } from './export-queue.ts';

describe('what is to be exported', () => {
  let clock: ManualClock;
  let batches: number[];
  let dropped: number;
  let isAway: boolean;
  let comeBack: () => void;
  let queue: ExportQueue<number>;
  const push = (count: number): void => {
    for (let n = 0; n < count; n++) queue.push(n);
  };

  beforeEach(() => {
    clock = new ManualClock();
    batches = [];
    dropped = 0;
    isAway = false;
    queue = new ExportQueue<number>({
      clock,
      dropped: () => (dropped += 1),
      async send(items) {
        batches.push(items.length);
        if (isAway) await new Promise<void>((resolve) => (comeBack = resolve));
      },
    });
  });

  it('goes out together after a few seconds', async () => {
    push(3);
    await clock.advance(4_999);
    expect(batches).toEqual([]);
    push(1);
    await clock.advance(1);
    expect(batches).toEqual([4]);
    push(1);
    await clock.advance(5_000);
    expect(batches).toEqual([4, 1]);
  });

  it('goes out at once when there is much of it', async () => {
    push(600);
    await clock.advance(0);
    expect(batches).toEqual([512]);
    await clock.advance(5_000);
    expect(batches).toEqual([512, 88]);
  });

  it('is let go while the collector is away, beyond what memory is set aside for it', async () => {
    isAway = true;
    push(10_000);
    expect(batches).toEqual([512]);
    expect(dropped).toBe(10_000 - 512 - 2_048);
    await clock.advance(600_000);
    expect(batches).toEqual([512]);
    isAway = false;
    comeBack();
    await clock.advance(5_000);
    expect(batches).toEqual([512, 512, 512, 512, 512]);
  });

  it('is let go of at an end that cannot wait', async () => {
    isAway = true;
    push(1_500);
    queue.abandon();
    comeBack();
    await clock.advance(600_000);
    expect(batches).toEqual([512]);
  });

  it('goes out to the last at the end', async () => {
    push(1_000);
    await queue.flush();
    expect(batches.reduce((sum, count) => sum + count)).toBe(1_000);
  });
});
