import { describe, expect, it } from 'vitest';
import { hostileEvent, internalEvent, sampleEvent } from '../../tests/support/sample-event.ts';
import { recordBody } from './record.ts';
import { recordWithin } from './record-within.ts';

const url = 'https://tocsin.example';

describe('a record for receivers with a limit', () => {
  it('is whole when it fits', () => {
    const event = sampleEvent();
    expect(recordWithin(100_000, 'cloudevents', event, url)).toBe(recordBody('cloudevents', event, url));
  });

  it('leaves out the notification first, and says so', () => {
    const event = sampleEvent({ payload: JSON.stringify({ x: 'é'.repeat(50_000) }) });
    const text = recordWithin(10_000, 'cloudevents', event, url);
    expect(Buffer.byteLength(text)).toBeLessThan(10_000);
    const { data } = JSON.parse(text);
    expect(data).toMatchObject({ id: event.id, title: event.title, labels: event.labels });
    expect(data.payload).toEqual({
      omitted: 'too large for this target',
      bytes: Buffer.byteLength(event.payload),
    });
  });

  it('is never more than 64 KiB, whatever the event, and keeps what tells which it is', () => {
    const big = '攻'.repeat(5_000);
    const many = Object.fromEntries(Array.from({ length: 5_000 }, (_, i) => [`${big}${i}`, big]));
    const event = {
      ...hostileEvent(),
      labels: many,
      internalAlert: many,
      observables: Array.from({ length: 5_000 }, () => ({ kind: 'url', value: big }) as const),
      link: `https://example.com/${'x'.repeat(100_000)}`,
    };
    const text = recordWithin(65_536, 'cloudevents', event, url);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(65_536);
    const { id, data } = JSON.parse(text);
    expect(id).toBe(event.id);
    expect(data.internalAlert).toBeDefined();
    expect(data.subject.id).not.toBe('');
  });

  it('keeps an internal alert one', () => {
    const { data } = JSON.parse(recordWithin(10, 'cloudevents', internalEvent(), url));
    expect(data.internalAlert).toMatchObject({ event_kind: 'auth_tor_tentative' });
  });
});
