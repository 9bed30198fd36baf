import { Type } from 'typebox';
import { readDelivery } from '../github/delivery.ts';
import { draftOf } from '../github/draft.ts';
import { unwrapForm } from '../github/form-body.ts';
import { ITEM_LIMITS } from '../read-items.ts';
import { readJsonObject } from '../read-json.ts';
import { defineSource } from '../source.ts';

/** GitHub's webhooks, of a repository, an organization or an app. Source: docs.github.com/webhooks. */
export const github = defineSource({
  kind: 'github',
  summary: 'GitHub webhooks: code scanning, secret scanning, Dependabot, advisories, and any other event.',
  scheme: 'github',
  settings: Type.Object({}),
  open(_settings, { id }) {
    return {
      parse({ headers, body, messageId }) {
        const json = unwrapForm(body);
        if (json === undefined)
          return { kind: 'invalid', detail: 'the payload in the form is not valid percent-encoding' };
        const read = readJsonObject(json, ITEM_LIMITS);
        if (read.kind === 'invalid') return read;
        const drafts = read.items.map(({ record, text }) =>
          draftOf(id, readDelivery(record, headers['x-github-event']), text, messageId),
        );
        return { kind: 'notifications', drafts };
      },
    };
  },
});
