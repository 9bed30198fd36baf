import { didYouMean } from '../kernel/did-you-mean.ts';
import type { Fault } from '../kernel/fault.ts';
import { countries, countryOf } from './country.ts';

/** The two lists, in the order of the contract. */
export const sides = ['source', 'destination'] as const;
export type Side = (typeof sides)[number];

/** Which countries events may come from and go to: alpha-2 codes in upper case. */
export type CountryLists = Readonly<Record<Side, readonly string[]>>;

/** Codes that are in use for a country and are not its own. */
const COMMON_SLIPS: Readonly<Record<string, string>> = { UK: 'GB', EL: 'GR' };
/** In shorter words a slip of the pen makes another country's code. */
const NAME_CHARS_MIN = 4;

/** What is wrong with a list, at `path` in the config. */
export function listFaults(path: string, codes: readonly string[]): Fault[] {
  return codes.flatMap((code, index) => {
    const message = codeFault(code) ?? (codes.indexOf(code) < index ? 'is in the list twice' : undefined);
    return message === undefined ? [] : [{ path: `${path}[${index}]`, message }];
  });
}

function codeFault(code: string): string | undefined {
  if (countryOf(code)?.alpha2 === code) return undefined;
  const meant = meantBy(code);
  const hint = meant === undefined ? '' : `: did you mean "${meant}"?`;
  return `must be an alpha-2 code of ISO 3166-1 in upper case, such as FR${hint}`;
}

/** The code that was probably meant by another case, an alpha-3 code, a country's name or what is often taken for its code. */
function meantBy(text: string): string | undefined {
  const known = countryOf(text)?.alpha2 ?? COMMON_SLIPS[text.toUpperCase()];
  if (known !== undefined || text.length < NAME_CHARS_MIN) return known;
  const name = didYouMean(
    text,
    countries.map((country) => country.name),
  );
  return countries.find((country) => country.name === name)?.alpha2;
}
