import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A NATS server of a test's own, for what the shared one does not ask for. */
export class NatsServer {
  readonly port: number;
  readonly #process: ChildProcess;
  readonly #directory: string;

  private constructor(port: number, process: ChildProcess, directory: string) {
    this.port = port;
    this.#process = process;
    this.#directory = directory;
  }

  /** `config` is added to its configuration: TLS, accounts. */
  static async start(config: string): Promise<NatsServer> {
    const port = await freePort();
    const directory = mkdtempSync(join(tmpdir(), 'tocsin-nats-'));
    const file = join(directory, 'nats.conf');
    const base = `listen: "127.0.0.1:${port}"\njetstream { store_dir: "${join(directory, 'store')}" }\n`;
    writeFileSync(file, base + config);
    const child = spawn('nats-server', ['-c', file], { stdio: ['ignore', 'ignore', 'pipe'] });
    await ready(child);
    return new NatsServer(port, child, directory);
  }

  async close(): Promise<void> {
    if (this.#process.exitCode === null) {
      this.#process.kill('SIGKILL');
      await once(this.#process, 'exit');
    }
    rmSync(this.#directory, { recursive: true, force: true });
  }
}

/** Its words are read to its end: a server whose reader is gone ends itself. */
function ready(child: ChildProcess): Promise<void> {
  let said = '';
  return new Promise((resolve, reject) => {
    child.stderr?.on('data', (chunk: Buffer) => {
      said += String(chunk);
      if (said.includes('Server is ready')) resolve();
    });
    child.once('exit', () => reject(new Error(`nats-server did not start: ${said}`)));
  });
}

async function freePort(): Promise<number> {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}
