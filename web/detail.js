// @ts-check
import { call } from './api.js';
import { byId, chip, h, keyed, severityMark, when } from './dom.js';

/** @typedef {(path: string, what: string) => void} Replay Asks for it and tells how it went. */

const PAYLOAD_SHOWN_MAX = 200_000;

/**
 * Loads and shows one event.
 * @param {string} id @param {Replay | undefined} replay Absent when the operator may not.
 * @param {AbortSignal} signal
 */
export async function showDetail(id, replay, signal) {
  /** @type {import('./api.js').FullEvent} */
  const event = await call(`/api/v1/events/${encodeURIComponent(id)}`, { signal });
  const { severity, title, internal, unrouted, deliveries, matched, payload } = event;
  keyed(byId('head'), [{ id, severity, title, internal }], (head) => headOf(head, replay));
  keyed(byId('facts'), [{ ...event, deliveries: [], payload: '' }], factsOf);
  keyed(byId('deliveries'), deliveries, (delivery) => deliveryItem(delivery, replay));
  if (deliveries.length === 0) byId('deliveries').append(h('li.note', {}, 'Nowhere.'));
  const rules = matched.map(({ rule, targets }) => ({ id: rule, targets }));
  keyed(byId('rules'), rules, ruleItem);
  if (unrouted) byId('rules').append(h('li.note', {}, 'None. It is kept, and can be sent by hand.'));
  keyed(byId('payload'), [{ id, payload }], () => payloadOf(payload));
}

/** @param {{id: string, severity: string, title: string, internal: boolean}} event @param {Replay | undefined} replay */
function headOf({ id, severity, title, internal }, replay) {
  const tags = internal ? [h('span.tag', {}, 'our own application')] : [];
  const head = h(
    'header',
    {},
    h('p', {}, severityMark(severity), ...tags),
    h('h1', { tabindex: '-1' }, title),
  );
  if (replay !== undefined) {
    head.append(
      button('Replay to all its targets', () => replay(`/api/v1/events/${id}/replay`, 'The event')),
    );
  }
  return head;
}

/** @param {Tried} delivery @param {Replay | undefined} replay @typedef {import('./api.js').Tried} Tried */
function deliveryItem(delivery, replay) {
  const { id, target, attemptLog, replayOf, replayedAs, fallbackOf } = delivery;
  const notes = [
    fallbackOf && "in another target's stead",
    replayOf && 'a replay',
    replayedAs && 'was replayed',
  ]
    .filter(Boolean)
    .join(', ');
  const top = h('div.top', {}, chip(delivery), h('span.note', {}, notes));
  if (replay !== undefined) {
    const act = button('Replay', () =>
      replay(`/api/v1/deliveries/${id}/replay`, `The delivery to ${target}`),
    );
    act.setAttribute('aria-label', `Replay the delivery to ${target}`);
    top.append(act);
  }
  const tries = attemptLog.map(({ startedAt, durationMs, outcome, reason, status, answer }) =>
    h(
      'li',
      { 'data-outcome': outcome },
      h('span', {}, [outcome, reason, status].filter((part) => part !== null).join(' · ')),
      h('span.note', {}, when(startedAt), ` in ${durationMs} ms`),
      ...(answer === null ? [] : [h('q', {}, answer)]),
    ),
  );
  return h(
    'li',
    {},
    top,
    h('ol.attempts', {}, ...tries),
    h('p.note', {}, h('code', {}, id), ' ', outlook(delivery)),
  );
}

/** What is to come of it, or why nothing was tried. @param {Tried} delivery */
function outlook({ status, reason, held, nextAttemptAt }) {
  if (status === 'skipped') return `not sent: ${words(reason ?? 'skipped')}`;
  if (held) return `waits: ${words(held.reason)}`;
  return status === 'pending' ? `next attempt ${new Date(nextAttemptAt ?? 0).toLocaleTimeString()}` : '';
}

/** @param {string} reason */
const words = (reason) => reason.replaceAll('_', ' ');

/** @param {{id: string, targets: readonly string[]}} rule */
const ruleItem = ({ id, targets }) =>
  h('li', {}, h('b', {}, id), ` → ${targets.length === 0 ? 'nobody' : targets.join(', ')}`);

/** @param {import('./api.js').FullEvent} event */
function factsOf(event) {
  const { id, type, source, subject, occurredAt, receivedAt, duplicates, lastDuplicateAt, link } = event;
  const facts = h('dl', { class: 'facts' });
  /** @param {string} label @param {...(Node | string)} value */
  const add = (label, ...value) => facts.append(h('div', {}, h('dt', {}, label), h('dd', {}, ...value)));
  add('Type', type);
  if (subject !== null) add(subject.kind, subject.name ?? subject.id);
  add('Source', source);
  if (occurredAt !== null) add('Occurred', when(occurredAt));
  add('Received', when(receivedAt));
  if (lastDuplicateAt !== null) add('Repeated', `${duplicates}×, last `, when(lastDuplicateAt));
  if (event.geo !== null) add('Countries', placesOf(event.geo), ' · ', madeByDbIp());
  for (const { kind, value } of event.observables) add(kind, value);
  for (const [name, value] of Object.entries(event.labels)) add(name, value);
  if (link !== null && /^https?:/i.test(link))
    add("Sender's page", h('a', { href: link, rel: 'noreferrer', target: '_blank' }, link));
  add('Event', h('code', {}, id));
  return facts;
}

/** @param {NonNullable<import('./api.js').FullEvent['geo']>} geo */
function placesOf({ source, destination, allowed }) {
  const sides = [source && `from ${source}`, destination && `to ${destination}`].filter(Boolean).join(' ');
  const text = allowed ? sides : `${sides}, not allowed`;
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** What the licence of the database asks for where its results are shown. */
const madeByDbIp = () =>
  h('a', { href: 'https://db-ip.com', rel: 'noreferrer', target: '_blank' }, 'IP Geolocation by DB-IP');

/** @param {string} payload */
function payloadOf(payload) {
  const isCut = payload.length > PAYLOAD_SHOWN_MAX;
  const text = indent(payload.slice(0, PAYLOAD_SHOWN_MAX));
  // Focusable, so that it can be scrolled by keyboard.
  return h('pre', { tabindex: '0', 'aria-label': 'The notification' }, isCut ? `${text}\n…` : text);
}

/** JSON on many lines, by its text alone: parsing it would round long numbers and drop a repeated key. */
function indent(/** @type {string} */ json) {
  let depth = 0;
  const line = () => `\n${'  '.repeat(Math.min(depth, 40))}`;
  const tokens = json.match(/"(?:[^"\\]|\\.)*"|\{\s*\}|\[\s*\]|[{}[\],:]|[^\s"{}[\],:]+|"/g) ?? [];
  return tokens.reduce((text, token) => {
    if (token === '{' || token === '[') depth += 1;
    if (token === '}' || token === ']') depth -= 1;
    if (token === '}' || token === ']') return text + line() + token;
    if (token === '{' || token === '[' || token === ',') return text + token + line();
    return text + (token === ':' ? ': ' : token);
  }, '');
}

/** @param {string} label @param {() => void} act */
function button(label, act) {
  const node = h('button', { type: 'button' }, label);
  node.addEventListener('click', act);
  return node;
}
