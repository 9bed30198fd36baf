import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../src/main.js', import.meta.url));

export interface EndedCommand {
  readonly code: unknown;
  readonly out: string;
  readonly err: string;
}

/** Runs `tocsin` as a process of its own on the data directory below `directory`, as somebody at a terminal does. */
export async function runCommand(
  directory: string,
  args: readonly string[],
  { env = {}, input = '' }: { env?: Readonly<Record<string, string>>; input?: string | Buffer } = {},
): Promise<EndedCommand> {
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd: directory,
    env: {
      PATH: process.env['PATH'] ?? '',
      TOCSIN_DATA_DIR: join(directory, 'data'),
      TOCSIN_MASTER_KEY: 'a-master-key-for-tests',
      ...env,
    },
  });
  child.stdin.end(input);
  const [out, err, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  return { code, out, err };
}
