import { X509Certificate } from 'node:crypto';
import type { Clock } from '../kernel/clock.ts';
import type { Meter } from '../kernel/meter.ts';

/** What the running service knows of itself and nothing else tells: for the metrics. Unix ms. */
export class ServiceFacts {
  /** Of the stored config. */
  configVersion = 0;
  isConfigGood = true;
  configLoadedAt: number | undefined;
  certificateEndsAt: number | undefined;
  sweptAt: number | undefined;

  /** `version`: undefined when the config had faults and the one before stays in force. */
  configRead(version: number | undefined, now: number): void {
    this.isConfigGood = version !== undefined;
    if (version === undefined) return;
    this.configVersion = version;
    this.configLoadedAt = now;
  }

  /** What hears of every sweep of retention. */
  swept(meter: Meter, clock: Clock): (deleted: { readonly events: number }) => void {
    const deleted = meter
      .counter({
        name: 'tocsin_retention_deleted_events_total',
        help: 'Events deleted because they were past their time.',
        labels: [],
      })
      .of();
    return ({ events }) => {
      this.sweptAt = clock.now();
      deleted.inc(events);
    };
  }

  /** The chain that is served, PEM: the first certificate in it is ours. */
  certificateTaken(chain: Buffer): void {
    this.certificateEndsAt = Date.parse(new X509Certificate(chain).validTo);
  }
}
