// @ts-check

/** The element of the page with this id. @param {string} id */
export function byId(id) {
  const found = document.getElementById(id);
  if (found === null) throw new TypeError(`no element #${id}`);
  return found;
}

/**
 * Makes an element; `name` is a tag with classes (`p.note`). Text becomes text nodes, never markup.
 * @param {string} name @param {Record<string, string>} [attributes] @param {...(Node | string)} children
 */
export function h(name, attributes = {}, ...children) {
  const [tag = 'div', ...classes] = name.split('.');
  const node = document.createElement(tag);
  if (classes.length > 0) node.className = classes.join(' ');
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

/** @type {WeakMap<Element, {id: string, version: string}>} */
const made = new WeakMap();

/**
 * Makes the children of `list` those of `items`. What did not change is left alone, so that focus, selection and
 * scrolling survive a refresh.
 * @template {{id: string}} Item
 * @param {Element} list @param {readonly Item[]} items @param {(item: Item) => Element} make
 */
export function keyed(list, items, make) {
  const known = new Map([...list.children].map((node) => [made.get(node)?.id, node]));
  let at = list.firstElementChild;
  for (const item of items) {
    const version = JSON.stringify(item);
    let node = known.get(item.id);
    known.delete(item.id);
    if (node === undefined || made.get(node)?.version !== version) {
      const fresh = make(item);
      made.set(fresh, { id: item.id, version });
      if (node === at && node !== undefined) at = fresh;
      if (node !== undefined) replace(node, fresh);
      node = fresh;
    }
    if (node === at) at = node.nextElementSibling;
    else list.insertBefore(node, at);
  }
  for (const node of known.values()) node.remove();
}

/** @param {Element} old @param {Element} fresh */
function replace(old, fresh) {
  const hadFocus = old.contains(document.activeElement);
  old.replaceWith(fresh);
  if (hadFocus) /** @type {HTMLElement | null} */ (fresh.querySelector('a, button'))?.focus();
}

const relative = new Intl.RelativeTimeFormat('en', { style: 'narrow', numeric: 'always' });

/** How long ago, in the largest unit that fits. @param {string} instant */
function ago(instant) {
  const seconds = Math.max(0, Math.round((Date.now() - Date.parse(instant)) / 1_000));
  if (seconds < 60) return relative.format(-seconds, 'second');
  if (seconds < 3_600) return relative.format(-Math.floor(seconds / 60), 'minute');
  if (seconds < 86_400) return relative.format(-Math.floor(seconds / 3_600), 'hour');
  return relative.format(-Math.floor(seconds / 86_400), 'day');
}

/** @param {string} instant RFC 3339 */
export const when = (instant) =>
  h('time', { datetime: instant, title: `${new Date(instant).toLocaleString()} (${instant})` }, ago(instant));

/** Lets the times shown grow older. */
export function age() {
  for (const node of document.querySelectorAll('time')) node.textContent = ago(node.dateTime);
}

/** @param {string} severity */
export const severityMark = (severity) => h('span.severity', { 'data-severity': severity }, severity);

const marks = { pending: '↻', delivered: '✓', dead: '✕', skipped: '⇥' };

/** Where a delivery stands, in shape, colour and words. @param {import('./api.js').Delivery} delivery */
export function chip({ target, status, attempts, held }) {
  const tried = status === 'pending' && attempts > 0 ? `${status}, ${attempts} tried` : status;
  const said = held ? `${tried}, ${held.reason.replaceAll('_', ' ')}` : tried;
  const mark = h('span', { 'aria-hidden': 'true' }, marks[status]);
  return h(
    'span.chip',
    { 'data-status': status, title: said },
    mark,
    target,
    h('span.hidden', {}, ` ${said}`),
  );
}
