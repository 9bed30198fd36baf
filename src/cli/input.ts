import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import type { CommandContext } from './command.ts';
import { printable } from './printable.ts';
import { failed, type Result, succeeded } from './result.ts';

const BYTES_MAX = 64 * 1_048_576;

/** The bytes of the named file, or of standard input for `-`; at most 64 MiB. */
export async function readInput(context: CommandContext, name: string): Promise<Result<Buffer>> {
  const shown = name === '-' ? 'standard input' : printable(name);
  const stream = name === '-' ? context.stdin.bytes : createReadStream(resolve(context.cwd, name));
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of stream) {
      chunks.push(chunk);
      length += chunk.length;
      if (length > BYTES_MAX) return failed(`${shown} is larger than ${BYTES_MAX / 1_048_576} MiB`);
    }
  } catch (error) {
    // Whatever kept it from being opened or read: the system's code says what, and nothing else depends on it.
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    return failed(code === 'ENOENT' ? `${shown} does not exist` : `${shown} cannot be read (${code})`);
  }
  return succeeded(Buffer.concat(chunks));
}
