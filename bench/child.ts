import { fork, type ChildProcess, type Serializable } from 'node:child_process';
import { once } from 'node:events';

/** One of the bench's own processes: a script beside this file that talks over Node's IPC, one question at a time. */
export class Child {
  readonly #process: ChildProcess;

  private constructor(process: ChildProcess) {
    this.#process = process;
  }

  /** Resolves with the first message of the script, which it sends when it is ready. */
  static async start(
    script: string,
    args: readonly string[] = [],
  ): Promise<{ child: Child; hello: unknown }> {
    const child = new Child(
      fork(new URL(script, import.meta.url), args, { serialization: 'advanced', execArgv: [] }),
    );
    return { child, hello: await child.#answer() };
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  ask(message: Serializable): Promise<unknown> {
    const answer = this.#answer();
    this.#process.send(message);
    return answer;
  }

  async close(): Promise<void> {
    if (this.#process.exitCode !== null) return;
    const exited = once(this.#process, 'exit');
    if (this.#process.connected) this.#process.disconnect();
    await exited;
  }

  #answer(): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const settle = (act: () => void): void => {
        this.#process.off('message', onMessage);
        this.#process.off('exit', onExit);
        act();
      };
      const onMessage = (message: unknown): void => settle(() => resolve(message));
      const onExit = (code: number | null): void =>
        settle(() => reject(new Error(`a process of the benchmark ended early (exit ${code})`)));
      this.#process.on('message', onMessage);
      this.#process.on('exit', onExit);
    });
  }
}

/** The port that a script named in its first message. */
export function portOf(hello: unknown): number {
  if (typeof hello === 'object' && hello !== null && 'port' in hello && typeof hello.port === 'number') {
    return hello.port;
  }
  throw new TypeError('a process of the benchmark named no port');
}
