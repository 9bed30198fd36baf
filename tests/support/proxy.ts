import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './dockerfile.ts';
import { tlsFixture } from './tls-fixture.ts';
import { until } from './until.ts';

export interface Proxy {
  /** Under TLS. */
  readonly url: string;
  /** In the clear. */
  readonly plainUrl: string;
  stop(): Promise<void>;
}

/**
 * The reverse proxy of compose.scaled.yaml with its own config, on free ports and with the tests' certificate, in
 * front of these services. Docker's resolver is not there: the upstream names the services themselves.
 */
export async function startProxy(upstreams: readonly string[]): Promise<Proxy> {
  const directory = mkdtempSync(join(tmpdir(), 'tocsin-proxy-'));
  const [plain, tls] = [await freePort(), await freePort()];
  const servers = upstreams.map((url) => `server ${new URL(url).host} max_fails=2 fail_timeout=5s;`);
  writeFileSync(
    join(directory, 'upstream.conf'),
    `upstream tocsin { zone tocsin 64k; least_conn; ${servers.join(' ')} keepalive 32; }\n`,
  );
  const config = readFileSync(join(root, 'deploy/compose/nginx/nginx.conf'), 'utf8')
    .replaceAll('/tmp/', `${directory}/`)
    .replaceAll('/etc/nginx/tocsin', directory)
    .replace('/run/secrets/tls_certificate', tlsFixture.certFile)
    .replace('/run/secrets/tls_key', tlsFixture.keyFile)
    .replace('listen 8080', `listen 127.0.0.1:${plain}`)
    .replace('listen 8443', `listen 127.0.0.1:${tls}`);
  writeFileSync(join(directory, 'nginx.conf'), config);
  const child = spawn('nginx', ['-p', directory, '-c', join(directory, 'nginx.conf'), '-g', 'daemon off;'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  const plainUrl = `http://127.0.0.1:${plain}`;
  await until('the proxy', () => answers(plainUrl, child)).catch((error: unknown) => {
    throw new Error(`the proxy did not start:\n${said}`, { cause: error });
  });
  return {
    url: `https://127.0.0.1:${tls}`,
    plainUrl,
    async stop() {
      if (child.exitCode === null) {
        child.kill('SIGTERM');
        await once(child, 'close');
      }
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

async function answers(url: string, { exitCode }: ChildProcess): Promise<boolean> {
  if (exitCode !== null) throw new Error(`it ended with ${exitCode}`);
  try {
    await fetch(url, { redirect: 'manual' });
    return true;
  } catch {
    // Not listening yet.
    return false;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
