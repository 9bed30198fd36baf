import { setTimeout as sleep } from 'node:timers/promises';
import { Child, portOf } from './child.ts';
import { monotonicMs } from './generator/monotonic.ts';
import { isSinkReport, type SinkQuestion, type SinkReport } from './sink-report.ts';

/** Nothing new for so long: what has not come by then is taken as lost. */
const QUIET_MS = 5_000;
const DRAIN_MS_MAX = 60_000;

/** The sink's process, from the benchmark's side. */
export class Receiver {
  readonly port: number;
  readonly #child: Child;

  private constructor(child: Child, port: number) {
    this.#child = child;
    this.port = port;
  }

  static async start(): Promise<Receiver> {
    const { child, hello } = await Child.start('./sink.js');
    return new Receiver(child, portOf(hello));
  }

  /** Forgets all it counted; from now on counts the events of this run, numbered below `capacity`. */
  begin(run: number, capacity: number): Promise<SinkReport> {
    return this.#ask({ ask: 'begin', run, capacity });
  }

  /** Waits until `expected` different events came, or no more come; then tells what was counted. */
  async drained(expected: number): Promise<SinkReport> {
    const startedAt = monotonicMs();
    let last = await this.#ask({ ask: 'count' });
    let movedAt = startedAt;
    while (
      last.events < expected &&
      monotonicMs() - movedAt < QUIET_MS &&
      monotonicMs() - startedAt < DRAIN_MS_MAX
    ) {
      await sleep(100);
      const now = await this.#ask({ ask: 'count' });
      if (now.events > last.events) movedAt = monotonicMs();
      last = now;
    }
    return this.#ask({ ask: 'report' });
  }

  close(): Promise<void> {
    return this.#child.close();
  }

  async #ask(question: SinkQuestion): Promise<SinkReport> {
    const report = await this.#child.ask(question);
    if (!isSinkReport(report)) throw new TypeError('the sink answered no report');
    return report;
  }
}
