import { Connection, type ConnectionEvents } from './connection.ts';
import { Histogram } from './histogram.ts';
import type { LoadPlan, LoadResult } from './load-plan.ts';
import { monotonicMs } from './monotonic.ts';
import type { RequestSlab } from './request-slab.ts';

/** How long the last answers are waited for. */
const DRAIN_MS = 10_000;

/** One run of the generator: sends the slab by the plan's pace and counts what comes back. */
export class LoadRun implements ConnectionEvents {
  readonly #plan: LoadPlan;
  readonly #slab: RequestSlab;
  readonly #latency = new Histogram();
  readonly #firstByte = new Histogram();
  readonly #late = new Histogram();
  readonly #intendedAt: Float64Array;
  readonly #acceptedAt: Float64Array;
  readonly #otherStatuses: Record<string, number> = {};
  readonly #idle: Connection[] = [];
  readonly #measuredFrom: number;
  #measuredTo: number;
  #startedAt = monotonicMs();
  #next = 0;
  #open = 0;
  #accepted = 0;
  #acceptedMeasured = 0;
  #unanswered = 0;
  #cpuMeasured = 0;

  constructor(plan: LoadPlan, slab: RequestSlab) {
    this.#plan = plan;
    this.#slab = slab;
    this.#intendedAt = new Float64Array(slab.count);
    this.#acceptedAt = new Float64Array(slab.count).fill(NaN);
    this.#measuredFrom = this.#startedAt + plan.warmupSeconds * 1e3;
    this.#measuredTo = this.#measuredFrom + plan.seconds * 1e3;
  }

  async play(): Promise<LoadResult> {
    const connections = Array.from(
      { length: this.#plan.connections },
      () => new Connection(this.#plan.port, this),
    );
    await this.#until(() => monotonicMs() >= this.#measuredFrom, Infinity);
    const cpuBefore = process.cpuUsage();
    await this.#until(() => monotonicMs() >= this.#measuredTo || this.#spent(), Infinity);
    const cpu = process.cpuUsage(cpuBefore);
    if (this.#plan.pace.kind === 'closed') this.#measuredTo = Math.min(this.#measuredTo, monotonicMs());
    this.#cpuMeasured = (cpu.user + cpu.system) / 1e3 / (this.#measuredTo - this.#measuredFrom);
    await this.#until(() => this.#open === 0 && this.#nothingDue(), DRAIN_MS);
    for (const connection of connections) connection.end();
    return this.#result();
  }

  onIdle(connection: Connection): void {
    this.#idle.push(connection);
    this.#sendDue();
  }

  onHead(sequence: number): void {
    const intendedAt = this.#intendedAt[sequence] ?? NaN;
    if (intendedAt >= this.#measuredFrom) this.#firstByte.record(monotonicMs() - intendedAt);
  }

  onAnswer(sequence: number, status: number): void {
    this.#open -= 1;
    const now = monotonicMs();
    const intendedAt = this.#intendedAt[sequence] ?? NaN;
    if (intendedAt >= this.#measuredFrom) this.#latency.record(now - intendedAt);
    if (status !== (this.#plan.status ?? 200)) {
      this.#otherStatuses[status] = (this.#otherStatuses[status] ?? 0) + 1;
      return;
    }
    this.#accepted += 1;
    this.#acceptedAt[sequence] = intendedAt;
    if (now >= this.#measuredFrom && now < this.#measuredTo) this.#acceptedMeasured += 1;
  }

  onLost(): void {
    this.#open -= 1;
    this.#unanswered += 1;
  }

  #spent(): boolean {
    return this.#plan.pace.kind === 'closed' && this.#next >= this.#slab.count;
  }

  /** Looks every millisecond, sends what has become due meanwhile; gives up after `waitMs`. */
  #until(done: () => boolean, waitMs: number): Promise<void> {
    const giveUpAt = monotonicMs() + waitMs;
    return new Promise((resolve) => {
      const look = (): void => {
        this.#sendDue();
        if (done() || monotonicMs() > giveUpAt) resolve();
        else setTimeout(look, 1);
      };
      look();
    });
  }

  #sendDue(): void {
    const now = monotonicMs();
    const due = this.#dueAt(now);
    while (this.#next < due) {
      const connection = this.#idle.pop();
      if (!connection) return;
      const sequence = this.#next++;
      this.#open += 1;
      this.#intendedAt[sequence] = this.#intended(sequence, now);
      connection.send(sequence, this.#slab.request(sequence));
    }
  }

  /** How many requests should have left by `now`. */
  #dueAt(now: number): number {
    const { pace } = this.#plan;
    if (pace.kind === 'closed') return now < this.#measuredTo ? this.#slab.count : this.#next;
    return Math.min(this.#slab.count, Math.floor(((now - this.#startedAt) * pace.perSecond) / 1e3) + 1);
  }

  #intended(sequence: number, now: number): number {
    const { pace } = this.#plan;
    if (pace.kind === 'closed') return now;
    const intendedAt = this.#startedAt + (sequence * 1e3) / pace.perSecond;
    if (intendedAt >= this.#measuredFrom) this.#late.record(now - intendedAt);
    return intendedAt;
  }

  #nothingDue(): boolean {
    return this.#next >= this.#dueAt(monotonicMs());
  }

  #result(): LoadResult {
    return {
      perSecond: (this.#acceptedMeasured * 1e3) / (this.#measuredTo - this.#measuredFrom),
      firstByte: this.#firstByte.summary(),
      latency: this.#latency.summary(),
      lateP99: this.#late.quantile(0.99),
      sent: this.#next,
      accepted: this.#accepted,
      otherStatuses: this.#otherStatuses,
      unanswered: this.#unanswered + this.#open,
      exhausted: this.#spent(),
      generatorCpu: this.#cpuMeasured,
      measuredFrom: this.#measuredFrom,
      measuredTo: this.#measuredTo,
      acceptedAt: this.#acceptedAt.slice(0, this.#next),
    };
  }
}
