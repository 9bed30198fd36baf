import { idMs } from '../kernel/ids.ts';
import type { Meter } from '../kernel/meter.ts';
import { attemptSpanId, traceOf } from '../kernel/trace-context.ts';
import type { Tracer } from '../kernel/tracer.ts';
import type { Delivery } from './delivery.ts';
import type { Ended } from './work.ts';

const ATTEMPT_BUCKETS = [0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
/** From milliseconds, when all is well, to the hours of a receiver that was away. */
const LATENCY_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30, 60, 300, 1_800, 7_200, 43_200];

/** What became of deliveries. Targets are those of the config. */
export interface DeliveryMetrics {
  /** An attempt that ended. */
  tried(target: string, ended: Ended): void;
  /** What an attempt made of its delivery, once that is written down. */
  written(target: string, status: Delivery['status']): void;
}

export function deliveryMetrics(meter: Meter): DeliveryMetrics {
  const attempts = meter.counter({
    name: 'tocsin_delivery_attempts_total',
    help: 'Attempts, by target, outcome (delivered, retry, rejected) and reason (none when delivered).',
    labels: ['target', 'outcome', 'reason'],
  });
  const durations = meter.histogram({
    name: 'tocsin_delivery_attempt_duration_seconds',
    help: 'How long attempts took, whatever their outcome, by target.',
    labels: ['target'],
    buckets: ATTEMPT_BUCKETS,
  });
  const latency = meter.histogram({
    name: 'tocsin_delivery_latency_seconds',
    help: 'From the receipt of an event (of a replay: from its order) until it was delivered, by target.',
    labels: ['target'],
    buckets: LATENCY_BUCKETS,
  });
  const settled = meter.counter({
    name: 'tocsin_deliveries_settled_total',
    help: 'Deliveries that came to their end, by target and status (delivered, dead).',
    labels: ['target', 'status'],
  });
  return {
    tried(target, { work, startedAt, durationMs, outcome }) {
      const reason = outcome.kind === 'delivered' ? 'none' : outcome.reason;
      attempts.of(target, outcome.kind, reason).inc();
      durations.of(target).observe(durationMs / 1_000);
      if (outcome.kind !== 'delivered') return;
      // A delivery is made with its event, and named after that moment.
      const since = startedAt + durationMs - idMs(work.deliveryId);
      latency.of(target).observe(Math.max(0, since) / 1_000);
    },
    written(target, status) {
      if (status !== 'pending') settled.of(target, status).inc();
    },
  };
}

/** Tells of an attempt, in the trace of its event. Never what was sent, nor what the receiver said. */
export function traceAttempt(tracer: Tracer, target: string, ended: Ended): void {
  if (!tracer.isOn) return;
  const { work, startedAt, durationMs, outcome } = ended;
  const { traceId, spanId } = traceOf(work.event.id);
  if (!tracer.keeps(traceId)) return;
  const attempt = work.attempts + 1;
  const reason = outcome.kind === 'delivered' ? undefined : outcome.reason;
  tracer.tell({
    traceId,
    spanId: attemptSpanId(work.deliveryId, attempt),
    parentSpanId: spanId,
    name: `deliver ${target}`,
    kind: 'client',
    startedAt,
    endedAt: startedAt + durationMs,
    attributes: {
      'tocsin.event.id': work.event.id,
      'tocsin.delivery.id': work.deliveryId,
      'tocsin.target.id': target,
      'tocsin.attempt': attempt,
      'tocsin.outcome': outcome.kind,
      ...(outcome.status === undefined ? {} : { 'http.response.status_code': outcome.status }),
    },
    failure: reason,
  });
}
