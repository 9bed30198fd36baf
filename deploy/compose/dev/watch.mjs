/**
 * Compiles `src` at every change and runs the service, which starts again when its files changed. Ends with the
 * first of the two that ends; a signal goes to both.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';

const MAIN = 'dist/src/main.js';
const LOOK_EVERY_MS = 250;

/** @param {readonly string[]} args */
const start = (...args) => spawn(process.execPath, args, { stdio: 'inherit' });

const compiler = start(
  'node_modules/typescript/bin/tsc',
  '-p',
  'deploy/docker',
  '--watch',
  '--preserveWatchOutput',
);
const children = [compiler];
/** @param {NodeJS.Signals} [signal] */
const endAll = (signal = 'SIGTERM') => {
  for (const child of children) child.kill(signal);
};
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) process.once(signal, () => endAll(signal));
compiler.once('exit', () => endAll());

while (!existsSync(MAIN) && compiler.exitCode === null && compiler.signalCode === null)
  await wait(LOOK_EVERY_MS);
if (existsSync(MAIN)) {
  const service = start('--watch', '--watch-preserve-output', MAIN, 'serve');
  children.push(service);
  service.once('exit', () => endAll());
}
