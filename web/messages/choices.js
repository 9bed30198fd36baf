// @ts-check

/** @typedef {{min: number, default: number, max: number}} Span Seconds. */

const DAY = 86_400;
const USUAL = [300, 3_600, 6 * 3_600, DAY, 3 * DAY, 7 * DAY, 30 * DAY, 90 * DAY];
/** @type {readonly (readonly [number, string])[]} */
const UNITS = [
  [DAY, 'day'],
  [3_600, 'hour'],
  [60, 'minute'],
  [1, 'second'],
];

/** Fills the list with the usual times that the service takes, and its bounds. @param {HTMLSelectElement} list @param {Span} span */
export function offerTimes(list, span) {
  const within = USUAL.filter((seconds) => seconds > span.min && seconds < span.max);
  const times = [...new Set([...within, span.default, span.max])].sort((a, b) => a - b);
  list.replaceChildren(...times.map((seconds) => option(String(seconds), duration(seconds), span.default)));
}

/** Fills the list with how often a message may be read; the empty value is without an end. @param {HTMLSelectElement} list @param {number} readsMax */
export function offerReads(list, readsMax) {
  const counts = [1, 2, 5, 10].filter((count) => count <= readsMax);
  list.replaceChildren(
    ...counts.map((count) => option(String(count), count === 1 ? 'Once' : `${count} times`, 1)),
    option('', 'Any number of times', 1),
  );
}

/** @param {string} value @param {string} label @param {number} chosen */
function option(value, label, chosen) {
  const isChosen = value === String(chosen);
  return new Option(label, value, isChosen, isChosen);
}

/** In the largest unit that it is a whole number of. @param {number} seconds */
function duration(seconds) {
  const [length, unit] = UNITS.find(([length]) => seconds % length === 0) ?? [1, 'second'];
  const count = seconds / length;
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}

/** Easy to tell: none of the 32 looks like another, so that each is 5 bits of chance. */
const LETTERS = 'abcdefghijkmnpqrstuvwxyz23456789';

/** A password of 100 bits, in groups. */
export function newPassword() {
  const letters = [...crypto.getRandomValues(new Uint8Array(20))].map((byte) => LETTERS[byte % 32]);
  return letters.join('').replace(/.{5}(?!$)/g, '$&-');
}
