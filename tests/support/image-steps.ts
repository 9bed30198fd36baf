import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, cpSync, mkdirSync, readFileSync, renameSync, statSync } from 'node:fs';
import { basename, dirname, join, posix } from 'node:path';
import { type BuildStage, readDockerfile, root } from './dockerfile.ts';

/**
 * Does what the Dockerfile says, without a container engine: every stage is a folder under `directory`, COPY and
 * RUN are done in it. Returns the folder of the last stage. The base images themselves are not there: what the
 * steps need of them is this machine's Node and npm.
 */
export function performDockerfile(directory: string): string {
  const folders = new Map<string, string>();
  let last = '';
  for (const stage of readDockerfile()) {
    last = join(directory, stage.name === '' ? 'image' : stage.name);
    mkdirSync(last, { recursive: true });
    folders.set(stage.name, last);
    perform(stage, last, folders);
  }
  return last;
}

function perform(stage: BuildStage, folder: string, folders: ReadonlyMap<string, string>): void {
  let workdir = '/';
  for (const { name, text } of stage.instructions) {
    if (name === 'WORKDIR') {
      workdir = posix.resolve(workdir, text);
      mkdirSync(join(folder, workdir), { recursive: true });
    }
    if (name === 'COPY') copy(text, { folder, workdir, folders });
    if (name === 'RUN') run(text, join(folder, workdir));
  }
}

interface Place {
  readonly folder: string;
  readonly workdir: string;
  readonly folders: ReadonlyMap<string, string>;
}

function copy(text: string, { folder, workdir, folders }: Place): void {
  const words = text.split(/\s+/);
  const options = new Map(
    words.filter((word) => word.startsWith('--')).map((word) => [word.split('=')[0], word.split('=')[1]]),
  );
  const paths = words.filter((word) => !word.startsWith('--'));
  const to = paths.pop() ?? '';
  const target = join(folder, posix.resolve(workdir, to));
  const stage = options.get('--from');
  if (stage === undefined) copyFromContext(paths, to, target);
  else move(join(folders.get(stage) ?? '', paths[0] ?? ''), target);
  own(target, options.get('--chown'), options.get('--chmod'));
}

/** As Docker does: a folder's contents go into the target, a file into a target that ends in "/". */
function copyFromContext(paths: readonly string[], to: string, target: string): void {
  for (const path of paths) {
    const source = inContext(path);
    const isInto = to.endsWith('/') && !statSync(source).isDirectory();
    cpSync(source, isInto ? join(target, basename(path)) : target, {
      recursive: true,
      verbatimSymlinks: true,
    });
  }
}

/** Ten thousand files are not copied out of a stage that is over; a second COPY of them would find nothing. */
function move(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  renameSync(from, to);
}

function own(path: string, owner: string | undefined, mode: string | undefined): void {
  const [user, group] = (owner ?? '').split(':').map(Number);
  if (user !== undefined && group !== undefined && process.getuid?.() === 0) chownSync(path, user, group);
  if (mode !== undefined) chmodSync(path, Number.parseInt(mode, 8));
}

/** The path in the build's context; fails on what .dockerignore keeps out, as the build would. */
export function inContext(path: string): string {
  const [everything, ...kept] = readFileSync(join(root, '.dockerignore'), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  const clean = path.replace(/\/$/, '');
  const isKept = kept.some((line) => line === `!${clean}` || `${`!${clean}`}/`.startsWith(`${line}/`));
  if (everything !== '*' || !isKept) throw new Error(`${path} is not in the context: see .dockerignore`);
  return join(root, clean);
}

/** Only what stays in its own folder: the machine is no image that is thrown away. */
function run(command: string, cwd: string): void {
  if (/(^|[\s=])(\/|\.\.|~)|[;&|`$]/.test(command)) throw new Error(`not done outside an image: ${command}`);
  const done = spawnSync('sh', ['-c', command], { cwd, env: plainEnvironment(), encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`${command} failed:\n${done.stdout}${done.stderr}`);
}

/** Without what `npm test` hands to its children: an image is built without it. */
function plainEnvironment(): NodeJS.ProcessEnv {
  const isNpms = (name: string): boolean => name.startsWith('npm_') && name !== 'npm_config_registry';
  const kept = Object.entries(process.env).filter(([name]) => !isNpms(name) && name !== 'NODE_ENV');
  return { ...Object.fromEntries(kept), npm_config_prefer_offline: 'true' };
}
