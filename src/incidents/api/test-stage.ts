import { ManualClock } from '../../../tests/support/manual-clock.ts';
import { type RouteServer, serveRoutes } from '../../../tests/support/route-server.ts';
import type { Logger } from '../../kernel/log.ts';
import { incidentRoutes, type IncidentRoutesOptions } from './http.ts';
import type { Publication } from '../published.ts';
import type { FeedReport } from '../report.ts';
import { TestReader } from './test-reader.ts';

export const clock = new ManualClock();
/** Unix seconds. */
export const NOW = clock.now() / 1_000;
export const scale = { weights: { low: 1, medium: 3, high: 10, critical: 30 }, halfLifeMs: 86_400_000 };

/** The routes of incidents behind the real server, over what a test says there is. */
export class IncidentStage {
  reader = new TestReader();
  reports: readonly FeedReport[] = [];
  published: Publication | undefined;
  /** Messages of warnings and errors. */
  logged: string[] = [];
  readonly options: IncidentRoutesOptions;
  #server: RouteServer | undefined;

  constructor() {
    const note = (_fields: object, message: string) => void this.logged.push(message);
    const log: Logger = { debug() {}, info() {}, warn: note, error: note };
    this.options = {
      // Each test has one of its own.
      reader: {
        find: (...asked) => this.reader.find(...asked),
        getMany: (...asked) => this.reader.getMany(...asked),
        counts: (...asked) => this.reader.counts(...asked),
        employee: (...asked) => this.reader.employee(...asked),
        riskiest: (...asked) => this.reader.riskiest(...asked),
      },
      reports: () => this.reports,
      publication: () => this.published,
      scale,
      clock,
      log,
    };
  }

  async open(): Promise<void> {
    this.#server = await serveRoutes(incidentRoutes(this.options), this.options);
  }

  get server(): RouteServer {
    if (this.#server === undefined) throw new TypeError('the stage is not open');
    return this.#server;
  }

  /** As it is before a test. */
  reset(): void {
    this.reader = new TestReader();
    this.reports = [];
    this.published = undefined;
    this.logged = [];
  }

  async close(): Promise<void> {
    await this.#server?.close();
  }
}
