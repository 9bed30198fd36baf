import { Type } from 'typebox';
import { falcoFacts } from '../falco/facts.ts';
import { makeDraft } from '../make-draft.ts';
import { readRecords } from '../read-records.ts';
import { defineSource } from '../source.ts';

/** Falco's alerts in JSON, from its `http_output` or from Falcosidekick. Source: falco.org/docs, alert outputs. */
export const falco = defineSource({
  kind: 'falco',
  summary: 'Falco and Falcosidekick: alerts of runtime security.',
  scheme: 'bearer',
  settings: Type.Object({}),
  open(_settings, { id }) {
    return {
      parse({ body, messageId }) {
        const read = readRecords(body);
        if (read.kind === 'invalid') return read;
        const drafts = read.items.map((item, index) => makeDraft(id, falcoFacts(item, messageId, index)));
        return { kind: 'notifications', drafts };
      },
    };
  },
});
