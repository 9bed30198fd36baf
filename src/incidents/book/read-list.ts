import { parseUntrusted } from '../../kernel/json.ts';
import type { Feed, FeedType } from '../feeds/feed.ts';
import type { Incident } from '../incident.ts';
import { ITEMS_MAX, listSpans, type ListSpans } from './list-spans.ts';
import { notJson, shapeChanged, type ListRefused, type ReadList } from './reading.ts';
import { readRecord } from './read-record.ts';
import { RecordMemory } from './record-memory.ts';

/** UTF-16 units of what an answer holds beside its list: a count, where the next page is. */
const FRAME_LENGTH_MAX = 1_048_576;
const TOO_MUCH_BESIDE = 'the answer holds more than a list of `results`';

/**
 * What a polled feed lists of one type: the array `results` of a JSON object. A record that cannot be used is an
 * incident with a fault. `memory` is of the list's last reading: what was in that is not read again.
 */
export function readList(feed: Feed, type: FeedType, body: string, memory = new RecordMemory()): ReadList {
  const spans = listSpans(body);
  if (spans.kind === 'refused') return refusalOf(body, spans.reason);
  if (spans.frame.length > FRAME_LENGTH_MAX) return shapeChanged(TOO_MUCH_BESIDE);
  if (!parseUntrusted(spans.frame).ok) return notJson();
  const incidents = readSpans(feed, type, body, spans.bounds, memory);
  return incidents === undefined ? notJson() : { kind: 'list', incidents };
}

/** Undefined when an element is no JSON. */
function readSpans(
  feed: Feed,
  type: FeedType,
  body: string,
  bounds: readonly number[],
  memory: RecordMemory,
): readonly Incident[] | undefined {
  const incidents: Incident[] = [];
  const read = (text: string) => readRecord(feed, () => type, text);
  memory.begin();
  for (let at = 0; at + 1 < bounds.length; at += 2) {
    const incident = memory.take(body.slice(bounds[at], bounds[at + 1]), read);
    if (incident === undefined) {
      memory.clear();
      return undefined;
    }
    incidents.push(incident);
  }
  memory.end();
  return incidents;
}

function refusalOf(body: string, reason: Extract<ListSpans, { kind: 'refused' }>['reason']): ListRefused {
  if (reason === 'malformed') return notJson();
  if (reason === 'too_deep') return shapeChanged('the answer nests deeper than 32 levels');
  if (reason === 'too_many')
    return shapeChanged(`the list holds more than ${ITEMS_MAX.toLocaleString('en')} records`);
  // What came instead is only parsed while that cannot become much more than it is.
  if (body.length > FRAME_LENGTH_MAX) return shapeChanged(TOO_MUCH_BESIDE);
  if (!parseUntrusted(body).ok) return notJson();
  return shapeChanged(
    reason === 'no_object' ? 'the answer is not a JSON object' : 'the answer has no array `results`',
  );
}
