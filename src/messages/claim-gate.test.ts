import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../tests/support/manual-clock.ts';
import { Problem } from '../kernel/problem.ts';
import { openMemory } from '../storage/ephemeral/memory.ts';
import type { Ephemeral } from '../storage/ephemeral/port.ts';
import { ClaimGate } from './claim-gate.ts';

type Counter = Pick<Ephemeral, 'increment'>;
type Outcome = 'right' | 'wrong';

/** A gate whose compares are noted, with their times. */
class Try {
  readonly clock = new ManualClock();
  readonly gate: ClaimGate;
  /** By whom, and when since the beginning. */
  readonly compared: { readonly by: string; readonly at: number }[] = [];
  readonly answers: string[] = [];
  isOver = false;
  readonly #startedAt = this.clock.now();

  constructor(counter?: Counter) {
    this.gate = new ClaimGate(this.clock, counter ?? openMemory(this.clock));
  }

  get elapsedMs(): number {
    return this.clock.now() - this.#startedAt;
  }

  claim(by: string, outcome: Outcome, { message = 'm', isGone = (): boolean => false } = {}): Promise<void> {
    const compare = async (): Promise<Outcome> => {
      this.compared.push({ by, at: this.elapsedMs });
      return outcome;
    };
    return this.gate
      .pass({ address: by, isGone }, message, compare, (one) => one === 'wrong')
      .then(
        (one) => void this.answers.push(`${by} ${one}`),
        (error: unknown) =>
          void this.answers.push(`${by} ${error instanceof Problem ? error.code : String(error)}`),
      );
  }

  claims(count: number, by: (n: number) => string, outcome: Outcome, message?: string): void {
    for (let n = 0; n < count; n++) void this.claim(by(n), outcome, message === undefined ? {} : { message });
  }

  /** With one wrong key after the other, as soon as it is told that the one before was wrong. */
  async keepTrying(by: string): Promise<void> {
    while (!this.isOver) await this.claim(by, 'wrong');
  }

  timesOf(by: string): number[] {
    return this.compared.filter((one) => one.by === by).map(({ at }) => at);
  }
}

const address = (n: number): string => `203.0.${n >> 8}.${n & 255}`;
const HOLDER = '198.51.100.7';

describe('who brings wrong keys', () => {
  it('has ten tries a minute at once, and then one every two seconds', async () => {
    const there = tried();
    there.claims(20, () => address(1), 'wrong');
    await there.clock.advance(60_000);
    expect(there.timesOf(address(1))).toEqual([...Array.from({ length: 11 }, () => 0), ...every(2_000, 9)]);
  });

  it('is one client with a whole IPv6 /64', async () => {
    const there = tried();
    there.claims(20, (n) => `2001:db8::${n.toString(16)}`, 'wrong');
    await there.clock.advance(1_000);
    expect(there.compared).toHaveLength(11);
  });

  it('is slowed by another key of the same client neither more nor less: a right one in between is answered', async () => {
    const there = tried();
    there.claims(12, () => address(1), 'wrong');
    void there.claim(address(1), 'right');
    await there.clock.advance(4_000);
    expect(there.answers.at(-1)).toBe(`${address(1)} right`);
  });

  it('is told to come again when ten of its claims wait already, and not before it was wrong too often', async () => {
    const there = tried();
    there.claims(40, () => address(1), 'wrong');
    await there.clock.advance(0);
    expect(there.answers.filter((answer) => answer.endsWith('too_many_requests'))).toHaveLength(19);
    await there.clock.advance(60_000);
    expect(there.compared).toHaveLength(21);
  });

  it('begins anew when a minute has passed', async () => {
    const there = tried();
    there.claims(11, () => address(1), 'wrong');
    await there.clock.advance(61_000);
    there.claims(5, () => address(1), 'right');
    await there.clock.advance(0);
    expect(there.answers.filter((answer) => answer.endsWith('right'))).toHaveLength(5);
  });

  it('does not keep the same address from another message, however many of its claims wait', async () => {
    const there = tried();
    for (let n = 0; n < 5; n++) {
      there.claims(40, () => address(1), 'wrong');
      await there.clock.advance(2_000);
    }
    there.claims(40, () => address(1), 'wrong');
    void there.claim(address(1), 'right', { message: 'another' });
    await there.clock.advance(4_000);
    expect(there.answers).toContain(`${address(1)} right`);
  });

  it('holds up nobody else, neither at this message nor at another', async () => {
    const there = tried();
    there.claims(60, () => address(1), 'wrong');
    await there.clock.advance(0);
    const [now] = [there.elapsedMs];
    void there.claim(HOLDER, 'right');
    void there.claim('198.51.100.8', 'right', { message: 'another' });
    await there.clock.advance(0);
    expect(there.timesOf(HOLDER)).toEqual([now]);
    expect(there.timesOf('198.51.100.8')).toEqual([now]);
  });
});

