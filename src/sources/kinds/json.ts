import { mappingFaults } from '../json/check.ts';
import { compileMapping } from '../json/compile.ts';
import { bodyReader } from '../json/read-body.ts';
import { jsonSettings } from '../json/settings.ts';
import { makeDraft } from '../make-draft.ts';
import { defineSource } from '../source.ts';

/** Whatever else sends JSON: the config says where the fields of an event come from, or their usual names do. */
export const json = defineSource({
  kind: 'json',
  summary: 'Any sender of JSON: a mapping in the config says what its fields mean.',
  settings: jsonSettings,
  check: mappingFaults,
  open(settings, { id }) {
    const read = bodyReader(settings.items);
    const factsOf = compileMapping(settings);
    return {
      parse({ body, messageId }) {
        const items = read(body);
        if (items.kind === 'invalid') return items;
        const drafts = items.items.map((item, index) => makeDraft(id, factsOf(item, messageId, index)));
        return { kind: 'notifications', drafts };
      },
    };
  },
});
