// @ts-check
import { ask, reason } from './ask.js';
import { attachments, detachAll, takeAttachments, tooMany } from './attachments.js';
import { newPassword, offerReads, offerTimes } from './choices.js';
import { forget, showResult, wireResult } from './result.js';
import { bytesOf, canSeal, roomIn, share } from './share.js';
import { only, size, the } from './sheet.js';

const text = the('text', HTMLTextAreaElement);
const password = the('password', HTMLInputElement);
const expires = the('expires', HTMLSelectElement);
const reads = the('reads', HTMLSelectElement);
let room = 0;
let isBusy = false;

/** Asks what the service takes, and offers just that. Resolves with the heading of what is shown. */
async function begin() {
  const limits = await ask('/api/v1/messages/limits');
  if (limits.status !== 200) {
    the('failed-text').textContent = reason(limits);
    return only('failed');
  }
  const { bytes_max, expires_in, reads_max, create } = limits.answer;
  // Said before anything is written.
  if (create === 'operators' && (await ask('/api/v1/session')).status === 401) return only('operators');
  room = roomIn(bytes_max);
  offerTimes(expires, expires_in);
  offerReads(reads, reads_max);
  for (const part of document.querySelectorAll('.sealing')) part.toggleAttribute('hidden', !canSeal);
  the('choose', HTMLInputElement).disabled = !canSeal;
  the('sealed-lede').hidden = !canSeal;
  the('plain-lede').hidden = canSeal;
  the('share').textContent = submitLabel();
  weigh();
  return only('writing');
}

const submitLabel = () => (canSeal ? 'Create the link' : 'Share it unencrypted');

/** Tells how much is taken of what there is room for, and whether that is too much. */
function weigh() {
  const bytes = text.value === '' && attachments().length === 0 ? 0 : bytesOf(text.value, attachments());
  const isOver = bytes > room;
  the('room').textContent = `${size(bytes)} of ${size(room)}`;
  const said = isOver ? 'Too large' : '';
  // Said again only when it changed: it is read aloud.
  if (the('over').textContent !== said) the('over').textContent = said;
  return isOver;
}

/** Shares what is there. Resolves with what went wrong. */
async function submit() {
  if (text.value === '' && attachments().length === 0) {
    text.focus();
    return canSeal ? 'Write something, or attach a file.' : 'Write something.';
  }
  if (weigh()) return `This is too large: there is room for ${size(room)}.`;
  if (tooMany()) return tooMany();
  const draft = {
    text: text.value,
    files: attachments(),
    password: canSeal ? password.value : '',
    expiresIn: Number(expires.value),
    maxReads: reads.value === '' ? undefined : Number(reads.value),
  };
  const shared = await share(draft).catch(() => undefined);
  if (shared === undefined) return 'An attachment could not be read. Remove it and try again.';
  if ('status' in shared) {
    // Here and not on the page of operators: what is written would be lost on the way there.
    if (shared.status === 401) return 'Not shared. Log in as an operator in another tab, then try again.';
    return `Not shared. ${reason(shared)}`;
  }
  clear();
  await showResult(shared, draft.password);
  return '';
}

/** Nothing of it stays in the page once it is in the link. */
function clear() {
  the('form', HTMLFormElement).reset();
  conceal(true);
  detachAll();
}

/** @param {boolean} isHidden */
function conceal(isHidden) {
  password.type = isHidden ? 'password' : 'text';
  the('show').textContent = isHidden ? 'Show' : 'Hide';
}

function again() {
  forget();
  the('fault').textContent = '';
  weigh();
  only('writing');
  text.focus();
}

the('form').addEventListener('submit', async (event) => {
  event.preventDefault();
  if (isBusy) return;
  isBusy = true;
  the('fault').textContent = '';
  the('share').textContent = canSeal ? 'Encrypting…' : 'Sharing…';
  the('fault').textContent = await submit();
  the('share').textContent = submitLabel();
  isBusy = false;
});
text.addEventListener('input', weigh);
takeAttachments(weigh);
the('show').addEventListener('click', () => conceal(password.type === 'text'));
the('generate').addEventListener('click', () => {
  password.value = newPassword();
  conceal(false);
});
the('another').addEventListener('click', again);
the('another-one').addEventListener('click', again);
the('again').addEventListener('click', async () => (await begin()).focus());
wireResult();
void begin();
