import { Type } from 'typebox';
import { makeDraft } from '../make-draft.ts';
import { readJsonObject } from '../read-json.ts';
import { ITEM_LIMITS } from '../read-items.ts';
import { sentryFacts } from '../sentry/facts.ts';
import { readHook } from '../sentry/hook.ts';
import { defineSource } from '../source.ts';

/** Sentry's webhooks: of an integration, signed, and of the older plug-in. Source: docs.sentry.io, integration platform. */
export const sentry = defineSource({
  kind: 'sentry',
  summary: 'Sentry: issues, errors, issue alerts and metric alerts.',
  scheme: 'hmac',
  verification: { signature: { header: 'Sentry-Hook-Signature' } },
  settings: Type.Object({}),
  open(_settings, { id }) {
    return {
      parse({ body, headers, messageId }) {
        const read = readJsonObject(body, ITEM_LIMITS);
        if (read.kind === 'invalid') return read;
        const drafts = read.items.map(({ record, text }) =>
          makeDraft(id, sentryFacts(readHook(record, headers), messageId, text)),
        );
        return { kind: 'notifications', drafts };
      },
    };
  },
});
