/** What an answer can be had in, the best first where a client likes them equally. */
export const codings = ['br', 'gzip', 'identity'] as const;
export type Coding = (typeof codings)[number];

/** Of what a client did not name but would take: below everything that it named. */
const UNNAMED_WEIGHT = 0.0001;
const WEIGHT = /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/;

/**
 * The coding that a client likes best (RFC 9110, 12.5.3). Without the header, and where nothing that we have would do,
 * `identity`: an answer that a client did not ask for is of more use than a 406.
 */
export function preferredCoding(acceptEncoding: string | undefined): Coding {
  if (acceptEncoding === undefined) return 'identity';
  const named = readWeights(acceptEncoding);
  let best: Coding = 'identity';
  let weight = 0;
  for (const coding of codings) {
    const own = weightOf(coding, named);
    if (own > weight) [best, weight] = [coding, own];
  }
  return best;
}

function weightOf(coding: Coding, named: ReadonlyMap<string, number>): number {
  return named.get(coding) ?? named.get('*') ?? (coding === 'identity' ? UNNAMED_WEIGHT : 0);
}

/** By lower-case name; what is malformed counts as not said. */
function readWeights(acceptEncoding: string): ReadonlyMap<string, number> {
  const weights = new Map<string, number>();
  for (const member of acceptEncoding.split(',')) {
    const [name = '', ...parameters] = member.split(';').map((part) => part.trim().toLowerCase());
    const weight = readWeight(parameters);
    if (name === '' || weight === undefined) continue;
    // RFC 9110, 8.4.1.3: the old name of the same.
    weights.set(name === 'x-gzip' ? 'gzip' : name, weight);
  }
  return weights;
}

function readWeight([parameter, ...more]: readonly string[]): number | undefined {
  if (parameter === undefined) return 1;
  const [name, text = ''] = parameter.split('=').map((part) => part.trim());
  return more.length === 0 && name === 'q' && WEIGHT.test(text) ? Number(text) : undefined;
}
