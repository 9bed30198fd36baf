import { describe, expect, it } from 'vitest';
import { hostileEvent, internalEvent, sampleEvent } from '../../tests/support/sample-event.ts';
import { eventText, isoTime, textLines } from './text.ts';

describe('eventText', () => {
  it('tells what, how bad, whom, when and where to look', () => {
    const event = sampleEvent();
    expect(textLines(eventText(event, 'https://tocsin.example'))).toEqual([
      `[high] ${event.title}`,
      '',
      'Severity: high',
      `Type: ${event.type}`,
      'Application: Demo app (5dd058775c3feb0021c0bb43)',
      'Occurred: 2026-01-31T12:00:00.250Z',
      'Received: 2026-01-31T12:00:01.000Z',
      'Addresses: 135.96.171.118',
      'Users: jeff45@harrell.com',
      'environment: production',
      'account.email: jeff45@harrell.com',
      'Source: sqreen',
      `Event: ${event.id}`,
      '',
      `Open in Tocsin: https://tocsin.example/events/${event.id}`,
      `Sender's page: ${event.link}`,
    ]);
  });

  it('marks an internal alert and lists its fields', () => {
    const { subject, facts } = eventText(internalEvent(), '');
    expect(subject).toMatch(/^\[INTERNAL SECURITY ALERT\] Connection/);
    expect(facts).toContainEqual({ label: 'humanized_description', value: 'Connection from TOR' });
  });

  it('is made of single, bounded, harmless lines', () => {
    const lines = textLines(eventText(hostileEvent(), 'https://tocsin.example'));
    for (const line of lines) {
      expect(line).not.toMatch(/[\p{Cc}\p{Cs}\u2028\u2029\u202e]/u);
      expect(line.length).toBeLessThanOrEqual(2_100);
    }
    expect(lines.length).toBeLessThan(50);
  });

  it.each(['javascript:alert(1)', 'ftp://x/', 'not a link', `https://x/${'a'.repeat(3_000)}`])(
    'makes no link of %.30j',
    (link) => {
      expect(eventText(sampleEvent({ link }), 'https://tocsin.example').links).toHaveLength(1);
    },
  );

  it('says how many more observables there are', () => {
    const observables = Array.from({ length: 13 }, (_, i) => ({ kind: 'ip' as const, value: `10.0.0.${i}` }));
    const { facts } = eventText(sampleEvent({ observables }), '');
    expect(facts.find(({ label }) => label === 'Addresses')?.value).toMatch(/10\.0\.0\.9 and 3 more$/);
  });

  it('leaves out a time that no calendar holds', () => {
    for (const ms of [undefined, Number.NaN, Infinity, 9e15]) expect(isoTime(ms)).toBeUndefined();
  });
});
