// @ts-check
import { FILES_MAX } from '/page/sealed.js';
import { size, the } from './sheet.js';

/** The files that go with the message, in the order in which they came. @type {File[]} */
let files = [];
let changed = () => {};

export const attachments = () => files;

export function detachAll() {
  files = [];
  show();
}

/** Lets files be chosen, dropped anywhere on the page, and pasted. @param {() => void} onChange */
export function takeAttachments(onChange) {
  changed = onChange;
  const choose = the('choose', HTMLInputElement);
  choose.addEventListener('change', () => {
    add(choose.files);
    // So that the same file can be chosen again after it was taken away.
    choose.value = '';
  });
  the('text').addEventListener('paste', ({ clipboardData }) => add(clipboardData?.files));
  addEventListener('dragover', (drag) => mark(drag, true));
  addEventListener('dragleave', (drag) => mark(drag, drag.relatedTarget !== null));
  addEventListener('drop', (drop) => {
    mark(drop, false);
    add(drop.dataTransfer?.files);
  });
}

/** A dropped file is ours: the browser would leave the page for it. @param {DragEvent} drag @param {boolean} isOver */
function mark(drag, isOver) {
  if (!drag.dataTransfer?.types.includes('Files')) return;
  drag.preventDefault();
  document.body.classList.toggle('dragging', isOver);
}

/** @param {FileList | null | undefined} more */
function add(more) {
  if (!more?.length || the('choose', HTMLInputElement).disabled) return;
  files = [...files, ...more];
  show();
}

function show() {
  the('files').replaceChildren(...files.map(row));
  changed();
}

/** @param {File} file */
function row(file) {
  const item = document.createElement('li');
  const name = document.createElement('bdi');
  name.textContent = file.name;
  const remove = document.createElement('button');
  remove.type = 'button';
  remove.textContent = 'Remove';
  remove.setAttribute('aria-label', `Remove ${file.name}`);
  remove.addEventListener('click', () => {
    files = files.filter((other) => other !== file);
    show();
    the('choose').focus();
  });
  item.append(name, ` ${size(file.size)}`, remove);
  return item;
}

/** What is wrong with them, if anything. */
export const tooMany = () => (files.length > FILES_MAX ? `At most ${FILES_MAX} attachments.` : '');
