import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const COLLECTOR = fileURLToPath(new URL('test-collector.js', import.meta.url));

test('the garbage collector may take dropped statements and closed databases whenever it likes', async () => {
  // A stress for what the collector moves and frees: with a small young generation it runs all the time.
  const child = spawn(process.execPath, ['--expose-gc', '--max-semi-space-size=1', COLLECTOR], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  expect({ code, signal, output }).toEqual({ code: 0, signal: null, output: 'survived\n' });
});
