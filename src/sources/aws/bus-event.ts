import type { JsonObject } from '../../kernel/json.ts';
import { itemsOf, objectOf, textOf } from '../fields.ts';

const RESOURCES_MAX = 20;

/** An event of EventBridge's, its envelope read. Source: docs.aws.amazon.com/eventbridge, "AWS service event reference". */
export interface BusEvent {
  readonly id: string | undefined;
  readonly source: string;
  readonly detailType: string;
  readonly account: string | undefined;
  readonly region: string | undefined;
  readonly time: unknown;
  /** ARNs, mostly. */
  readonly resources: readonly string[];
  readonly detail: JsonObject;
}

/** Undefined when the record is no event of EventBridge's. */
export function readBusEvent(record: JsonObject): BusEvent | undefined {
  const source = textOf(record['source']);
  const detailType = textOf(record['detail-type']);
  if (source === undefined || detailType === undefined) return undefined;
  const resources = itemsOf(record['resources'], RESOURCES_MAX).map(textOf);
  return {
    id: textOf(record['id']),
    source,
    detailType,
    account: textOf(record['account']),
    region: textOf(record['region']),
    time: record['time'],
    resources: resources.filter((resource) => resource !== undefined),
    detail: objectOf(record['detail']),
  };
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * What makes the event this one: EventBridge gives each a UUID, which is the same when it delivers again, by whatever
 * way. Undefined when it bears another id: a template that writes a word of its own there must swallow nothing.
 */
export function busIdentity({ id, account, region }: BusEvent): readonly string[] | undefined {
  return id !== undefined && UUID.test(id) ? ['eventbridge', account ?? '', region ?? '', id] : undefined;
}
