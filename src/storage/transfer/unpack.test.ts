import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { ImportRefused } from './format.ts';
import { readLines } from './read-lines.ts';
import { unpack } from './unpack.ts';

const TEXT = 'one line\nand another ü\n'.repeat(100);
const packed = gzipSync(TEXT);
const bomb = gzipSync(Buffer.alloc(4_000_000));

async function* pieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function all(chunks: AsyncIterable<Buffer>): Promise<string> {
  const found: Buffer[] = [];
  for await (const chunk of chunks) found.push(chunk);
  return Buffer.concat(found).toString();
}

const sure = { anySize: false };

test.each([1, 2, 7, 100_000])('gives the text of gzip and of plain bytes in pieces of %i', async (size) => {
  expect(await all(unpack(pieces(packed, size), sure))).toBe(TEXT);
  expect(await all(unpack(pieces(Buffer.from(TEXT), size), sure))).toBe(TEXT);
  expect(await all(unpack(pieces(Buffer.concat([packed, packed]), size), sure))).toBe(TEXT + TEXT);
});

test('gives nothing of nothing', async () => {
  expect(await all(unpack(pieces(Buffer.alloc(0), 1), sure))).toBe('');
  expect(await all(unpack(pieces(Buffer.from('x'), 1), sure))).toBe('x');
});

test('stops a bomb at its limit, and lets it through when told so', async () => {
  const limit = { anySize: false, bytesFree: 1_000_000 };
  let through = 0;
  const reading = (async () => {
    for await (const chunk of unpack(pieces(bomb, 500), limit)) through += chunk.length;
  })();
  await expect(reading).rejects.toThrow(/100 times its size.*--any-size/);
  expect(through).toBeLessThan(1_500_000);
  expect((await all(unpack(pieces(bomb, 500), { ...limit, anySize: true }))).length).toBe(4_000_000);
});

test('a file that was cut or damaged is said to be so', async () => {
  const cut = all(unpack(pieces(packed.subarray(0, packed.length - 9), 50), sure));
  await expect(cut).rejects.toThrow(new ImportRefused('the file ends too early: it was cut short'));
  const damaged = Buffer.from(packed);
  damaged.fill(0xff, 12, 30);
  await expect(all(unpack(pieces(damaged, 50), sure))).rejects.toThrow(/damaged gzip/);
});

test('what keeps the file from being read is told as it is', async () => {
  // oxlint-disable-next-line require-yield -- it fails before its first piece
  async function* broken(): AsyncGenerator<Buffer> {
    throw new Error('the disk is gone');
  }
  await expect(all(unpack(broken(), sure))).rejects.toThrow('the disk is gone');
});

test('lines come one by one, and one beyond the limit ends it before it is all in memory', async () => {
  const lines: string[] = [];
  for await (const { text } of readLines(pieces(Buffer.from(TEXT), 3))) lines.push(text);
  expect(lines.slice(0, 2)).toEqual(['one line', 'and another ü']);
  expect(lines).toHaveLength(200);
  let given = 0;
  async function* endless(): AsyncGenerator<Buffer> {
    for (;;) yield Buffer.alloc((given += 1_000) && 1_000, 'x');
  }
  const reading = readLines(endless(), 10_000).next();
  await expect(reading).rejects.toThrow(/longer than any row/);
  expect(given).toBeLessThan(20_000);
});

test('a line without its end, or that is not UTF-8, is refused', async () => {
  await expect(readLines(pieces(Buffer.from('cut sho'), 3)).next()).rejects.toThrow(/cut short/);
  await expect(readLines(pieces(Buffer.of(0xc3, 0x28, 0x0a), 3)).next()).rejects.toThrow(/not UTF-8/);
});
