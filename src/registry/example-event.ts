import { OWN_SOURCE, type Severity, type TocsinEvent } from '../events/event.ts';
import { newEventId } from '../kernel/ids.ts';
import { sha256Hex } from '../kernel/secret.ts';

const MARK = '[Test]';
const PAYLOAD = '{"test": true}';

/** An event that never was, to show what a target makes of one. Times are Unix ms. */
export function exampleEvent(target: string, severity: Severity, now: number): TocsinEvent {
  return {
    id: newEventId(now),
    source: OWN_SOURCE,
    type: 'tocsin.target.test',
    severity,
    title: 'An example of an event',
    occurredAt: now,
    receivedAt: now,
    subject: { kind: 'target', id: target },
    fingerprint: sha256Hex(target),
    labels: { environment: 'test' },
    observables: [{ kind: 'ip', value: '192.0.2.1' }],
    geo: undefined,
    link: undefined,
    internalAlert: undefined,
    payload: PAYLOAD,
    payloadSha256: sha256Hex(PAYLOAD),
  };
}

/**
 * The event as it goes out to try a target: it says that it is a test, and is another event about another matter, so
 * that a receiver neither takes it for a repeat nor closes an incident by it.
 */
export function asTest(event: TocsinEvent, now: number): TocsinEvent {
  const id = newEventId(now);
  return {
    ...event,
    id,
    title: `${MARK} ${event.title}`,
    fingerprint: sha256Hex(id),
    labels: { ...event.labels, test: 'true' },
    // Nobody is to be alarmed.
    internalAlert: undefined,
  };
}
