import { Type } from 'typebox';
import { readJsonArray } from '../read-json.ts';
import { defineSource } from '../source.ts';
import { draftOf } from '../sqreen/draft.ts';

/** Notifications in a request are at most 1,000 by the sender's contract; none of them nests deep. */
const LIMITS = { depthMax: 64, itemsMax: 1000 };

/** Sqreen's webhooks, v1 and v2: signed arrays of notifications. Source: docs.sqreen.com/integrations/webhooks. */
export const sqreen = defineSource({
  kind: 'sqreen',
  summary: 'Sqreen webhooks (v1 and v2): security events, pulses, playbooks.',
  scheme: 'sqreen',
  settings: Type.Object({}),
  open(_settings, { id, ownApplication }) {
    return {
      parse(message) {
        const body = readJsonArray(message, LIMITS);
        if (body.kind === 'invalid') return body;
        return { kind: 'notifications', drafts: body.items.map((item) => draftOf(id, ownApplication, item)) };
      },
    };
  },
});
