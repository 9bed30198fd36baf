import type { TSchema } from 'typebox';
import { Check } from 'typebox/value';
import { didYouMean } from '../kernel/did-you-mean.ts';
import type { Fault } from '../kernel/fault.ts';
import { choicesOf, describeSchema, oneOfWords, sizeWords } from './describe-schema.ts';
import { formatPath, type Path } from './path.ts';
import {
  alternativeFor,
  alternativesOf,
  constantAt,
  discriminatorOf,
  isGroup,
  isSecret,
  itemsOf,
  propertyOf,
  viewOf,
  writableKeys,
  type Group,
  type SchemaView,
} from './schema-view.ts';

/** Stands for a value that is already known to be faulty: it is passed over here. */
export const UNRESOLVED = Symbol('unresolved');

/**
 * Holds a value against a schema and tells every fault in words, each with its path below `base`. Keys that
 * the schema does not name are faults. Never echoes a value. Empty exactly when the value is right.
 */
export function checkValue(schema: TSchema, value: unknown, base: Path = []): readonly Fault[] {
  if (value === UNRESOLVED) return [];
  const view = viewOf(schema);
  if (view.anyOf) return checkUnion(schema, value, base);
  if (view.type === 'object' && isGroup(value)) return checkGroup(schema, value, base);
  if (view.type === 'array' && itemsOf(view) && Array.isArray(value)) return checkList(schema, value, base);
  if (holdsUnresolved(value) || Check(schema, value)) return [];
  return [fault(base, `must be ${describeSchema(schema)}${hint(schema, value)}`)];
}

function fault(path: Path, message: string): Fault {
  return { path: formatPath(path), message };
}

/** What to change when only the way of writing is wrong, or a word is slightly off. */
function hint(schema: TSchema, value: unknown): string {
  const types = alternativesOf(schema).map((one) => viewOf(one).type);
  if (typeof value === 'number' || typeof value === 'boolean') {
    return types.includes('string') ? ': put it in quotes' : '';
  }
  if (typeof value !== 'string') return '';
  const isNumeric = /^[0-9.]+$/.test(value) && (types.includes('integer') || types.includes('number'));
  return isNumeric ? ', written without quotes' : suggestion(value, alternativesOf(schema).flatMap(choices));
}

function choices(schema: TSchema): readonly string[] {
  return choicesOf(viewOf(schema)).filter((choice) => typeof choice === 'string');
}

function suggestion(word: string, candidates: readonly string[]): string {
  // A single candidate has just been named.
  const meant = candidates.length > 1 ? didYouMean(word, candidates) : undefined;
  return meant === undefined ? '' : `; did you mean "${meant}"?`;
}

function checkGroup(schema: TSchema, value: Group, base: Path): readonly Fault[] {
  const view = viewOf(schema);
  const faults = Object.entries(value).flatMap(([key, child]) => {
    const property = propertyOf(view, key);
    return property === undefined
      ? [fault([...base, key], unknownKey(view, key))]
      : checkValue(property, child, [...base, key]);
  });
  for (const key of view.required ?? []) {
    if (!Object.hasOwn(value, key)) faults.push(missing(view, key, base));
  }
  return faults.length === 0 ? checkRest(schema, value, base) : faults;
}

function unknownKey(view: SchemaView, key: string): string {
  if (view.patternProperties) return 'is not a name that is allowed here';
  return `is not a setting${suggestion(key, writableKeys(view))}`;
}

function missing(view: SchemaView, key: string, base: Path): Fault {
  const property = view.properties?.[key];
  const expected = property && !isSecret(property) ? ` and must be ${describeSchema(property)}` : '';
  return fault([...base, key], `is missing${expected}`);
}

function checkList(schema: TSchema, value: readonly unknown[], base: Path): readonly Fault[] {
  const view = viewOf(schema);
  const items = itemsOf(view) ?? {};
  const faults = value.flatMap((entry, index) => checkValue(items, entry, [...base, index]));
  const { minItems = 0, maxItems = Infinity } = view;
  if (value.length < minItems || value.length > maxItems) {
    return [fault(base, `must be a list${sizeWords(view)}`), ...faults];
  }
  return faults.length === 0 ? checkRest(schema, value, base) : faults;
}

/** What only the schema's own check sees: equal entries, numbers of keys, refinements. */
function checkRest(schema: TSchema, value: unknown, base: Path): readonly Fault[] {
  if (holdsUnresolved(value) || Check(schema, value)) return [];
  if (viewOf(schema).uniqueItems) return [fault(base, 'must not hold the same entry twice')];
  return [fault(base, `must be ${describeSchema(schema)}`)];
}

function holdsUnresolved(value: unknown): boolean {
  if (value === UNRESOLVED) return true;
  return typeof value === 'object' && value !== null && Object.values(value).some(holdsUnresolved);
}

/** One fault for a union: of the alternative that was meant, or of the union as a whole. */
function checkUnion(schema: TSchema, value: unknown, base: Path): readonly Fault[] {
  const alternatives = alternativesOf(schema);
  if (alternatives.some((one) => checkValue(one, value, base).length === 0)) return [];
  const meant = alternativeFor(schema, value);
  if (meant) return checkValue(meant, value, base);
  return (
    wrongDiscriminator(alternatives, value, base) ?? [
      fault(base, `must be ${describeSchema(schema)}${hint(schema, value)}`),
    ]
  );
}

/** The fault of a group whose `kind` (or the like) is missing or unknown. */
function wrongDiscriminator(
  alternatives: readonly TSchema[],
  value: unknown,
  base: Path,
): Fault[] | undefined {
  if (!isGroup(value)) return undefined;
  const groups = alternatives.map(viewOf).filter((view) => view.type === 'object');
  const key = discriminatorOf(groups);
  if (key === undefined) return undefined;
  const known = groups.map((group) => constantAt(group, key));
  const words = `must be ${oneOfWords(known)}`;
  const given = value[key];
  if (given === undefined) return [fault([...base, key], `is missing and ${words}`)];
  const meant =
    typeof given === 'string'
      ? suggestion(
          given,
          known.filter((one) => typeof one === 'string'),
        )
      : '';
  return [fault([...base, key], words + meant)];
}
