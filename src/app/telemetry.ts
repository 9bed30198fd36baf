import type { Clock } from '../kernel/clock.ts';
import { durationMs } from '../kernel/duration.ts';
import type { Logger } from '../kernel/log.ts';
import type { Meter } from '../kernel/meter.ts';
import { attemptSpanId, traceOf, writeTraceparent } from '../kernel/trace-context.ts';
import { noTracer, type Tracer } from '../kernel/tracer.ts';
import type { Job } from '../targets/target.ts';
import { type Metrics, openMetrics } from '../telemetry/metrics.ts';
import type { Otlp } from '../telemetry/otlp.ts';
import { readOtlpHeaders } from '../telemetry/otlp-headers.ts';
import type { Config } from './settings.ts';
import { version } from './version.ts';

/** What the service tells of itself, beside its log. */
export interface OpenTelemetry {
  readonly metrics: Metrics;
  readonly meter: Meter;
  readonly tracer: Tracer;
  /** The trace context of an attempt, for receivers; undefined: they are told none. */
  readonly traceparent: ((job: Job) => string) | undefined;
  /** Sends what waits, for a few seconds at most. */
  close(): Promise<void>;
}

/** OpenTelemetry is loaded only where a collector is configured: it costs 200 ms and 16 MB. */
export async function openTelemetry(config: Config, clock: Clock, log: Logger): Promise<OpenTelemetry> {
  const metrics = openMetrics();
  const otlp = await openOtlpIfAny(config, metrics, clock, log);
  const tracer = otlp?.tracer ?? noTracer;
  const traceparent = ({ event, deliveryId, attempt }: Job): string => {
    const { traceId } = traceOf(event.id);
    return writeTraceparent({ traceId, spanId: attemptSpanId(deliveryId, attempt) }, tracer.keeps(traceId));
  };
  return {
    metrics,
    meter: metrics.meter,
    tracer,
    traceparent: tracer.isOn && config.telemetry.otlp.propagate ? traceparent : undefined,
    close: async () => otlp?.close(),
  };
}

async function openOtlpIfAny(
  { telemetry: { otlp } }: Config,
  metrics: Metrics,
  clock: Clock,
  log: Logger,
): Promise<Otlp | undefined> {
  if (otlp.endpoint === undefined) return undefined;
  const { openOtlp } = await import('../telemetry/otlp.ts');
  return openOtlp({
    endpoint: otlp.endpoint,
    // The settings' check has read them.
    headers: readOtlpHeaders(otlp.headers ?? '') ?? {},
    tracesRatio: otlp.tracesRatio,
    intervalMs: durationMs(otlp.interval),
    serviceName: otlp.serviceName,
    serviceVersion: version,
    metrics,
    clock,
    log,
  });
}
