import { Type } from 'typebox';
import { decodeUtf8 } from '../../kernel/utf8.ts';
import { countOf, draftsOf, textDraft } from '../aws/drafts.ts';
import { ITEM_LIMITS } from '../read-items.ts';
import { readRecords } from '../read-records.ts';
import { defineSource } from '../source.ts';

/** Begins as JSON that is no plain text: `[FIRING] disk full` is text. */
const LIKE_JSON = /^\s*(?:\{|\[\s*[[{\]])/;

/**
 * AWS by SNS or by an API destination of EventBridge: GuardDuty, Security Hub, CloudWatch alarms, and any other event.
 * Sources: docs.aws.amazon.com/eventbridge, …/sns, …/guardduty, …/securityhub.
 */
export const aws = defineSource({
  kind: 'aws',
  summary: 'AWS by SNS or EventBridge: GuardDuty, Security Hub, CloudWatch alarms, and any other event.',
  scheme: 'sns',
  settings: Type.Object({}),
  open(_settings, { id }) {
    return {
      parse({ body, messageId }) {
        const text = decodeUtf8(body);
        if (text !== undefined && text.trim() !== '' && !LIKE_JSON.test(text))
          return { kind: 'notifications', drafts: [textDraft(id, text, messageId)] };
        const read = readRecords(body);
        if (read.kind === 'invalid') return read;
        const count = read.items.reduce((sum, { record }) => sum + countOf(record), 0);
        if (count > ITEM_LIMITS.itemsMax)
          return { kind: 'invalid', detail: `the body holds more than ${ITEM_LIMITS.itemsMax} findings` };
        const drafts = read.items.flatMap((item, index) => draftsOf(id, item, index, messageId));
        return { kind: 'notifications', drafts };
      },
    };
  },
});
