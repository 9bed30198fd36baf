import type { Environment } from '../config/environment.ts';
import { interpolate, soleReference } from '../config/interpolate.ts';
import { formatPath, type Path } from '../config/path.ts';
import { readYaml } from '../config/read-yaml.ts';
import { isJsonObject, type JsonObject } from '../kernel/json.ts';
import { printable } from './printable.ts';
import { failed, type Result, succeeded } from './result.ts';

/**
 * A member out of a file: YAML, or JSON, which is YAML too. `${NAME}` is replaced from this machine's environment, so
 * that no secret need stand in the file; `${NAME}` alone is also found through `NAME_FILE`.
 */
export function readMember(text: string, environment: Environment): Result<JsonObject> {
  const { value, faults } = readYaml(text);
  if (faults.length > 0) {
    const lines = faults.map(({ path, message, line }) =>
      printable(`  line ${line}: ${[path, message].filter((part) => part !== '').join(' ')}`),
    );
    return failed(['It is not YAML as it is taken here:', ...lines].join('\n'));
  }
  if (!isJsonObject(value)) return failed('It must hold settings as "name: value".');
  const told: string[] = [];
  const filled = fill(value, [], environment, told);
  if (told.length > 0 || !isJsonObject(filled)) return failed(told.map(printable).join('\n'));
  return succeeded(filled);
}

function fill(value: unknown, path: Path, environment: Environment, told: string[]): unknown {
  if (typeof value === 'string') return fillText(value, path, environment, told);
  if (Array.isArray(value))
    return value.map((entry, index) => fill(entry, [...path, index], environment, told));
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value).map(([key, child]) => [
    key,
    fill(child, [...path, key], environment, told),
  ]);
  return Object.fromEntries(entries);
}

function fillText(text: string, path: Path, environment: Environment, told: string[]): string {
  const at = formatPath(path);
  const name = soleReference(text);
  const found = name === undefined ? undefined : environment.findSecret([name]);
  if (found?.kind === 'value') return found.value;
  if (found?.kind === 'faulty') told.push(`${at}: ${name}_FILE ${found.message}`);
  if (found?.kind === 'empty') told.push(`${at}: the environment variable ${name} is empty`);
  if (found !== undefined && found.kind !== 'absent') return '';
  const filled = interpolate(text, environment.lookup);
  if (filled.kind === 'text') return filled.text;
  told.push(
    filled.kind === 'malformed'
      ? `${at}: holds "\${" that is no \${NAME} or \${NAME:-default}; write "$\${" for the characters`
      : `${at}: names ${filled.names.join(', ')}, which the environment does not have`,
  );
  return '';
}
