import type { CommandContext } from './command.ts';
import { printable } from './printable.ts';
import { megabytes, progressOf } from './progress.ts';
import { failed, type Result } from './result.ts';
import { writeExport, writeExportFile } from './write-export.ts';

/** Writes an export to a file, or to standard output without one, and tells how far it is. Resolves with its bytes. */
export async function exportPieces(
  context: CommandContext,
  file: string | undefined,
  pieces: AsyncIterable<Uint8Array>,
): Promise<Result<number>> {
  const tell = progressOf(context);
  const onBytes = (bytes: number): void => tell(() => `${megabytes(bytes)} so far`);
  const written =
    file === undefined
      ? await writeExport(context, pieces, onBytes)
      : await writeExportFile(file, pieces, onBytes);
  if (!written.ok) return failed(printable(`Not exported: ${written.fault}.`));
  if (file !== undefined) context.err(`${megabytes(written.value)} exported.`);
  return written;
}
