import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { environmentOf, execForm, imageStage, textsOf } from './dockerfile.ts';
import { until } from './until.ts';

/**
 * In namespaces of its own: the image's tree is the root and read-only, the data folder alone can be written to,
 * /tmp and a shell are not there. The service is process 1, without a privilege and with none to gain.
 */
const CONTAIN = `
  mount --make-rprivate /
  mount --bind "$ROOT" "$ROOT"
  mount --bind /dev "$ROOT/dev"
  mount -t proc proc "$ROOT/proc"
  mount -o remount,bind,ro "$ROOT"
  mount --bind "$DATA" "$ROOT/var/lib/tocsin"
  exec setpriv --no-new-privs unshare --root="$ROOT" --wd="$WORKDIR" --setgid="$GROUP" --setuid="$USER" -- "$@"
`;
const UNSHARE = ['--mount', '--pid', '--fork', '--kill-child'];

/** Whether this machine lets us make what a container is made of. */
export const canContain = (): boolean =>
  process.getuid?.() === 0 &&
  spawnSync('unshare', [...UNSHARE, 'setpriv', '--no-new-privs', 'true']).status === 0;

export interface Contained {
  readonly output: () => string;
  /** Resolves with the exit code, or the signal's name. */
  readonly exited: Promise<number | string>;
  /** A signal to the service as the engine sends it. */
  signal(name: NodeJS.Signals): void;
  kill(): void;
}

/** Runs the image's entry point in `tree`, the folder of its files, with `data` as its volume. */
export async function runContained(
  tree: string,
  data: string,
  env: Readonly<Record<string, string>>,
): Promise<Contained> {
  bringNode(tree);
  const image = imageStage();
  const [user = '', group = ''] = (textsOf(image, 'USER').at(-1) ?? '').split(':');
  const command = ['ENTRYPOINT', 'CMD'].flatMap((name) => execForm(textsOf(image, name).at(-1) ?? ''));
  const place = {
    ROOT: tree,
    DATA: data,
    WORKDIR: textsOf(image, 'WORKDIR').at(-1),
    USER: user,
    GROUP: group,
  };
  const child = spawn('unshare', [...UNSHARE, 'bash', '-ec', CONTAIN, 'contain', ...command], {
    env: {
      PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      ...place,
      ...environmentOf(image),
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  const exited = once(child, 'close').then(
    ([code, signal]: (number | string | null)[]) => code ?? signal ?? '',
  );
  const inside = await until('the first process inside', () => firstChildOf(child));
  return {
    output: () => output,
    exited,
    signal: (name) => void process.kill(inside, name),
    kill: () => void child.kill('SIGKILL'),
  };
}

function firstChildOf({ pid }: ChildProcess): number | undefined {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ');
  return Number(children[0]) || undefined;
}

/** What the base image brings: this machine's Node with the libraries it is linked to, and nothing else. */
function bringNode(tree: string): void {
  for (const folder of ['dev', 'proc', 'var/lib/tocsin']) mkdirSync(join(tree, folder), { recursive: true });
  const linked = spawnSync('ldd', [process.execPath], { encoding: 'utf8' }).stdout;
  const libraries = [...linked.matchAll(/(\/\S+) \(0x/g)].map(([, path = '']) => path);
  bring(process.execPath, join(tree, 'usr/local/bin/node'));
  for (const path of libraries) bring(path, join(tree, path));
}

function bring(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  copyFileSync(from, to);
}
