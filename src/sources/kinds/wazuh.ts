import { Type } from 'typebox';
import { makeDraft } from '../make-draft.ts';
import { readRecords } from '../read-records.ts';
import { defineSource } from '../source.ts';
import { wazuhFacts } from '../wazuh/facts.ts';

/** Wazuh's alerts in JSON, from its Integrator or shipped from alerts.json. Source: documentation.wazuh.com, integrations. */
export const wazuh = defineSource({
  kind: 'wazuh',
  summary: 'Wazuh: alerts of its manager, from an integration or a log shipper.',
  scheme: 'bearer',
  settings: Type.Object({}),
  open(_settings, { id }) {
    return {
      parse({ body, messageId }) {
        const read = readRecords(body);
        if (read.kind === 'invalid') return read;
        const drafts = read.items.map((item, index) => makeDraft(id, wazuhFacts(item, messageId, index)));
        return { kind: 'notifications', drafts };
      },
    };
  },
});
