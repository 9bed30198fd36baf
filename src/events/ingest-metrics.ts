import type { Meter } from '../kernel/meter.ts';
import type { TocsinEvent } from './event.ts';

/** What was taken in. */
export interface IngestMetrics {
  accepted(event: TocsinEvent, isRouted: boolean): void;
  duplicates(source: string, count: number): void;
}

export function ingestMetrics(meter: Meter): IngestMetrics {
  const events = meter.counter({
    name: 'tocsin_events_total',
    help: 'Events on disk, by source (tocsin: events of our own) and severity.',
    labels: ['source', 'severity'],
  });
  const unrouted = meter.counter({
    name: 'tocsin_events_unrouted_total',
    help: 'Events on disk that nobody is told of, by source.',
    labels: ['source'],
  });
  const duplicates = meter.counter({
    name: 'tocsin_events_duplicate_total',
    help: "Senders' repeats of known notifications, by source.",
    labels: ['source'],
  });
  return {
    accepted(event, isRouted) {
      events.of(event.source, event.severity).inc();
      if (!isRouted) unrouted.of(event.source).inc();
    },
    duplicates: (source, count) => duplicates.of(source).inc(count),
  };
}
