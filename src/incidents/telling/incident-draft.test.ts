import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { incident } from '../store/test-incidents.ts';
import { incidentDraft } from './incident-draft.ts';

const draftOf = (address: string, sourceAddress?: string) =>
  incidentDraft(incident({ type: 'intrusion', address, sourceAddress }));

test('an address that would turn a line around or break it does not get to people', () => {
  const { title, subject, observables } = draftOf('\u202egpj\u2028.exe', '\u2066\u2069');
  expect(title).toBe('Intrusion incident: gpj .exe, whose employee is not known');
  expect(subject).toEqual({ kind: 'address', id: 'gpj .exe' });
  expect(observables).toEqual([{ kind: 'host', value: 'gpj .exe' }]);
});

test('an address of nothing but what does harm is as none', () => {
  const { title, subject, observables } = draftOf('\u202e \u2028');
  expect([title, subject, observables]).toEqual(['Intrusion incident: nobody is named', undefined, []]);
});

test('whatever the address, the title is one line without half a character', () => {
  const unit = fc.constantFrom('a', '\u{1f600}', '\u202e', '\u2028', 'é');
  fc.assert(
    fc.property(fc.string({ unit, maxLength: 128 }), fc.string({ unit, maxLength: 128 }), (one, other) => {
      const { title, subject } = draftOf(one, other);
      for (const text of [title, subject?.id ?? '-']) {
        expect(text).toMatch(/^[^\p{Cc}\p{Cs}\u2028-\u202e]+$/u);
        expect(text.length).toBeLessThanOrEqual(256);
      }
    }),
  );
});
