import { lookup as systemLookup } from 'node:dns/promises';
import { isIPv6, type LookupFunction } from 'node:net';

/** All addresses of a name, in order of preference. Rejects with an error that has a `code` (`ENOTFOUND`). */
export type Lookup = (hostname: string) => Promise<readonly string[]>;

export async function lookupOfSystem(hostname: string): Promise<readonly string[]> {
  const answers = await systemLookup(hostname, { all: true });
  return answers.map((answer) => answer.address);
}

/** The lookup of a socket that is to learn of these addresses and of no other, whatever the name. */
export function lookupAmong(addresses: readonly string[]): LookupFunction {
  return (_hostname, { all }, callback) => {
    const [first] = addresses;
    const none = Object.assign(new Error('no address'), { code: 'ENOTFOUND' });
    process.nextTick(() => {
      if (first === undefined) return callback(none, []);
      if (all !== true) return callback(null, first, familyOf(first));
      callback(
        null,
        addresses.map((address) => ({ address, family: familyOf(address) })),
      );
    });
  };
}

export const familyOf = (address: string): 4 | 6 => (isIPv6(address) ? 6 : 4);
