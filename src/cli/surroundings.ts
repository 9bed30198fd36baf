import { resolve } from 'node:path';
import { type Environment, layerEnvironment, readDotEnv } from '../config/environment.ts';
import { readTextFile } from '../config/read-file.ts';
import type { CommandContext } from './command.ts';

/** The environment as the service sees it: with the working directory's `.env` below it. */
export function environmentOf({ env, cwd }: Pick<CommandContext, 'env' | 'cwd'>): Environment {
  const { variables } = readDotEnv(resolve(cwd, '.env'), readTextFile);
  return layerEnvironment(env, variables, {
    resolve: (path) => resolve(cwd, path),
    readFile: readTextFile,
  });
}
