import { promisify } from 'node:util';
import { brotliDecompress, gunzip } from 'node:zlib';
import type { CollectFailure } from './collected.ts';

export type Decompressed =
  | { readonly ok: true; readonly bytes: Buffer }
  | { readonly ok: false; readonly reason: CollectFailure; readonly detail: string };

/** What `decompress` understands. */
export const ACCEPT_ENCODING = 'br, gzip';

const gunzipAsync = promisify(gunzip);
const brotliAsync = promisify(brotliDecompress);

/**
 * The body that was sent in a content coding (RFC 9110, 8.4.1), off this thread. No more than `bytesMax` ever come
 * to be: what is longer ends there.
 */
export async function decompress(
  bytes: Buffer,
  coding: string | undefined,
  bytesMax: number,
): Promise<Decompressed> {
  const name = coding?.trim().toLowerCase() ?? '';
  if (name === '' || name === 'identity') return { ok: true, bytes };
  const options = { maxOutputLength: bytesMax };
  try {
    if (name === 'gzip' || name === 'x-gzip') return { ok: true, bytes: await gunzipAsync(bytes, options) };
    if (name === 'br') return { ok: true, bytes: await brotliAsync(bytes, options) };
  } catch (error) {
    // Whatever zlib says is about what the feed sent.
    return refusal(error, bytesMax);
  }
  return { ok: false, reason: 'answer_invalid', detail: 'in a content coding that was not asked for' };
}

function refusal(error: unknown, bytesMax: number): Decompressed {
  const isTooLarge = error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
  if (isTooLarge) return { ok: false, reason: 'too_large', detail: `over ${bytesMax} bytes` };
  return { ok: false, reason: 'answer_invalid', detail: 'cannot be decompressed' };
}
