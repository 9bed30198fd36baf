import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../..', import.meta.url));

/** `RUN npm ci` as `{ name: 'RUN', text: 'npm ci' }`. */
export interface Instruction {
  readonly name: string;
  readonly text: string;
}

export interface BuildStage {
  readonly name: string;
  /** The image it starts from, arguments filled in. */
  readonly base: string;
  readonly instructions: readonly Instruction[];
}

/** The stages of deploy/docker/Dockerfile, in order; the last one is the image. */
export function readDockerfile(): readonly BuildStage[] {
  const all = instructionsOf(readFileSync(`${root}/deploy/docker/Dockerfile`, 'utf8'));
  const first = all.findIndex(({ name }) => name === 'FROM');
  const given = new Map(all.slice(0, first).map(({ text }) => splitAt(text, '=')));
  const stages: { name: string; base: string; instructions: Instruction[] }[] = [];
  for (const instruction of all.slice(first)) {
    if (instruction.name !== 'FROM') {
      stages.at(-1)?.instructions.push(instruction);
      continue;
    }
    const [base = '', , name = ''] = instruction.text.split(/\s+/);
    stages.push({ name, base: fill(base, given), instructions: [] });
  }
  return stages;
}

/** Lines joined at their backslash, without remarks. */
function instructionsOf(text: string): Instruction[] {
  const lines = text.split('\n').filter((line) => !line.startsWith('#'));
  return lines
    .join('\n')
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => splitAt(line, ' '))
    .map(([name, rest]) => ({ name, text: rest.trim() }));
}

function splitAt(text: string, separator: string): [string, string] {
  const index = text.indexOf(separator);
  return index < 0 ? [text, ''] : [text.slice(0, index), text.slice(index + 1)];
}

const fill = (text: string, values: ReadonlyMap<string, string>): string =>
  text.replaceAll(/\$\{(\w+)\}/g, (_, name: string) => values.get(name) ?? '');

/** The texts of all instructions of one name. */
export const textsOf = ({ instructions }: BuildStage, name: string): string[] =>
  instructions.filter((one) => one.name === name).map(({ text }) => text);

/** `A=1 B=2` of an ENV instruction. */
export function environmentOf(stage: BuildStage): Record<string, string> {
  const pairs = textsOf(stage, 'ENV').flatMap((text) => text.split(/\s+/).map((pair) => splitAt(pair, '=')));
  return Object.fromEntries(pairs);
}

/** The words of an instruction in exec form; fails on a shell form, which an image without a shell cannot run. */
export function execForm(text: string): string[] {
  const words: unknown = JSON.parse(text.slice(text.indexOf('[')));
  if (!Array.isArray(words)) throw new TypeError(`not in exec form: ${text}`);
  return words.map(String);
}

/** The image: the last stage. */
export function imageStage(): BuildStage {
  const stage = readDockerfile().at(-1);
  if (stage === undefined) throw new TypeError('the Dockerfile has no stage');
  return stage;
}
