import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { FORMAT, headerTables, ImportRefused, rowLine } from '../../src/storage/transfer/format.ts';
import { openExport } from '../../src/storage/transfer/read-export.ts';
import type { TransferColumn, TransferTable } from '../../src/storage/transfer/table.ts';
import { unpack } from '../../src/storage/transfer/unpack.ts';
import { mangled } from './mangled.ts';

const id: TransferColumn = { name: 'id', kind: 'text' };
const columns: readonly TransferColumn[] = [
  id,
  { name: 'at', kind: 'integer' },
  { name: 'share', kind: 'real' },
];
const table: TransferTable = { name: 'things', columns, key: [id], seeds: 0 };
const rows = [
  ['a', 1, 0.5],
  ['é🦊', null, 2],
];

function exportText(): string {
  const tables = headerTables([table], new Map([['things', rows.length]]));
  const header = {
    tocsin: 'export',
    format: FORMAT,
    version: '1',
    schema: 1,
    at: '2026-01-01T00:00:00Z',
    tables,
  };
  const begun = [JSON.stringify(header), ...rows.map((row) => rowLine(table, row))].join('\n') + '\n';
  const sha256 = createHash('sha256').update(begun).digest('hex');
  return `${begun}${JSON.stringify({ end: true, rows: { things: rows.length }, sha256 })}\n`;
}

/** The rows in it; or why it is refused. */
async function readAll(bytes: Buffer): Promise<unknown[] | string> {
  const read: unknown[] = [];
  try {
    const opened = await openExport(unpack(chunksOf(bytes), { anySize: false }));
    for await (const { row } of opened.rows([table])) read.push(row);
    return read;
  } catch (error) {
    if (error instanceof ImportRefused) return error.message;
    throw error;
  }
}

async function* chunksOf(bytes: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += 100) yield bytes.subarray(at, at + 100);
}

it('an export file with anything changed is the same rows, or refused with a reason', async () => {
  const whole = exportText();
  expect(await readAll(Buffer.from(whole))).toEqual(rows);
  const packed = fc
    .tuple(mangled([whole]), fc.boolean())
    .map(([text, isPacked]) => (isPacked ? gzipSync(text) : text));
  const broken = fc
    .tuple(fc.nat(gzipSync(whole).length - 1), fc.nat(255))
    .map(([at, byte]) => Buffer.from(gzipSync(whole)).fill(byte, at, at + 1));
  await fc.assert(
    fc.asyncProperty(fc.oneof(packed, broken), async (bytes) => {
      const read = await readAll(bytes);
      if (typeof read === 'string') expect(read).not.toBe('');
      else expect(read).toEqual(rows);
    }),
    { numRuns: 1_000 },
  );
});
