import type { Meter } from '../kernel/meter.ts';
import type { VerificationFailure } from './schemes/scheme.ts';

/** What became of the requests to each source. The ids are those of configured sources. */
export interface SourceMetrics {
  refused(source: string, reason: VerificationFailure): void;
  invalid(source: string): void;
  handshake(source: string): void;
  notStored(source: string): void;
}

export function sourceMetrics(meter: Meter): SourceMetrics {
  const refused = meter.counter({
    name: 'tocsin_source_refused_total',
    help: 'Requests that were not proved genuine, by source and reason.',
    labels: ['source', 'reason'],
  });
  const invalid = meter.counter({
    name: 'tocsin_source_invalid_total',
    help: "Requests that were proved genuine and are none of the source's format.",
    labels: ['source'],
  });
  const handshakes = meter.counter({
    name: 'tocsin_source_handshakes_total',
    help: "Senders' questions whether this is the right door.",
    labels: ['source'],
  });
  const notStored = meter.counter({
    name: 'tocsin_source_not_stored_total',
    help: 'Genuine requests that were answered 503, because the store did not take them.',
    labels: ['source'],
  });
  return {
    refused: (source, reason) => refused.of(source, reason).inc(),
    invalid: (source) => invalid.of(source).inc(),
    handshake: (source) => handshakes.of(source).inc(),
    notStored: (source) => notStored.of(source).inc(),
  };
}
