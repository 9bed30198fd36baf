import fc from 'fast-check';
import { expect, it } from 'vitest';
import { sourceKinds } from '../../src/sources/kinds/index.ts';
import type { SourceKind } from '../../src/sources/source.ts';
import { expectSound, openFormat } from '../support/source-formats.ts';
import { mangled, quickly } from './mangled.ts';
import { samplesOf } from './samples.ts';

/** Names of events that chance would not guess. */
const eventHeaders: Readonly<Record<string, string>> = {
  'x-github-event': 'code_scanning_alert',
  'sentry-hook-resource': 'issue',
  'x-amz-sns-message-type': 'Notification',
};

it.each<SourceKind>(sourceKinds)(
  '$kind makes sound events of mangled bodies or refuses them, without throwing and within 50 ms',
  (kind) => {
    const format = openFormat(kind);
    const headers = fc.dictionary(
      fc.constantFrom(...Object.keys(eventHeaders)),
      fc.oneof(fc.constantFrom(...Object.values(eventHeaders)), fc.string({ unit: 'binary', maxLength: 40 })),
      { noNullPrototype: true },
    );
    const messageId = fc.option(fc.string({ maxLength: 60 }), { nil: undefined });
    fc.assert(
      fc.property(mangled(samplesOf(kind.kind)), headers, messageId, (body, sent, id) => {
        const parsed = quickly(() => format.parse(body, sent, id));
        if (parsed.kind === 'invalid') expect(parsed.detail).not.toBe('');
        else for (const draft of parsed.drafts.slice(0, 20)) expectSound(draft);
      }),
      { numRuns: 1_500 },
    );
  },
);
