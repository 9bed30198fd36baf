import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { root } from '../support/dockerfile.ts';
import { dispose, KEY, startService, TOKEN } from '../support/service.ts';

afterAll(dispose);

/** What the container `checks` of compose.test.yaml runs. */
async function runChecks(url: string, env: Readonly<Record<string, string>> = {}) {
  const child = spawn(process.execPath, [join(root, 'deploy/compose/checks/check.mjs'), url], {
    env: { TOCSIN_TOKEN: TOKEN, SIGNATURE_KEY: KEY, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  const [code]: (number | null)[] = await once(child, 'close');
  return { code, output };
}

describe('the checks of a running service', () => {
  it('all hold for one that is as it should be', async () => {
    const { url } = await startService();
    const { code, output } = await runChecks(url);
    expect(output).toMatch(/All \d+ checks hold/);
    expect(code).toBe(0);
  });

  it('fail for one with another key, and show neither key nor token', async () => {
    const { url } = await startService();
    const { code, output } = await runChecks(url, { SIGNATURE_KEY: 'not the key of this service' });
    expect(code).toBe(1);
    expect(output).toMatch(/FAILED {2}a signed notification is taken: answered 401, not 200/);
    expect(output).not.toMatch(new RegExp(`${TOKEN}|not the key of this service`));
  });

  it('fail for whatever else answers 200 to everything', async () => {
    const yes = createServer((_, response) => response.end('{"status":true}')).listen(0, '127.0.0.1');
    await once(yes, 'listening');
    const { port } = yes.address() as AddressInfo;
    const { code, output } = await runChecks(`http://127.0.0.1:${port}`);
    yes.close();
    expect(code).toBe(1);
    expect(output).toMatch(/FAILED {2}an unsigned notification is refused/);
  });
});
