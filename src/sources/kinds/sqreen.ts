import { Type } from 'typebox';
import { secretText } from '../../kernel/schema.ts';
import { readJsonArray } from '../read-json-array.ts';
import { defineSource } from '../source.ts';
import { draftOf } from '../sqreen/draft.ts';
import { signatureVerifier } from '../sqreen/signature.ts';

/** Notifications in a request are at most 1,000 by the sender's contract; none of them nests deep. */
const LIMITS = { depthMax: 64, itemsMax: 1000 };

/** Sqreen's webhooks, v1 and v2: signed arrays of notifications. Source: docs.sqreen.com/integrations/webhooks. */
export const sqreen = defineSource({
  kind: 'sqreen',
  summary: 'Sqreen webhooks (v1 and v2): security events, pulses, playbooks.',
  settings: Type.Object(
    {
      key: secretText({
        description: 'The webhook secret shown by Sqreen, as text (not decoded, even if it looks like hex).',
      }),
      previousKey: Type.Optional(
        secretText({
          description: 'A second key that is accepted as well while the secret is being replaced.',
        }),
      ),
    },
    { additionalProperties: false },
  ),
  check({ key, previousKey }) {
    if (key !== previousKey) return [];
    return [
      { path: 'previousKey', message: 'is the same as key: leave it out, or give the key that key replaces' },
    ];
  },
  open({ key, previousKey }, { id, ownApplication }) {
    return {
      verify: signatureVerifier(previousKey === undefined ? [key] : [key, previousKey]),
      parse(request) {
        const body = readJsonArray(request, LIMITS);
        if (body.kind === 'invalid') return body;
        return { kind: 'notifications', drafts: body.items.map((item) => draftOf(id, ownApplication, item)) };
      },
    };
  },
});
