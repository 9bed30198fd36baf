import { Type } from 'typebox';
import type { EventDraft } from '../../events/event.ts';
import { readCloudEvent } from '../cloudevents/attributes.ts';
import { isBinary, structuredOf } from '../cloudevents/binary.ts';
import { readForwarded } from '../cloudevents/from-tocsin.ts';
import { preflight } from '../cloudevents/preflight.ts';
import { textOf } from '../fields.ts';
import { identityOf, makeDraft } from '../make-draft.ts';
import { readItems } from '../read-items.ts';
import type { JsonItem } from '../read-json.ts';
import { defineSource, type Parsed, type ProvedMessage } from '../source.ts';

/** The schemes that prove the sender of the whole request; all others prove a body, to which any header can be put. */
const COVER_HEADERS: readonly (string | undefined)[] = ['bearer', 'mtls'];

/** CloudEvents 1.0 over HTTP: structured, batched, and binary where the headers are proved too. Source: cloudevents.io. */
export const cloudevents = defineSource({
  kind: 'cloudevents',
  summary:
    'CloudEvents 1.0, structured, batched or binary; the events of another Tocsin become what they were.',
  settings: Type.Object({
    internalAlerts: Type.Boolean({
      default: false,
      description:
        "Whether an internal security alert of another Tocsin is one here too, and reaches the admins' targets.",
    }),
  }),
  open({ internalAlerts }, { id, scheme }) {
    return {
      preflight,
      parse(message) {
        const read = itemsOf(message, COVER_HEADERS.includes(scheme));
        if (read.kind !== 'items') return read;
        const drafts: EventDraft[] = [];
        for (const [index, item] of read.items.entries()) {
          const specversion = textOf(item.record['specversion']);
          if (specversion === undefined) return { kind: 'invalid', detail: notCloudEvent(index) };
          drafts.push(draftOf(id, item, index, message.messageId, internalAlerts));
        }
        return { kind: 'notifications', drafts };
      },
    };
  },
});

const EMPTY_BATCH = /^\s*\[\s*\]\s*$/;

function itemsOf({ headers, body }: ProvedMessage, coversHeaders: boolean) {
  if (isBinary(headers)) return coversHeaders ? structuredOf(headers, body) : BINARY_UNPROVED;
  // The standard allows a batch of none.
  if (body.length < 100 && EMPTY_BATCH.test(body.toString('latin1')))
    return { kind: 'items', items: [] } as const;
  return readItems(body);
}

const BINARY_UNPROVED: Parsed & { readonly kind: 'invalid' } = {
  kind: 'invalid',
  detail:
    'binary mode keeps the attributes in headers, which this source does not prove: send structured mode (application/cloudevents+json), or give the source the scheme bearer or mtls',
};

const notCloudEvent = (index: number): string =>
  `the item at index ${index} has no specversion: a CloudEvent in structured mode is expected`;

function draftOf(
  sourceId: string,
  { record, text }: JsonItem,
  index: number,
  messageId: string | undefined,
  internalAlerts: boolean,
): EventDraft {
  const forwarded = readForwarded(record);
  if (forwarded === undefined) {
    const identity = attributesIdentity(record['source'], record['id']) ?? identityOf(messageId, text, index);
    return makeDraft(sourceId, { ...readCloudEvent(record), identity, payload: text });
  }
  const { reading, origin, alert } = forwarded;
  const draft = makeDraft(sourceId, { ...reading, identity: origin, payload: text });
  return internalAlerts && alert !== undefined ? { ...draft, internalAlert: alert } : draft;
}

/** Producers must make source and id together one event's alone (CloudEvents 1.0, section 3.1.1). */
function attributesIdentity(source: unknown, id: unknown): readonly string[] | undefined {
  const from = textOf(source);
  const name = textOf(id);
  return from === undefined || name === undefined ? undefined : ['cloudevent', from, name];
}