describe('a message that many clients try wrong keys on', () => {
  it('is compared five times a second and no more, from a hundred wrong ones a minute on', async () => {
    const there = tried();
    there.claims(300, address, 'wrong');
    await there.clock.advance(10_000);
    const early = there.compared.filter(({ at }) => at === 0).length;
    expect(early).toBeLessThanOrEqual(102);
    expect(there.compared.filter(({ at }) => at > 0 && at <= 10_000).length).toBeLessThanOrEqual(50);
    expect(there.compared.length).toBeGreaterThan(140);
  });

  it('is slow over the next minute too, and as before after that', async () => {
    const there = tried();
    there.claims(150, address, 'wrong');
    await there.clock.advance(60_000);
    there.claims(10, (n) => address(1_000 + n), 'right');
    await there.clock.advance(0);
    expect(there.answers.filter((answer) => answer.endsWith('right'))).toHaveLength(1);
    await there.clock.advance(120_000);
    there.claims(50, (n) => address(2_000 + n), 'right');
    await there.clock.advance(0);
    expect(there.answers.filter((answer) => answer.endsWith('right'))).toHaveLength(60);
  });

  it('is counted over replicas', async () => {
    const clock = new ManualClock();
    const shared = openMemory(clock);
    const [one, other] = [new Try(shared), new Try(shared)];
    one.claims(99, address, 'wrong');
    await one.clock.advance(0);
    // The first wrong one here is the hundredth of all.
    other.claims(10, address, 'wrong');
    await other.clock.advance(0);
    other.claims(10, (n) => address(100 + n), 'wrong');
    await other.clock.advance(1_000);
    expect(other.compared.filter(({ at }) => at > 0 && at <= 1_000).length).toBeLessThanOrEqual(5);
    expect(other.compared.length).toBeLessThan(20);
  });

  it('waits behind no crowd of right ones: readers of a message that many may read are not spaced', async () => {
    const there = tried();
    there.claims(500, address, 'right');
    await there.clock.advance(0);
    expect(there.answers.filter((answer) => answer.endsWith('right'))).toHaveLength(500);
  });

  it('is given to the holder of the right key before all who were wrong before, however many keep trying', async () => {
    const there = tried();
    const attackers = 200;
    for (let n = 0; n < attackers; n++) void there.keepTrying(address(n));
    await there.clock.advance(60_000);
    const since = there.elapsedMs;
    void there.claim(HOLDER, 'right');
    await there.clock.advance(5_000);
    // The next turn, or the one after it, which may be the eldest's.
    expect((there.timesOf(HOLDER)[0] ?? Infinity) - since).toBeLessThanOrEqual(400);
    expect(there.answers).toContain(`${HOLDER} right`);
    there.isOver = true;
    there.gate.stop();
  });

  it('is given to a holder who mistyped as well, after one try of each other client and not of more', async () => {
    const there = tried();
    const attackers = 30;
    for (let n = 0; n < attackers; n++) void there.keepTrying(address(n));
    await there.clock.advance(60_000);
    await Promise.race([there.claim(HOLDER, 'wrong'), there.clock.advance(30_000)]);
    const since = there.elapsedMs;
    void there.claim(HOLDER, 'right');
    await there.clock.advance(30_000);
    expect(there.answers).toContain(`${HOLDER} right`);
    expect((there.timesOf(HOLDER)[1] ?? Infinity) - since).toBeLessThanOrEqual(4 * (attackers + 1) * 200);
    there.isOver = true;
    there.gate.stop();
  });
});

