// @ts-check

/**
 * The element of the page with this id, of the class that is asked for.
 * @template {HTMLElement} Kind
 * @overload @param {string} id @param {new () => Kind} kind @returns {Kind}
 */
/** @overload @param {string} id @returns {HTMLElement} */
/** @param {string} id @param {new () => HTMLElement} kind */
export function the(id, kind = HTMLElement) {
  const found = document.getElementById(id);
  if (found instanceof kind) return found;
  throw new TypeError(`no element #${id}`);
}

/** Shows one sheet of the page alone; gives its heading. @param {string} id */
export function only(id) {
  for (const section of document.querySelectorAll('section')) section.hidden = section.id !== id;
  return the(`${id}-title`);
}

/**
 * Lets `button` copy what `shown` shows, and say so. It is selected where the clipboard is closed to us, as it is over
 * plain HTTP.
 * @param {HTMLElement} button @param {HTMLElement} shown
 */
export function copies(button, shown) {
  const label = button.textContent;
  button.addEventListener('click', async () => {
    const isField = shown instanceof HTMLInputElement;
    try {
      await navigator.clipboard.writeText(isField ? shown.value : (shown.textContent ?? ''));
      button.textContent = 'Copied';
    } catch {
      if (isField) shown.select();
      else getSelection()?.selectAllChildren(shown);
      button.textContent = 'Selected: copy it now';
    }
    setTimeout(() => (button.textContent = label), 3_000);
  });
}

/** A number of bytes, for people. @param {number} bytes */
export const size = (bytes) =>
  bytes < 1e3
    ? `${bytes} B`
    : bytes < 1e6
      ? `${Math.ceil(bytes / 1e3)} kB`
      : `${(bytes / 1e6).toFixed(1)} MB`;

/**
 * How often a message can be read, and until when.
 * @param {number | null} left @param {boolean} isFresh Whether nobody has read it.
 * @param {string} expiresAt RFC 3339
 */
export function readable(left, isFresh, expiresAt) {
  const once = isFresh ? ' once' : ' one more time';
  const times = left === null ? '' : left === 1 ? once : ` ${left}${isFresh ? '' : ' more'} times`;
  const until = new Date(expiresAt).toLocaleString('en', { dateStyle: 'medium', timeStyle: 'short' });
  return `It can be read${times}, until ${until}.`;
}
