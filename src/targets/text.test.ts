import { describe, expect, it } from 'vitest';
import { hostileEvent, internalEvent, sampleEvent } from '../../tests/support/sample-event.ts';
import { eventText, isoTime, textLines, wholeBounds } from './text.ts';

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

  it.each([
    [{ source: 'RU', destination: 'private', allowed: false }, 'from RU to private, not allowed'],
    [{ source: undefined, destination: 'FR', allowed: true }, 'to FR'],
  ])('says of %j: %s', (geo, value) => {
    expect(eventText(sampleEvent({ geo }), '').facts).toContainEqual({ label: 'Countries', value });
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

  it('says how many more labels there are', () => {
    const labels = Object.fromEntries(Array.from({ length: 25 }, (_, i) => [`label${i}`, 'x']));
    const { facts } = eventText(sampleEvent({ labels }), '');
    expect(facts).toContainEqual({ label: 'Labels', value: 'and 5 more' });
    expect(facts).not.toContainEqual({ label: 'label20', value: 'x' });
    const whole = eventText(sampleEvent({ labels }), '', wholeBounds);
    expect(whole.facts).toContainEqual({ label: 'label24', value: 'x' });
  });

  it('leaves out a time that no calendar holds', () => {
    for (const ms of [undefined, Number.NaN, Infinity, 9e15]) expect(isoTime(ms)).toBeUndefined();
  });
});
