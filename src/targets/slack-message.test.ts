import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sampleEvent } from '../../tests/support/sample-event.ts';
import { slackMessage } from './slack-message.ts';
import { eventText, type EventText } from './text.ts';

const word = fc.oneof(
  fc.string({ maxLength: 500 }),
  fc
    .constantFrom('&', '<', '>', '<!here>', '@channel', '*b*', '🚨')
    .chain((part) => fc.nat(700).map((n) => part.repeat(n))),
);
const eventTexts: fc.Arbitrary<EventText> = fc.record({
  subject: word,
  facts: fc
    .array(fc.record({ label: word, value: word }), { maxLength: 5 })
    .chain((facts) => fc.nat(150).map((times) => Array.from({ length: times }, () => facts).flat())),
  links: fc.array(fc.record({ label: fc.constant('Open'), url: fc.webUrl() }), { maxLength: 3 }),
});

describe('slackMessage', () => {
  it('keeps every limit of Block Kit, whatever the event', () => {
    fc.assert(
      fc.property(eventTexts, (text) => {
        const { blocks } = JSON.parse(slackMessage(text).message);
        expect(blocks.length).toBeLessThanOrEqual(50);
        for (const block of blocks) {
          if (block.type === 'header') expect(block.text.text.length).toBeLessThanOrEqual(150);
          if (block.type === 'section' && block.text)
            expect(block.text.text.length).toBeLessThanOrEqual(3_000);
          expect(block.fields?.length ?? 1).toBeLessThanOrEqual(10);
          expect(block.fields?.length ?? 1).toBeGreaterThan(0);
          for (const field of block.fields ?? []) expect(field.text.length).toBeLessThanOrEqual(2_000);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('gives no text a meaning: nothing from outside is markup, and no escape is cut in two', () => {
    fc.assert(
      fc.property(eventTexts, (text) => {
        const { blocks, text: fallback } = JSON.parse(slackMessage({ ...text, links: [] }).message);
        const objects = blocks
          .flatMap((block: { text?: object; fields?: object[] }) => [block.text ?? [], block.fields ?? []])
          .flat();
        for (const object of objects) expect(object.type).toBe('plain_text');
        for (const shown of [fallback, ...objects.map((object: { text: string }) => object.text)]) {
          expect(shown.replaceAll(/&(?:amp|lt|gt);/g, '')).not.toMatch(/[&<>]/);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('marks what it cuts or leaves out, and says so', () => {
    const text = { subject: 's', facts: [], links: [] };
    expect(slackMessage(text).isCut).toBe(false);
    const body = `${'🚨'.repeat(1_496)}a`;
    const shownOf = (message: string): string => JSON.parse(message).blocks[1].text.text;
    for (const [given, shown] of [
      [`${body}1234567`, `${body}1234567`],
      [`${body}12345678`, `${body}… [cut]`],
      [`${'a'.repeat(2_992)}🚨12345678`, `${'a'.repeat(2_992)}… [cut]`],
      ['<'.repeat(2_000), `${'&lt;'.repeat(748)}… [cut]`],
    ] as const) {
      const { message, isCut } = slackMessage({ ...text, body: given });
      expect(shownOf(message)).toBe(shown);
      expect(isCut).toBe(given !== shown);
    }
    const facts = Array.from({ length: 461 }, (_, index) => ({ label: `f${index}`, value: 'v' }));
    expect(slackMessage({ ...text, facts: facts.slice(1) }).isCut).toBe(false);
    const { message, isCut } = slackMessage({ ...text, facts });
    expect([JSON.parse(message).blocks.at(-1).text.text, isCut]).toEqual(['… [cut]', true]);
  });

  it('shows an event whole', () => {
    const event = sampleEvent({ title: 'A & B <!here> *bold*' });
    const { blocks, text } = JSON.parse(slackMessage(eventText(event, 'https://tocsin.example')).message);
    expect(text).toBe('[high] A &amp; B &lt;!here&gt; *bold*');
    expect(blocks[0]).toEqual({ type: 'header', text: { type: 'plain_text', text, emoji: false } });
    expect(blocks[1].fields[0]).toEqual({ type: 'plain_text', text: 'Severity: high', emoji: false });
    expect(blocks.at(-1).text).toEqual({
      type: 'mrkdwn',
      verbatim: true,
      text:
        `<https://tocsin.example/events/${event.id}|Open in Tocsin>   ` +
        "<https://my.sqreen.com/application/d8b4/events/587b?a=1&amp;b=2|Sender's page>",
    });
  });
});
