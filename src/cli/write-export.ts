import { open } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { CommandContext } from './command.ts';
import { AnswerBroken } from './exchange.ts';
import { printableLines } from './printable.ts';
import { checkNewFile, writePrivateFile } from './private-file.ts';
import { failed, type Result, succeeded } from './result.ts';
import { storeFault } from './store-fault.ts';

type Pieces = AsyncIterable<Uint8Array>;
type OnBytes = (bytes: number) => void;

/** Whether the file can be made. A store's own files are never written over, wherever they are. */
export const checkExportFile = (path: string, force: boolean): Result<string> =>
  checkNewFile(path, { force, dataDirectory: dirname(path) });

/** Makes a file (0600) of all pieces, or none at all. Resolves with how many bytes it has. */
export function writeExportFile(path: string, pieces: Pieces, onBytes: OnBytes): Promise<Result<number>> {
  return judged(() =>
    writePrivateFile(path, async (unfinished) => {
      const file = await open(unfinished, 'wx', 0o600);
      try {
        return await each(pieces, onBytes, (piece) => file.writeFile(piece));
      } finally {
        await file.close();
      }
    }),
  );
}

/** Writes all pieces to standard output: byte for byte, but to a terminal without what it would obey. */
export function writeExport(
  { write, terminal }: CommandContext,
  pieces: Pieces,
  onBytes: OnBytes,
): Promise<Result<number>> {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const isShown = terminal.columns !== undefined;
  return judged(() =>
    each(pieces, onBytes, async (piece) => {
      const text = decoder.decode(piece, { stream: true });
      // Carriage returns are of CSV's line ends alone, and may stand at the end of a piece.
      if (text !== '') await write(isShown ? printableLines(text.replaceAll('\r', '')) : text);
    }),
  );
}

async function each(
  pieces: Pieces,
  onBytes: OnBytes,
  take: (piece: Uint8Array) => Promise<void>,
): Promise<number> {
  let bytes = 0;
  for await (const piece of pieces) {
    await take(piece);
    bytes += piece.length;
    onBytes(bytes);
  }
  return bytes;
}

async function judged(work: () => Promise<number>): Promise<Result<number>> {
  try {
    return succeeded(await work());
  } catch (error) {
    return failed(error instanceof AnswerBroken ? error.message : storeFault(error));
  }
}
