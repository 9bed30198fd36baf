import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { EMAIL_CHARS_MIN, emailMessage } from './email-message.ts';
import type { EventText } from './text.ts';

const word = fc
  .tuple(fc.oneof(fc.string(), fc.constantFrom('<b>', '&', '🚨', '攻\n')), fc.nat(3_000))
  .map(([part, times]) => part.repeat(times).slice(0, 9_000));
const line = word.map((text) => text.replaceAll('\n', ' ').slice(0, 500));
/** As wide as the writers of texts make them. */
const eventTexts: fc.Arbitrary<EventText> = fc.record(
  {
    subject: line.map((text) => text.slice(0, 300)),
    body: word,
    facts: fc.array(fc.record({ label: line.map((text) => text.slice(0, 60)), value: line }), {
      maxLength: 60,
    }),
    links: fc.array(
      fc.record({
        label: fc.constant('Open in Tocsin'),
        url: fc.nat(1_900).map((n) => `https://x/${'y'.repeat(n)}`),
      }),
      { maxLength: 2 },
    ),
  },
  { requiredKeys: ['subject', 'facts', 'links'] },
);

test('a mail keeps its limit, with subject and links whole, and marks what it leaves out', () => {
  fc.assert(
    fc.property(eventTexts, fc.integer({ min: EMAIL_CHARS_MIN, max: 12_000 }), (text, charsMax) => {
      const unlimited = emailMessage(text, '', 10_000_000);
      expect(unlimited.isCut).toBe(false);
      const { message, isCut } = emailMessage(text, '', charsMax);
      expect(message.text.length).toBeLessThanOrEqual(charsMax);
      expect(isCut).toBe(unlimited.message.text.length > charsMax);
      if (!isCut) {
        expect(message).toEqual(unlimited.message);
        return;
      }
      expect(message.text.startsWith(`${text.subject}\n`)).toBe(true);
      for (const { label, url } of text.links) expect(message.text).toContain(`${label}: ${url}\n`);
      for (const part of [message.text, message.html]) expect(part).toContain('… [cut]');
    }),
    { numRuns: 60 },
  );
});

test('a body fills the mail to the last character', () => {
  const text = { subject: 's', body: 'x'.repeat(20_000), facts: [], links: [] };
  const { message } = emailMessage(text, '', 10_000);
  expect(message.text).toHaveLength(10_000);
  expect(message.text).toMatch(/^s\n\nx+… \[cut\]\n\n$/);
});
