// @ts-check
import { readFragment, unlock } from '/page/sealed.js';
import { ask, reason } from './ask.js';
import { copies, only, readable, size, the } from './sheet.js';

/** @typedef {import('../../src/sealed/sealed.ts').Content} Content */
/** @typedef {import('../../src/sealed/sealed.ts').SealedFile} SealedFile */

const path = `/api/v1/messages/${location.pathname.slice(3)}`;
const password = the('password', HTMLInputElement);

/** Of a sealed message. @type {Parameters<typeof unlock>[0] | undefined} */
let key;
/** Once claimed it may be gone from the service: kept, so that opening it can be tried again. @type {any} */
let claimed;
let expiresAt = '';
let isBusy = false;

/** Finds out what there is to read, which changes nothing. Resolves with the heading of what is shown. */
async function look() {
  const found = await ask(path);
  if (found.status === 404) return only('gone');
  the('failed-text').textContent = reason(found);
  if (found.status !== 200) return only('failed');
  const { sealed, version, max_reads, reads_left, expires_at } = found.answer;
  key = undefined;
  if (sealed) {
    // Whatever stands in the way of opening it is said before it is claimed.
    const fragment = readFragment(location.hash);
    if (!fragment) return only('incomplete');
    if (fragment.version !== 1 || version !== 1) return only('newer');
    if (!isSecureContext) return only('insecure');
    key = fragment;
  }
  expiresAt = expires_at;
  the('facts').textContent = readable(reads_left, reads_left === max_reads, expiresAt);
  the('locked').hidden = !key?.needsPassword;
  the('fault').textContent = '';
  return only('ready');
}

/** Claims the message unless that is done, opens and shows it. Resolves with what went wrong. */
async function open() {
  const unlocked = key && (await unlock(key, password.value));
  if (!claimed) {
    const body = unlocked ? { claim_token: unlocked.claimToken } : {};
    const answer = await ask(`${path}/claim`, { method: 'POST', body });
    if (answer.status === 404) only('gone').focus();
    if (answer.status === 403) {
      password.focus();
      password.select();
      return key?.needsPassword
        ? 'This is not the password. Nothing was lost: try again.'
        : 'The key in the link is not the right one. Nothing was lost: open the whole link.';
    }
    if (answer.status !== 200) return reason(answer);
    claimed = answer.answer;
  }
  try {
    show(unlocked ? await unlocked.open(claimed.sealed.ciphertext) : { text: claimed.message, files: [] });
  } catch {
    return 'It could not be decrypted. It is kept on this page: leave it open and try again.';
  }
  return '';
}

/** @param {Content} content */
function show({ text, files }) {
  // From here on the key is in no address bar.
  history.replaceState(null, '', location.pathname);
  password.value = '';
  if (claimed.reads_left !== 0) the('left').textContent = readable(claimed.reads_left, false, expiresAt);
  the('text').textContent = text;
  the('words').hidden = !text;
  the('attached').hidden = !files.length;
  the('files').append(...files.map(fileItem));
  only('shown').focus();
}

/** To be saved, whatever it says it is: nothing of a stranger's is shown as ours. @param {SealedFile} file */
function fileItem({ name, bytes }) {
  const item = document.createElement('li');
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([bytes], { type: 'application/octet-stream' }));
  link.download = link.textContent = name;
  item.append(link, size(bytes.length));
  return item;
}

the('form').addEventListener('submit', async (submit) => {
  submit.preventDefault();
  if (isBusy) return;
  isBusy = true;
  the('fault').textContent = '';
  the('reveal').textContent = 'Opening…';
  the('fault').textContent = await open();
  the('reveal').textContent = 'Reveal';
  isBusy = false;
});
copies(the('copy'), the('text'));
the('again').addEventListener('click', async () => (await look())?.focus());
addEventListener('hashchange', () => claimed || look());
void look().then(() => password.focus());
