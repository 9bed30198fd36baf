import type { EventDraft } from '../../events/event.ts';
import { isJsonObject, type JsonObject } from '../../kernel/json.ts';
import { elementSpans } from '../../kernel/json-spans.ts';
import { firstText, objectOf, textOf } from '../fields.ts';
import { firstInstant } from '../instant-ms.ts';
import { identityOf, makeDraft } from '../make-draft.ts';
import type { JsonItem } from '../read-json.ts';
import type { Reading } from '../reading.ts';
import { readAlarmEvent, readAlarmMessage } from './alarm.ts';
import { readAnyEvent } from './any-event.ts';
import { type BusEvent, busIdentity, readBusEvent } from './bus-event.ts';
import { readGuardDuty } from './guardduty.ts';
import { readSecurityHub } from './security-hub.ts';

/** What Tocsin makes of one message: an event each for the findings of Security Hub's, else one. */
export function draftsOf(
  sourceId: string,
  item: JsonItem,
  index: number,
  messageId: string | undefined,
): readonly EventDraft[] {
  const event = readBusEvent(item.record);
  const own = event === undefined ? undefined : busIdentity(event);
  const identity = own ?? identityOf(messageId, item.text, index);
  return recordsOf(item, event).map(({ reading, payload }, part) =>
    makeDraft(sourceId, { ...reading, identity: [...identity, String(part)], payload }),
  );
}

/** An event out of an SNS message that is no JSON. */
export function textDraft(sourceId: string, text: string, messageId: string | undefined): EventDraft {
  const reading = readMessage({ message: text });
  return makeDraft(sourceId, { ...reading, identity: identityOf(messageId, text), payload: text });
}

/** How many events a message makes, told without making them. */
export function countOf({ detail }: JsonObject): number {
  const { findings } = objectOf(detail);
  return Array.isArray(findings) && findings.length > 0 ? findings.length : 1;
}

interface Part {
  readonly reading: Reading;
  readonly payload: string;
}

function recordsOf({ record, text }: JsonItem, event: BusEvent | undefined): readonly Part[] {
  if (event === undefined)
    return [{ reading: readAlarmMessage(record) ?? readMessage(record), payload: text }];
  const { findings } = event.detail;
  if (event.source === 'aws.securityhub' && Array.isArray(findings) && findings.length > 0)
    return findingsOf(event, findings, text);
  const isGuardDuty = event.source === 'aws.guardduty' && event.detailType === 'GuardDuty Finding';
  const reading = isGuardDuty ? readGuardDuty(event) : (readAlarmEvent(event) ?? readAnyEvent(event));
  return [{ reading, payload: text }];
}

/** The only finding keeps its envelope; of several each has its own text, or a body would be kept a thousand times. */
function findingsOf(event: BusEvent, findings: readonly unknown[], text: string): readonly Part[] {
  const spans = findings.length === 1 ? undefined : elementSpans(text, ['detail', 'findings']);
  return findings.map((finding, index) => {
    const span = spans?.[index];
    const payload = span === undefined ? text : text.slice(span.start, span.end);
    return { reading: readSecurityHub(event, isJsonObject(finding) ? finding : {}), payload };
  });
}

/** A message that is neither EventBridge's nor an alarm: whoever published it wrote what they liked. */
function readMessage(record: JsonObject): Reading {
  const told = ['title', 'Title', 'subject', 'Subject', 'summary', 'message', 'Message', 'default'];
  const account = firstText(record['account'], record['accountId'], record['AccountId']);
  return {
    type: 'aws.message',
    severity: 'unknown',
    titles: told.map((name) => textOf(record[name])),
    occurredAt: firstInstant(record['time'], record['timestamp']),
    subject: account === undefined ? undefined : { kind: 'account', id: account },
    labels: { account, region: textOf(record['region']) },
    observables: [],
    endpoints: undefined,
    link: undefined,
    matter: undefined,
    state: undefined,
  };
}
