import type { Meter } from './meter.ts';
import type { Tracer } from './tracer.ts';

/** Where a part of the service counts what it does and tells how long it took; what is left out goes nowhere. */
export interface Telemetry {
  readonly meter?: Meter;
  readonly tracer?: Tracer;
}
