// @ts-check
import { ask, reason } from './ask.js';
import { copies, only, readable, the } from './sheet.js';

const QUIET = 4;

/** @type {import('./share.js').Shared | undefined} */
let shared;
let isSure = false;

/** Shows the link, which is nowhere but on this page. @param {import('./share.js').Shared} result @param {string} password Empty: none. */
export async function showResult(result, password) {
  shared = result;
  doubt();
  const { link, maxReads, expiresAt } = result;
  the('facts').textContent = readable(maxReads, true, expiresAt);
  the('link', HTMLInputElement).value = link;
  the('link-note').hidden = !link.includes('#');
  the('told-password', HTMLInputElement).value = password;
  the('told').hidden = password === '';
  the('result-fault').textContent = '';
  the('qr').replaceChildren();
  only('result').focus();
  the('qr').append(await qrOf(link));
}

/** Forgets the link and what belongs to it. */
export function forget() {
  shared = undefined;
  for (const id of ['link', 'told-password']) the(id, HTMLInputElement).value = '';
  the('qr').replaceChildren();
}

export function wireResult() {
  copies(the('copy-link'), the('link'));
  copies(the('copy-password'), the('told-password'));
  for (const id of ['link', 'told-password']) {
    const field = the(id, HTMLInputElement);
    field.addEventListener('focus', () => field.select());
  }
  the('delete').addEventListener('click', remove);
  the('delete').addEventListener('blur', doubt);
}

function doubt() {
  isSure = false;
  the('delete').textContent = 'Delete the message';
}

/** At the second click: a link that was sent already leads nowhere then. */
async function remove() {
  if (shared === undefined) return;
  if (!isSure) {
    isSure = true;
    the('delete').textContent = 'Really delete it?';
    return;
  }
  const headers = { 'tocsin-delete-token': shared.deleteToken };
  const answer = await ask(`/api/v1/messages/${shared.id}`, { method: 'DELETE', headers });
  const isGone = answer.status === 404;
  if (!isGone && (answer.status < 200 || answer.status > 299)) {
    the('result-fault').textContent = `Not deleted. ${reason(answer)}`;
    return;
  }
  forget();
  the('deleted-text').textContent = isGone
    ? 'It was gone already: read as often as it may be, or expired.'
    : 'You deleted it. Nobody can read it any more.';
  only('deleted').focus();
}

/** A picture of the link for another device's camera, drawn here. @param {string} link */
async function qrOf(link) {
  const { encodeQR } = await import('/page/qr.js');
  const rows = encodeQR(link, 'raw', { border: QUIET, ecc: 'low' });
  const path = rows.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : [])));
  const picture = svg('svg', { viewBox: `0 0 ${rows.length} ${rows.length}`, role: 'img' });
  picture.setAttribute('aria-label', 'The link as a QR code');
  picture.append(svg('path', { d: path.join('') }));
  return picture;
}

/** @param {string} name @param {Record<string, string>} attributes */
function svg(name, attributes) {
  const node = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  return node;
}
