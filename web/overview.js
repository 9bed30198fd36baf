// @ts-check
import { call, deliveries } from './api.js';
import { byId, chip, h, keyed, severityMark, when } from './dom.js';

/** @typedef {{show: string, severity: string}} Filter */
/** @typedef {import('./api.js').EventSummary & {id: string, sent: import('./api.js').Delivery[] | undefined}} Row */

const SHOWN = 40;
const SEVERITIES = ['unknown', 'informational', 'low', 'medium', 'high', 'critical'];

/** Loads and shows the latest events that pass the filter. @param {Filter} filter @param {AbortSignal} signal */
export async function showOverview(filter, signal) {
  const [waiting, dead] = await Promise.all([
    call('/api/v1/deliveries?status=pending&limit=200', { signal }),
    deliveries('/api/v1/deliveries?status=dead', signal),
  ]);
  const lost = dead.items.filter(({ replayedAs }) => replayedAs === null);
  const rows = filter.show === 'dead' ? await eventsOf(lost, filter, signal) : await latest(filter, signal);
  byId('waiting').textContent = `${waiting.items.length}${waiting.nextCursor === null ? '' : '+'}`;
  byId('dead').textContent = `${lost.length}${dead.isWhole ? '' : '+'}`;
  byId('dead-figure').dataset['alarm'] = String(lost.length > 0);
  keyed(byId('events'), rows, eventRow);
  byId('more').hidden = rows.length < SHOWN;
  byId('empty').hidden = rows.length > 0;
  const [title, text] = emptiness(filter);
  byId('empty-title').textContent = title;
  byId('empty-text').textContent = text;
  byId('empty-all').hidden = filter.show === '' && filter.severity === '';
}

/** @param {Filter} filter @param {AbortSignal} signal @returns {Promise<Row[]>} */
async function latest({ show, severity }, signal) {
  const query = new URLSearchParams({
    limit: String(SHOWN),
    ...(severity && { severity }),
    ...(show && { unrouted: 'true' }),
  });
  /** @type {{items: import('./api.js').EventSummary[]}} */
  const { items } = await call(`/api/v1/events?${query}`, { signal });
  const oldest = items.at(-1)?.receivedAt;
  if (oldest === undefined) return [];
  const sent = await deliveries(`/api/v1/deliveries?since=${oldest}`, signal);
  return items.map((event) => {
    const own = sent.items.filter((delivery) => delivery.event === event.id);
    // Cut short, the list says nothing on an event that it does not name.
    return { ...event, sent: own.length > 0 || sent.isWhole ? own : undefined };
  });
}

/**
 * @param {import('./api.js').Delivery[]} lost @param {Filter} filter @param {AbortSignal} signal
 * @returns {Promise<Row[]>}
 */
async function eventsOf(lost, { severity }, signal) {
  const ids = [...new Set(lost.map(({ event }) => event))].slice(0, SHOWN);
  /** @type {import('./api.js').FullEvent[]} */
  const events = await Promise.all(ids.map((id) => call(`/api/v1/events/${id}`, { signal })));
  return events
    .filter((event) => SEVERITIES.indexOf(event.severity) >= SEVERITIES.indexOf(severity))
    .map((event) => ({ ...event, payload: '', sent: event.deliveries }));
}

/** @param {Row} event */
function eventRow(event) {
  const { id, severity, title, source, type, subject, receivedAt, duplicates, internal } = event;
  const meta = [type, subject?.name ?? subject?.id, `via ${source}`].filter((part) => part !== undefined);
  return h(
    'li',
    {},
    severityMark(severity),
    h(
      'div.what',
      {},
      h('a', { href: `/events/${id}` }, title),
      h('p.note', {}, meta.join(' · '), ...(internal ? [h('span.tag', {}, 'our own application')] : [])),
    ),
    h('p.sent', {}, ...went(event)),
    h(
      'p.when',
      {},
      when(receivedAt),
      ...(duplicates > 0 ? [h('span.tag', {}, `repeated ${duplicates}×`)] : []),
    ),
  );
}

/** The newest delivery to each target. @param {Row} event @returns {Node[]} */
function went({ sent, unrouted }) {
  if (sent === undefined) return [h('span.note', {}, 'open it to see')];
  const newest = new Map(sent.toReversed().map((delivery) => [delivery.target, delivery]));
  if (newest.size > 0) return [...newest.values()].map(chip);
  return [h('span.chip', { 'data-status': 'none' }, unrouted ? 'unrouted' : 'kept, nobody told')];
}

/** Nothing to show is good news or no news, and says which. @param {Filter} filter @returns {[string, string]} */
function emptiness({ show, severity }) {
  const among =
    severity === '' ? '' : ` of severity ${severity}${severity === 'critical' ? '' : ' or above'}`;
  if (show === 'dead') {
    return [`No dead letters${among}`, 'What was accepted has been delivered, or is still being tried.'];
  }
  if (show === 'unrouted') return [`Nothing unrouted${among}`, 'Every such event was taken by a rule.'];
  if (severity !== '') return [`No events${among}`, 'Lesser ones may have come in.'];
  return [
    'No event yet',
    'Nothing has come in so far. At its first start the service prints a curl command that sends one the whole way.',
  ];
}
