import { describe, expect, it } from 'vitest';
import { hostileEvent, internalEvent, sampleEvent, sampleJob } from '../../tests/support/sample-event.ts';
import type { Logger } from '../kernel/log.ts';
import { textFaults, textWriter } from './templated-text.ts';
import { ALERT_MARK, eventText } from './text.ts';

const publicUrl = 'https://tocsin.example';

function write(settings: { title?: string; text?: string }, event = sampleEvent()) {
  const warnings: string[] = [];
  const warn: Logger['warn'] = (_fields, message) => void warnings.push(message);
  const log = { debug() {}, info() {}, warn, error() {} };
  return { text: textWriter(settings, { id: 'chat', publicUrl, log })(sampleJob(event)), warnings };
}

describe('textWriter', () => {
  it('has its own words without templates', () => {
    const event = sampleEvent();
    expect(write({}, event).text).toEqual(eventText(event, publicUrl));
  });

  it('takes the title and the text from the templates, each for itself', () => {
    const event = sampleEvent();
    const own = eventText(event, publicUrl);
    expect(write({ title: '{{ event.severity }}!' }, event).text).toEqual({ ...own, subject: 'high!' });
    expect(write({ text: 'a\n{{ event.source }}\n\n' }, event).text).toEqual({
      ...own,
      body: 'a\nsqreen',
      facts: [],
    });
  });

  it('marks an internal alert whatever the title says, once', () => {
    expect(write({ title: 'x' }, internalEvent()).text.subject).toBe(`${ALERT_MARK} x`);
    expect(write({ title: '{{ subject }}' }, internalEvent()).text.subject).toMatch(
      /^\[INTERNAL SECURITY ALERT\] Connection/,
    );
  });

  it('has a title even where the template gives none', () => {
    const event = sampleEvent();
    expect(write({ title: '{{ event.state }}' }, event).text.subject).toBe(`[high] ${event.title}`);
  });

  it('tells with its own words when a template fails on an event, and warns', () => {
    const event = sampleEvent({
      labels: Object.fromEntries(Array.from({ length: 5_000 }, (_, i) => [`l${i}`, 'x'])),
    });
    const text = '{% for label in event.labels %}{{ label[0] }}{% endfor %}';
    expect(textFaults({ text })).toEqual([]);
    const { text: written, warnings } = write({ text }, event);
    expect(written).toEqual(eventText(event, publicUrl));
    expect(warnings).toEqual(['the template `text` failed on an event: the usual words were sent']);
  });

  it('is made of harmless lines, not too long', () => {
    const { subject, body = '' } = write(
      { title: '{{ event.title }}', text: '{{ event.title }}\n'.repeat(9) },
      hostileEvent(),
    ).text;
    expect(subject.length).toBeLessThanOrEqual(300);
    expect(body.length).toBeLessThanOrEqual(20_000);
    for (const line of [subject, ...body.split('\n')])
      expect(line).not.toMatch(/[\p{Cc}\p{Cs}\u2028\u202e]/u);
  });
});
