import { Type } from 'typebox';
import { setting } from '../config/definition.ts';
import { durationMs } from '../kernel/duration.ts';
import type { Fault } from '../kernel/fault.ts';
import { duration, secretText } from '../kernel/schema.ts';
import { readOtlpHeaders } from '../telemetry/otlp-headers.ts';

const INTERVAL_MS_MIN = 1_000;
const INTERVAL_MS_MAX = 3_600_000;

/** What the service tells of itself, and to whom. The variables `OTEL_…` are those of OpenTelemetry. */
export const telemetrySettings = {
  'metrics.port': setting(
    Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 65_535,
        description:
          'A port where `/metrics` alone is answered, in plain HTTP, without a token and whatever the roles: for Prometheus. Absent: none; operators read `/metrics` where the API is.',
      }),
    ),
    { env: ['TOCSIN_METRICS_PORT'] },
  ),
  'metrics.host': setting(
    Type.String({
      minLength: 1,
      default: '127.0.0.1',
      description:
        'Address that this port is bound to. Whoever reaches it reads the metrics: they name sources and targets, and hold no event and no secret.',
    }),
    { env: ['TOCSIN_METRICS_HOST'] },
  ),
  'telemetry.otlp.endpoint': setting(
    Type.Optional(
      Type.String({
        pattern: '^https?://[^\\s?#@]+$',
        maxLength: 2_048,
        expected: 'an http or https URL without credentials and query, such as http://127.0.0.1:4318',
        description:
          'Base URL of an OpenTelemetry collector, by OTLP over HTTP in JSON; `/v1/traces` and `/v1/metrics` are added. Absent: nothing is sent.',
      }),
    ),
    { env: ['TOCSIN_OTLP_ENDPOINT', 'OTEL_EXPORTER_OTLP_ENDPOINT'], emptyIsUnset: true },
  ),
  'telemetry.otlp.headers': setting(
    Type.Optional(
      secretText({ description: 'Headers for the collector: `name=value,name=value`, percent-encoded.' }),
    ),
    { env: ['TOCSIN_OTLP_HEADERS', 'OTEL_EXPORTER_OTLP_HEADERS'], emptyIsUnset: true },
  ),
  'telemetry.otlp.tracesRatio': setting(
    Type.Number({
      minimum: 0,
      maximum: 1,
      default: 1,
      description: 'Of the traces, those that are sent: 1 for all, 0.01 for one in a hundred, 0 for none.',
    }),
    { env: ['TOCSIN_OTLP_TRACES_RATIO', 'OTEL_TRACES_SAMPLER_ARG'] },
  ),
  'telemetry.otlp.interval': setting(
    duration({ default: '60s', description: 'Between two exports of the metrics.' }),
    { env: ['TOCSIN_OTLP_INTERVAL'] },
  ),
  'telemetry.otlp.serviceName': setting(
    Type.String({
      minLength: 1,
      maxLength: 255,
      default: 'tocsin',
      description: 'The `service.name` of traces and metrics.',
    }),
    { env: ['TOCSIN_OTLP_SERVICE_NAME', 'OTEL_SERVICE_NAME'] },
  ),
  'telemetry.otlp.propagate': setting(
    Type.Boolean({
      default: false,
      description: 'Whether targets of the kind `http` are sent the header `traceparent`.',
    }),
    { env: ['TOCSIN_OTLP_PROPAGATE'] },
  ),
};

/** What the schema cannot say. Never echoes a value. */
export function telemetryFaults({
  telemetry: { otlp },
}: {
  readonly telemetry: { readonly otlp: { readonly headers?: string; readonly interval: string } };
}): Fault[] {
  const faults: Fault[] = [];
  if (otlp.headers !== undefined && readOtlpHeaders(otlp.headers) === undefined) {
    const message = 'must be name=value pairs with commas in between, values percent-encoded';
    faults.push({ path: 'telemetry.otlp.headers', message });
  }
  const intervalMs = durationMs(otlp.interval);
  if (intervalMs < INTERVAL_MS_MIN || intervalMs > INTERVAL_MS_MAX)
    faults.push({ path: 'telemetry.otlp.interval', message: 'must be between 1s and 1h' });
  return faults;
}
