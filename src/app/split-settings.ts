import type { TObject } from 'typebox';

type Values = Readonly<Record<string, unknown>>;

/** A member's settings: what all kinds have in common, and the rest, the kind's own. What is not given is left out. */
export function split(values: Values, { properties }: TObject): readonly [Values, Values] {
  const isCommon = ([name]: [string, unknown]): boolean => Object.hasOwn(properties, name);
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  return [
    Object.fromEntries(entries.filter(isCommon)),
    Object.fromEntries(entries.filter((entry) => !isCommon(entry))),
  ];
}
