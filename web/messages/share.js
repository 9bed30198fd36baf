// @ts-check
import { contentBytes, seal, sealedBytes } from '/page/sealed.js';
import { ask } from './ask.js';

/**
 * @typedef {object} Draft
 * @property {string} text
 * @property {readonly File[]} files
 * @property {string} password Empty: none.
 * @property {number} expiresIn Seconds.
 * @property {number | undefined} maxReads
 */
/** @typedef {{id: string, link: string, expiresAt: string, maxReads: number | null, deleteToken: string}} Shared */

/** Whether this browser encrypts here: never on a page that could have been changed on its way. */
export const canSeal = isSecureContext;

/** Bytes of what is shared, before it is sealed. @param {string} text @param {readonly File[]} files */
export const bytesOf = (text, files) =>
  canSeal ? contentBytes(text, files) : new TextEncoder().encode(text).length;

/** The most of these bytes that fit. @param {number} bytesMax Of what the service keeps. */
export function roomIn(bytesMax) {
  if (!canSeal) return bytesMax;
  let room = Math.floor((bytesMax * 3) / 4);
  while (room > 0 && sealedBytes(room) > bytesMax) room -= 1;
  return room;
}

/**
 * Seals it and gives it to the service. Rejects when a file cannot be read.
 * @param {Draft} draft @returns {Promise<Shared | Awaited<ReturnType<typeof ask>>>} The refusal, if it was refused.
 */
export async function share(draft) {
  const { content, fragment } = canSeal
    ? await sealed(draft)
    : { content: { message: draft.text }, fragment: '' };
  const { expiresIn, maxReads } = draft;
  const body = { ...content, expires_in: expiresIn, ...(maxReads && { max_reads: maxReads }) };
  const said = await ask('/api/v1/messages', { method: 'POST', body });
  if (said.status !== 201) return said;
  const { message_id, url, expires_at, max_reads, delete_token } = said.answer;
  return {
    id: message_id,
    link: reachable(url) + fragment,
    expiresAt: expires_at,
    maxReads: max_reads,
    deleteToken: delete_token,
  };
}

/** @param {Draft} draft */
async function sealed({ text, files, password }) {
  const read = await Promise.all(
    files.map(async (file) => ({
      name: file.name,
      type: file.type,
      bytes: new Uint8Array(await file.arrayBuffer()),
    })),
  );
  const { ciphertext, claimHash, fragment } = await seal({ text, files: read }, password);
  return { content: { sealed: { version: 1, ciphertext, claim_hash: claimHash } }, fragment };
}

/** A service that was not told its public address knows only where it listens: then it is where we found it. @param {string} url */
function reachable(url) {
  const { hostname, pathname, href } = new URL(url);
  return /^(?:127\.|0\.0\.0\.0$|localhost$|\[::1?\]$)/.test(hostname) ? location.origin + pathname : href;
}
