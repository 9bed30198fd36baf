/** Where a value stands: keys and indexes from the root. */
export type Path = readonly (string | number)[];

/** The path as a reader finds it: `targets[1].headers["X-Team"].name`. */
export function formatPath(path: Path): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    if (!/^[A-Za-z_][A-Za-z0-9_-]*$/.test(step) || step.length > STEP_MAX) return `${text}[${quoted(step)}]`;
    return text === '' ? step : `${text}.${step}`;
  }, '');
}

const STEP_MAX = 64;

/** Escaped and cut: a key may hold anything, and the path is printed on a terminal and in logs. */
function quoted(key: string): string {
  return JSON.stringify(key.length > STEP_MAX ? `${key.slice(0, STEP_MAX)}…` : key);
}

/** A path given relative to another one: `url` or `[0]` below `targets[1]`. */
export function joinPath(base: string, rest: string): string {
  if (base === '' || rest === '') return base + rest;
  return rest.startsWith('[') ? base + rest : `${base}.${rest}`;
}

/** The path itself, then everything that holds it, up to the empty path of the whole. */
export function ancestorsOf(path: string): readonly string[] {
  const ancestors = [path];
  let end = path.length;
  while (end > 0) {
    end = Math.max(path.lastIndexOf('.', end - 1), path.lastIndexOf('[', end - 1), 0);
    ancestors.push(path.slice(0, end));
  }
  return ancestors;
}

export function isAtOrBelow(path: string, base: string): boolean {
  return base === '' || path === base || path.startsWith(`${base}.`) || path.startsWith(`${base}[`);
}