describe('the gate', () => {
  it.each([
    ['does not answer', (): Promise<number> => new Promise(() => {})],
    ['cannot be reached', (): Promise<number> => Promise.reject(new Error('away'))],
  ])('goes by what it sees itself when the shared counter %s', async (_, increment) => {
    const there = tried({ increment });
    there.claims(150, address, 'wrong');
    void there.claim(HOLDER, 'right');
    await there.clock.advance(60_000);
    expect(there.answers).toContain(`${HOLDER} right`);
    expect(there.answers.filter((answer) => answer.endsWith('wrong'))).toHaveLength(150);
    expect(there.compared.filter(({ at }) => at === 0).length).toBeLessThanOrEqual(102);
  });

  it('compares nothing for who has gone while waiting, so that nothing is burned for nobody', async () => {
    const there = tried();
    there.claims(12, () => address(1), 'wrong');
    let isGone = false;
    void there.claim(address(1), 'right', { isGone: () => isGone });
    await there.clock.advance(1_000);
    isGone = true;
    await there.clock.advance(10_000);
    expect(there.answers.filter((answer) => answer.endsWith('right'))).toEqual([]);
    expect(there.compared).toHaveLength(12);
    void there.claim(address(1), 'right');
    await there.clock.advance(2_000);
    expect(there.answers.at(-1)).toBe(`${address(1)} right`);
  });

  it('hands on what went wrong, and lets the next one in', async () => {
    const there = tried();
    const fails = there.gate.pass(
      { address: address(1), isGone: () => false },
      'm',
      () => Promise.reject(new Error('the store is away')),
      () => false,
    );
    await expect(fails).rejects.toThrow('the store is away');
    void there.claim(address(1), 'right');
    await there.clock.advance(0);
    expect(there.answers).toEqual([`${address(1)} right`]);
  });

  it('refuses all who wait when the service stops, and whoever comes then', async () => {
    const there = tried();
    there.claims(15, () => address(1), 'wrong');
    there.claims(150, (n) => address(n + 10), 'wrong');
    await there.clock.advance(0);
    const before = there.answers.length;
    there.gate.stop();
    void there.claim(HOLDER, 'right');
    await there.clock.advance(0);
    const after = there.answers.slice(before).map((answer) => answer.split(' ')[1]);
    expect(after.length).toBeGreaterThan(20);
    expect(new Set(after)).toEqual(new Set(['stopping']));
    await there.clock.advance(60_000);
    expect(there.answers).toHaveLength(before + after.length);
  });

  it('remembers nobody who was right, and a bounded number of those who were wrong', async () => {
    const there = tried();
    there.claims(50, address, 'right');
    await there.clock.advance(0);
    expect(there.gate.remembered).toEqual({ clients: 0, messages: 0 });
    for (let batch = 0; batch < 41; batch++) {
      for (let n = 0; n < 512; n++) {
        const by = `198.18.${2 * batch + (n >> 8)}.${n & 255}`;
        void there.claim(by, 'wrong', { message: by });
      }
      await there.clock.advance(0);
    }
    expect(there.compared).toHaveLength(50 + 41 * 512);
    expect(there.gate.remembered).toEqual({ clients: 20_000, messages: 10_000 });
  });

  it('never refuses a holder, nor lets one wait longer than a turn of each other client, whatever others do', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ by: fc.nat(9), pauseMs: fc.nat(3_000) }), { minLength: 1, maxLength: 80 }),
        fc.nat(60_000),
        async (attempts, arrivesMs) => {
          const there = tried();
          there.claims(110, (n) => address(1_000 + n), 'wrong');
          await there.clock.advance(0);
          for (const { by, pauseMs } of attempts) {
            void there.claim(address(by), 'wrong');
            await there.clock.advance(pauseMs);
          }
          await there.clock.advance(arrivesMs);
          const since = there.elapsedMs;
          void there.claim(HOLDER, 'right');
          await there.clock.advance(130 * 200 + 1_000);
          expect(there.answers).toContain(`${HOLDER} right`);
          expect((there.timesOf(HOLDER)[0] ?? Infinity) - since).toBeLessThanOrEqual(130 * 200);
        },
      ),
      { numRuns: 20 },
    );
  }, 60_000);
});

const every = (ms: number, count: number): number[] => Array.from({ length: count }, (_, n) => (n + 1) * ms);

function tried(counter?: Counter): Try {
  return new Try(counter);
}
