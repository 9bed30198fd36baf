import { randomUUID } from 'node:crypto';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import {
  detectResources,
  envDetector,
  type Resource,
  resourceFromAttributes,
} from '@opentelemetry/resources';
import type { Clock } from '../kernel/clock.ts';
import { errorText, type Logger } from '../kernel/log.ts';
import type { Span, Tracer } from '../kernel/tracer.ts';
import { ExportQueue } from './export-queue.ts';
import type { Metrics } from './metrics.ts';
import { otlpMetrics } from './otlp-metrics.ts';
import { otlpSpan } from './otlp-spans.ts';
import { isSampled } from './sampling.ts';

export interface OtlpSettings {
  /** Base of the collector's paths: `http://127.0.0.1:4318`. */
  readonly endpoint: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Of traces, from 0 (none) to 1 (all). */
  readonly tracesRatio: number;
  /** Of metrics. */
  readonly intervalMs: number;
  readonly serviceName: string;
  readonly serviceVersion: string;
}

export interface OtlpOptions extends OtlpSettings {
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly log: Logger;
}

export interface Otlp {
  readonly tracer: Tracer;
  /** Sends what waits, for a few seconds at most. */
  close(): Promise<void>;
}

type Signal = 'traces' | 'metrics';
interface Exported {
  readonly code: number;
  readonly error?: unknown;
}

const SUCCESS = 0;
/** With the exporter's own tries again; what is under way at the end holds the process up for so long at most. */
const EXPORT_MS = 5_000;
/** A collector that trickles its answer outlasts the exporter's own time-out; beyond this nobody waits. */
const GIVE_UP_MS = 8_000;
const CLOSE_MS = 3_000;
const TELL_EVERY_MS = 300_000;
const SCOPE = { name: 'tocsin' };

/** Sends traces and metrics to a collector by OTLP over HTTP, in JSON. The service does not notice when it is away. */
export function openOtlp(options: OtlpOptions): Otlp {
  const { metrics, clock, intervalMs, tracesRatio } = options;
  const { exporting, isAway } = exporter(options);
  const resource = resourceOf(options);
  const spans = new OTLPTraceExporter(connection(options, 'traces'));
  const sums = new OTLPMetricExporter(connection(options, 'metrics'));
  const startedAt = clock.now();
  const queue = new ExportQueue<Span>({
    clock,
    dropped: droppedSpans(metrics),
    send: (batch) =>
      exporting('traces', () => {
        const readable = batch.map((span) => otlpSpan(span, resource, SCOPE));
        return exported((done) => spans.export(readable, done));
      }),
  });
  const sendMetrics = (): Promise<void> =>
    exporting('metrics', async () => {
      const families = await metrics.families();
      const scopeMetrics = [{ scope: SCOPE, metrics: otlpMetrics(families, startedAt, clock.now()) }];
      return exported((done) => sums.export({ resource, scopeMetrics }, done));
    });
  const stopMetrics = again(clock, intervalMs, sendMetrics);
  return {
    tracer: {
      isOn: tracesRatio > 0,
      keeps: (traceId) => isSampled(traceId, tracesRatio),
      tell: (span) => queue.push(span),
    },
    async close() {
      stopMetrics();
      // Nobody waits for a collector that did not take the last export either.
      const last = [
        isAway('traces') ? undefined : queue.flush(),
        isAway('metrics') ? undefined : sendMetrics(),
      ];
      await within(clock, CLOSE_MS, Promise.all(last));
      queue.abandon();
    },
  };
}

const exported = (run: (done: (result: Exported) => void) => void): Promise<Exported> => new Promise(run);

function connection({ endpoint, headers }: OtlpSettings, signal: Signal) {
  return {
    url: `${endpoint.replace(/\/+$/, '')}/v1/${signal}`,
    headers: { ...headers },
    timeoutMillis: EXPORT_MS,
    // One is under way at a time; the others are those that were given up and still hang.
    concurrencyLimit: 3,
    userAgent: 'Tocsin',
  };
}

/** What is told of every span and metric; `OTEL_RESOURCE_ATTRIBUTES` adds to it. */
function resourceOf({ serviceName, serviceVersion }: OtlpSettings): Resource {
  const own = {
    'service.name': serviceName,
    'service.version': serviceVersion,
    'service.instance.id': randomUUID(),
  };
  return detectResources({ detectors: [envDetector] }).merge(resourceFromAttributes(own));
}

function droppedSpans({ meter }: Metrics): () => void {
  const dropped = meter
    .counter({
      name: 'tocsin_otlp_dropped_spans_total',
      help: 'Spans for which there was no room while the collector was slow or away.',
      labels: [],
    })
    .of();
  return () => dropped.inc();
}

/** Makes an export a promise that always resolves, counts it, and says in the log when a collector goes or comes. */
function exporter({ metrics, clock, log }: OtlpOptions) {
  const exports = metrics.meter.counter({
    name: 'tocsin_otlp_exports_total',
    help: 'Exports to the collector, by signal (traces, metrics) and outcome (sent, failed).',
    labels: ['signal', 'outcome'],
  });
  const toldAt: Record<Signal, number | undefined> = { traces: undefined, metrics: undefined };
  const tell = (signal: Signal, error: unknown): void => {
    const last = toldAt[signal];
    if (last !== undefined && clock.now() - last < TELL_EVERY_MS) return;
    toldAt[signal] = clock.now();
    log.warn(
      { signal, reason: errorText(error) },
      'the collector did not take an export; the service goes on',
    );
  };
  const exporting = async (signal: Signal, run: Run): Promise<void> => {
    const { code, error } = await settled(clock, run);
    exports.of(signal, code === SUCCESS ? 'sent' : 'failed').inc();
    if (code !== SUCCESS) return tell(signal, error);
    if (toldAt[signal] !== undefined) log.info({ signal }, 'the collector takes exports again');
    toldAt[signal] = undefined;
  };
  return { exporting, isAway: (signal: Signal): boolean => toldAt[signal] !== undefined };
}

type Run = () => Promise<Exported>;

async function settled(clock: Clock, run: Run): Promise<Exported> {
  let cancel = (): void => {};
  const late = new Promise<Exported>((resolve) => {
    cancel = clock.after(GIVE_UP_MS, () => resolve({ code: -1, error: new Error('timed out') }));
  });
  try {
    return await Promise.race([run(), late]);
  } catch (error) {
    // A fault of the exporter's must not end the service: it is told like any other failure.
    return { code: -1, error };
  } finally {
    cancel();
  }
}

/** Runs it again and again, `everyMs` after its end; the returned function ends that. */
function again(clock: Clock, everyMs: number, run: () => Promise<void>): () => void {
  let cancel = (): void => {};
  let isStopped = false;
  const schedule = (): void => {
    if (!isStopped) cancel = clock.after(everyMs, () => void run().finally(schedule));
  };
  schedule();
  return () => {
    isStopped = true;
    cancel();
  };
}

async function within(clock: Clock, ms: number, work: Promise<unknown>): Promise<void> {
  let cancel = (): void => {};
  const late = new Promise<void>((resolve) => (cancel = clock.after(ms, resolve)));
  await Promise.race([work, late]);
  cancel();
}
