import { didYouMean } from '../kernel/did-you-mean.ts';
import { configVariable, type AnyDefinition } from './definition.ts';
import { FILE_ENV_SUFFIX, type Environment } from './environment.ts';
import type { ConfigFault, Origin } from './origin.ts';
import { isSecret } from './schema-view.ts';

/** Variables that look like the program's own and are not, are not used, or contradict another one. */
export function environmentWarnings(
  definition: AnyDefinition,
  environment: Environment,
  referenced: ReadonlySet<string>,
): readonly ConfigFault[] {
  const known = knownVariables(definition);
  const warnings: ConfigFault[] = [];
  for (const [name, origin] of environment.names()) {
    const unused = Object.hasOwn(definition.unusedEnv, name) ? definition.unusedEnv[name] : undefined;
    if (unused !== undefined) warnings.push(warning(unused, origin));
    else if (!isForeign(name, definition) && !known.includes(name) && !isReferenced(name, referenced)) {
      warnings.push(warning(unknownWords(name, known), origin));
    }
  }
  return [...warnings, ...contradictions(definition, environment)];
}

function warning(message: string, origin: Origin): ConfigFault {
  return { path: '', message, origin };
}

function isForeign(name: string, definition: AnyDefinition): boolean {
  return !name.startsWith(`${definition.name.toUpperCase()}_`);
}

function isReferenced(name: string, referenced: ReadonlySet<string>): boolean {
  const base = name.endsWith(FILE_ENV_SUFFIX) ? name.slice(0, -FILE_ENV_SUFFIX.length) : name;
  return referenced.has(name) || referenced.has(base);
}

function unknownWords(name: string, known: readonly string[]): string {
  const meant = didYouMean(name, known);
  return `is no setting and is not used${meant === undefined ? '' : `; did you mean ${meant}?`}`;
}

/** Every variable that the program reads. */
export function knownVariables(definition: AnyDefinition): readonly string[] {
  const own = Object.values(definition.settings).flatMap(({ schema, env }) =>
    isSecret(schema) ? env.flatMap((name) => [name, name + FILE_ENV_SUFFIX]) : env,
  );
  return [...own, configVariable(definition.name), ...definition.otherEnv];
}

/** Two names of one setting that say different things: the first name holds. */
function contradictions(definition: AnyDefinition, environment: Environment): readonly ConfigFault[] {
  return Object.values(definition.settings).flatMap(({ env }) => {
    const used = environment.find(env);
    const others = used
      ? env.filter((name) => name !== used.name).map((name) => environment.find([name]))
      : [];
    return others.flatMap((other) =>
      other && used && other.value !== used.value
        ? [warning(`is not used: ${used.name} is set too`, other.origin)]
        : [],
    );
  });
}
