import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { ImportRefused } from './format.ts';

/** However well it is packed, this much is taken in. */
const BYTES_FREE = 1_073_741_824;
/** Above that a file that unpacks to more than so many times its size is taken for a bomb. */
const RATIO_MAX = 100;
const GZIP = [0x1f, 0x8b] as const;

/** Counts what goes through. */
async function* counted(
  bytes: AsyncIterable<Uint8Array>,
  count: (bytes: number) => void,
): AsyncGenerator<Uint8Array, void> {
  for await (const chunk of bytes) {
    count(chunk.length);
    yield chunk;
  }
}

/**
 * The bytes of an export, unpacked where they are gzip (by their first two bytes, whatever the file's name). Unless
 * `anySize`, rejects with ImportRefused when they are far more than what came in.
 */
export async function* unpack(
  packed: AsyncIterable<Uint8Array>,
  { anySize, bytesFree = BYTES_FREE }: { readonly anySize: boolean; readonly bytesFree?: number },
): AsyncGenerator<Buffer> {
  let bytesIn = 0;
  const input = counted(packed, (bytes) => (bytesIn += bytes));
  try {
    const head = await firstTwo(input);
    const all = startingWith(head, input);
    if (head[0] !== GZIP[0] || head[1] !== GZIP[1]) {
      for await (const chunk of all) yield Buffer.from(chunk);
      return;
    }
    let bytesOut = 0;
    for await (const chunk of gunzipped(all)) {
      bytesOut += chunk.length;
      if (!anySize && bytesOut > bytesFree && bytesOut > bytesIn * RATIO_MAX) throw bomb();
      yield chunk;
    }
  } finally {
    await input.return();
  }
}

const bomb = (): ImportRefused =>
  new ImportRefused(
    `the file unpacks to more than ${RATIO_MAX} times its size: if you made it and trust it, add --any-size`,
  );

/** The first two bytes, and what came with them. */
async function firstTwo(input: AsyncGenerator<Uint8Array>): Promise<Buffer> {
  let head = Buffer.alloc(0);
  while (head.length < 2) {
    const next = await input.next();
    if (next.done === true) break;
    head = Buffer.concat([head, next.value]);
  }
  return head;
}

async function* startingWith(head: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield head;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
}

async function* gunzipped(packed: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  const gunzip = createGunzip();
  const flow = pipeline(Readable.from(packed, { objectMode: false }), gunzip);
  // It is told by the loop below, which ends with the same failure.
  flow.catch(() => {});
  try {
    for await (const chunk of gunzip) yield chunk as Buffer;
  } catch (error) {
    // The system's failures at reading have a code of their own; zlib's begin with Z_.
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (!code.startsWith('Z_')) throw error;
    throw new ImportRefused(
      code === 'Z_BUF_ERROR' ? 'the file ends too early: it was cut short' : 'the file is damaged gzip',
    );
  }
}
