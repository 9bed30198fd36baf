// @ts-check
import { call, Refusal } from './api.js';
import { showDetail } from './detail.js';
import { age, byId, h } from './dom.js';
import { showOverview } from './overview.js';

const EVERY_MS = 4_000;

/** @type {string | undefined} */
let token = takeToken();
/** @type {{scope: string} | undefined} */
let actor;
let isPaused = false;
let running = new AbortController();
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

/** The token out of the link's fragment, gone from the address bar and the history before anything else happens. */
function takeToken() {
  const found = new URLSearchParams(location.hash.slice(1)).get('token') ?? undefined;
  if (found !== undefined) history.replaceState(null, '', location.pathname + location.search);
  return found;
}

const eventId = () => /^\/events\/([^/]+)$/.exec(location.pathname)?.[1];

function filter() {
  const query = new URLSearchParams(location.search);
  return { show: query.get('show') ?? '', severity: query.get('severity') ?? '' };
}

async function refresh() {
  clearTimeout(timer);
  running.abort();
  running = new AbortController();
  const { signal } = running;
  try {
    const isReady = await health(signal);
    actor ??= await call(
      '/api/v1/session',
      token === undefined ? { signal } : { method: 'POST', token, signal },
    );
    token = undefined;
    await show(signal);
    banner(
      isReady ? '' : 'The store cannot be written to. Senders are answered 503 and keep what they have.',
    );
  } catch (error) {
    if (signal.aborted) return;
    if (!(error instanceof Refusal)) throw error;
    if (error.status === 401) return logIn(token === undefined ? '' : 'This token is not known here.');
    if (error.status === 404) return banner(error.message, h('a', { href: '/' }, 'Show all events'));
    const isAway = error.status === 0 || error.status >= 500;
    banner(isAway ? `${error.message} What you see may be old; it is asked again.` : error.message);
    byId('tools').hidden = actor === undefined;
  }
  if (!isPaused && !document.hidden) timer = setTimeout(refresh, EVERY_MS);
}

/** @param {AbortSignal} signal */
async function health(signal) {
  const [state, text] = await call('/readyz', { signal }).then(
    () => ['ok', 'Ready'],
    (error) => (error.status > 0 ? ['bad', 'Not ready'] : ['bad', 'No answer']),
  );
  signal.throwIfAborted();
  byId('health').dataset['state'] = state;
  if (byId('health').textContent !== text) byId('health').textContent = text ?? '';
  return state === 'ok';
}

/** @param {AbortSignal} signal */
async function show(signal) {
  const id = eventId();
  if (id === undefined) await showOverview(filter(), signal);
  else await showDetail(decodeURIComponent(id), actor?.scope === 'read' ? undefined : replay, signal);
  age();
  byId('updated').textContent = `As of ${new Date().toLocaleTimeString()}`;
  only(id === undefined ? 'overview' : 'detail');
  byId('tools').hidden = false;
}

/** @param {'login' | 'overview' | 'detail'} shown */
function only(shown) {
  for (const id of ['login', 'overview', 'detail']) byId(id).hidden = id !== shown;
}

/** @param {string} text @param {...Node} more */
function banner(text, ...more) {
  byId('banner').hidden = text === '';
  byId('main').classList.toggle('stale', text !== '');
  // Said again only when it changed: it is read aloud.
  if (byId('banner').firstChild?.textContent !== text) byId('banner').replaceChildren(text, ' ', ...more);
}

/** @param {string} fault */
function logIn(fault) {
  actor = undefined;
  token = undefined;
  banner('');
  only('login');
  byId('tools').hidden = true;
  byId('login-fault').textContent = fault;
  byId('token').focus();
}

/** @type {import('./detail.js').Replay} */
async function replay(path, what) {
  const told = await call(path, { method: 'POST' }).then(
    () => `${what} is being sent again.`,
    (error) => `Not sent again: ${error.message}`,
  );
  byId('said').textContent = told;
  await refresh();
}

/** Goes to a place of this page. @param {string} href */
async function go(href) {
  const from = eventId();
  history.pushState(null, '', href);
  await arrive(from);
}

/** Shows what the address says, and puts the focus where the eye is. @param {string | undefined} from */
async function arrive(from) {
  const { show, severity } = filter();
  for (const input of byId('filters').querySelectorAll('input')) input.checked = input.value === show;
  for (const select of byId('filters').querySelectorAll('select')) select.value = severity;
  byId('said').textContent = '';
  if (eventId() === undefined) byId('back').setAttribute('href', location.pathname + location.search);
  await refresh();
  const target = eventId() === undefined ? from && `#events a[href$="${CSS.escape(from)}"]` : '#head h1';
  if (target) /** @type {HTMLElement | null} */ (document.querySelector(target))?.focus();
}

document.addEventListener('click', (click) => {
  const link = click.target instanceof Element ? click.target.closest('a') : null;
  if (link === null || link.origin !== location.origin || link.getAttribute('href')?.startsWith('#')) return;
  // Another page of the service.
  if (link.pathname !== '/' && !link.pathname.startsWith('/events/')) return;
  if (click.button !== 0 || click.metaKey || click.ctrlKey || click.shiftKey || click.altKey) return;
  click.preventDefault();
  void go(link.href);
});
byId('filters').addEventListener('change', () => {
  const chosen = new FormData(/** @type {HTMLFormElement} */ (byId('filters')));
  const query = new URLSearchParams(
    [...chosen].flatMap(([key, value]) => (value ? [[key, String(value)]] : [])),
  );
  void go(query.size === 0 ? '/' : `/?${query}`);
});
byId('login-form').addEventListener('submit', (submit) => {
  submit.preventDefault();
  const field = /** @type {HTMLInputElement} */ (byId('token'));
  token = field.value.trim();
  field.value = '';
  void refresh();
});
byId('pause').addEventListener('click', () => {
  isPaused = !isPaused;
  byId('pause').setAttribute('aria-pressed', String(isPaused));
  byId('pause').textContent = isPaused ? 'Resume' : 'Pause';
  void refresh();
});
byId('leave').addEventListener('click', async () => {
  await call('/api/v1/session', { method: 'DELETE' }).catch(() => {});
  logIn('');
});
addEventListener('popstate', () => void arrive(undefined));
addEventListener('hashchange', () => {
  token = takeToken();
  if (token === undefined) return;
  actor = undefined;
  void refresh();
});
document.addEventListener('visibilitychange', () => {
  if (!document.hidden && !isPaused) void refresh();
});
void arrive(undefined);
