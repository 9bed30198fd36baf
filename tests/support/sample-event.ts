import type { TocsinEvent } from '../../src/events/event.ts';
import { newDeliveryId, newEventId } from '../../src/kernel/ids.ts';
import { sha256Hex } from '../../src/kernel/secret.ts';
import type { Job } from '../../src/targets/target.ts';

/** An event as a source makes it of an attack on somebody's application. */
export function sampleEvent(overrides: Partial<TocsinEvent> = {}): TocsinEvent {
  const payload =
    overrides.payload ?? '{"event_kind": "auth_tor_tentative", "risk": 71.50, "ips": ["135.96.171.118"]}';
  return {
    id: newEventId(),
    source: 'sqreen',
    type: 'security_event.authentication.auth_tor_tentative',
    severity: 'high',
    title: 'Connection to jeff45@harrell.com from TOR (135.96.171.118)',
    occurredAt: Date.UTC(2026, 0, 31, 12, 0, 0, 250),
    receivedAt: Date.UTC(2026, 0, 31, 12, 0, 1),
    subject: { kind: 'application', id: '5dd058775c3feb0021c0bb43', name: 'Demo app' },
    fingerprint: 'f1'.repeat(16),
    labels: { environment: 'production', 'account.email': 'jeff45@harrell.com' },
    observables: [
      { kind: 'ip', value: '135.96.171.118' },
      { kind: 'user', value: 'jeff45@harrell.com' },
    ],
    geo: undefined,
    link: 'https://my.sqreen.com/application/d8b4/events/587b?a=1&b=2',
    internalAlert: undefined,
    payload,
    payloadSha256: sha256Hex(payload),
    ...overrides,
  };
}

/** Everything that breaks lines, headers, markup, JSON, terminals and UTF-8, in every text of an event. */
export function hostileEvent(): TocsinEvent {
  const evil =
    'evil\r\nBcc: mallory@example.com\r\n\r\n.\r\n<script>alert("1")</script>\'"`*_~&lt; @channel <!here> ' +
    '{{event.title}} \\ \0\u0007\u001b[31m\u0085\u2028\u2029\u202e\u{1f469}\u200d\u{1f680} \ud800 ' +
    '\n{"@timestamp":"forged"}\n';
  return sampleEvent({
    type: `type.${evil}`,
    title: evil + 'x'.repeat(100_000),
    subject: { kind: evil, id: evil, name: evil },
    labels: { [evil]: evil, __proto__x: evil, huge: 'y'.repeat(50_000) },
    observables: [
      { kind: 'ip', value: evil },
      { kind: 'user', value: evil },
      { kind: 'url', value: `javascript:${evil}` },
    ],
    link: 'https://example.com/"><script>alert(1)</script>|x',
    payload: JSON.stringify({ evil }),
  });
}

/** An event about our own application. */
export function internalEvent(): TocsinEvent {
  return sampleEvent({
    internalAlert: {
      event_kind: 'auth_tor_tentative',
      humanized_description: 'Connection from TOR',
      url: 'https://my.sqreen.com/x',
    },
  });
}

export function sampleJob(event: TocsinEvent = sampleEvent(), overrides: Partial<Job> = {}): Job {
  return {
    deliveryId: newDeliveryId(),
    attempt: 1,
    event,
    internal: event.internalAlert !== undefined,
    ...overrides,
  };
}
