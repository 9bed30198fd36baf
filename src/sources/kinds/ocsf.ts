import { Type } from 'typebox';
import { identityOf, makeDraft } from '../make-draft.ts';
import { readOcsf } from '../ocsf/reading.ts';
import { readRecords } from '../read-records.ts';
import { defineSource } from '../source.ts';

/** Events of the Open Cybersecurity Schema Framework, 1.0 and later. Source: schema.ocsf.io. */
export const ocsf = defineSource({
  kind: 'ocsf',
  summary: 'OCSF 1.x events, one, an array or one a line: findings of all classes, and any other event.',
  settings: Type.Object({}),
  open(_settings, { id }) {
    return {
      parse({ body, messageId }) {
        const read = readRecords(body);
        if (read.kind === 'invalid') return read;
        // Not `metadata.uid`: some producers write the finding's id there, which its updates share.
        const drafts = read.items.map(({ record, text }, index) =>
          makeDraft(id, {
            ...readOcsf(record),
            identity: identityOf(messageId, text, index),
            payload: text,
          }),
        );
        return { kind: 'notifications', drafts };
      },
    };
  },
});
