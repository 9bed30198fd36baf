import { sha256Hex } from '../../kernel/secret.ts';
import type { SuspectVariable } from '../inventory/ecs.ts';

/** A variable as its container has it. */
interface Variable {
  readonly name: string;
  readonly value: string;
}

const VARIABLES_MAX = 1_000;
const NAME_MAX = 128;
const VALUE_MAX = 16_384;
const HASH_DIGITS = 8;

/**
 * The variables that look like secrets, without their values: of each the name, what gave it away and the first digits of
 * a hash, by which one sees whether two are the same. What is referred to (`valueFrom`) is no value and does not come here.
 */
export const suspectsOf = (variables: readonly Variable[]): readonly SuspectVariable[] =>
  variables.slice(0, VARIABLES_MAX).flatMap(({ name, value }) => {
    const because = reasonOf(name, value.slice(0, VALUE_MAX).trim());
    if (because === undefined) return [];
    return [{ name: name.slice(0, NAME_MAX), because, hashPrefix: sha256Hex(value).slice(0, HASH_DIGITS) }];
  });

function reasonOf(name: string, value: string): SuspectVariable['because'] | undefined {
  if (isReference(value)) return undefined;
  const byShape = shapes.find(({ shape }) => shape.test(value));
  if (byShape !== undefined) return byShape.because;
  if (hasCredentialsInUrl(value)) return 'credentials-in-url';
  if (isHarmless(value)) return undefined;
  if (isSecretName(name)) return 'name';
  return isRandom(value) && !isPublicName(name) ? 'entropy' : undefined;
}

const shapes: readonly { readonly because: SuspectVariable['because']; readonly shape: RegExp }[] = [
  { because: 'private-key', shape: /-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----/ },
  { because: 'access-key', shape: /(?<![A-Z0-9])(?:AKIA|ASIA)[A-Z2-7]{16}(?![A-Z0-9])/ },
  // A JSON web token: two JSON objects, encoded, and a signature.
  { because: 'token', shape: /(?<![\w-])eyJ[\w-]{8,2000}\.eyJ[\w-]{8,4000}\.[\w-]{8,2000}/ },
  { because: 'token', shape: /(?<![\w])(?:gh[pousr]_[A-Za-z0-9]{30,255}|github_pat_\w{40,255})/ },
  { because: 'token', shape: /(?<![\w])xox[abeoprs]-[A-Za-z0-9-]{10,250}/ },
  { because: 'token', shape: /hooks\.slack\.com\/(?:services|workflows)\/[\w/]{20,200}/ },
  { because: 'token', shape: /(?<![\w])glpat-[\w-]{20,64}/ },
  { because: 'token', shape: /(?<![\w])(?:sk|rk)_live_[A-Za-z0-9]{16,128}/ },
  { because: 'token', shape: /(?<![\w])sk-(?:proj-|ant-)?[\w-]{32,200}/ },
  { because: 'token', shape: /(?<![\w])AIza[\w-]{35}(?![\w-])/ },
  { because: 'token', shape: /(?<![\w])SG\.[\w-]{16,32}\.[\w-]{32,64}/ },
  { because: 'token', shape: /(?<![\w])npm_[A-Za-z0-9]{36}(?!\w)/ },
];

/** Names of where a value is, instead of the value. */
const isReference = (value: string): boolean =>
  /^arn:aws[\w-]*:[\w-]+:/.test(value) || /^(?:\$\{[^}]*\}|\{\{[^}]*\}\}|\$\([^)]*\))$/.test(value);

/** `postgres://app:secret@host/db`: with a password that is none of `*****`, `<password>` and `${PASSWORD}`. */
function hasCredentialsInUrl(value: string): boolean {
  const found = /[a-z][a-z0-9+.-]{1,20}:\/\/[^\s/?#:@]{0,256}:([^\s/?#@]{1,256})@/i.exec(value);
  const password = found?.[1];
  if (password === undefined) return false;
  return !/^(?:\*+|x+|<.*>|\$\{.*\}|\$\w+|%\w+%|\{\{.*\}\})$/i.test(password);
}

/** What no name makes a secret of. */
const isHarmless = (value: string): boolean =>
  value.length < 4 || harmlessShapes.some((shape) => shape.test(value));

const harmlessShapes: readonly RegExp[] = [
  /^(?:true|false|yes|no|none|null|nil|on|off|enabled?|disabled?|undefined|default|required|optional)$/i,
  // Ports, times, sizes, versions.
  /^-?\d{1,10}(?:\.\d{1,9}){0,3}(?:\s?(?:ms|s|m|h|d|k|kb|mb|gb|ki|mi|gi|%))?$/i,
  /^(?:local|dev(?:elopment)?|test(?:ing)?|stag(?:e|ing)|prod(?:uction)?)$/i,
  // What stands there until somebody puts the value in.
  /^(?:\*+|x{3,}|<[^>]{0,100}>|change-?me|todo|placeholder|redacted)$/i,
  // A path, a host or an address of something else, without a query.
  /^(?:\/[\w.@-]+)+\/?$/,
  /^(?:https?|file|s3|redis|amqps?|tcp|unix):\/\/[\w.-]+(?::\d+)?(?:\/[\w./-]{0,200})?$/i,
  // An AWS region or zone.
  /^[a-z]{2}(?:-[a-z]+){1,2}-\d[a-z]?$/,
];

const SECRET_WORDS: ReadonlySet<string> = new Set([
  'password',
  'passwd',
  'passphrase',
  'secret',
  'secrets',
  'token',
  'apikey',
  'credential',
  'credentials',
  'privatekey',
  'accesskey',
  'secretkey',
  'authkey',
  'signingkey',
  'encryptionkey',
  'masterkey',
]);

/** Secrets at the end of a name: `DB_PASS`, but not `PASS_THROUGH`. */
const SECRET_ENDS: ReadonlySet<string> = new Set(['pass', 'pwd', 'pw']);

/** A key is a secret by what it is a key of. */
const KEY_OF: ReadonlySet<string> = new Set([
  'api',
  'access',
  'private',
  'secret',
  'auth',
  'signing',
  'signature',
  'encryption',
  'master',
  'account',
  'license',
  'storage',
  'service',
  'session',
  'cookie',
  'jwt',
  'hmac',
]);

/** Last words that say that it is about a secret, not one: `TOKEN_TTL`, `PASSWORD_FILE`, `SECRET_NAME`. */
const ABOUT: ReadonlySet<string> = new Set(
  (
    'file path dir name arn id ids ttl expiry expires expiration timeout length min max size url uri endpoint host ' +
    'port type algorithm alg policy enabled disabled required header issuer audience prefix suffix count limit ' +
    'region version rotation days hours minutes seconds interval cost rounds field column key_id bucket source ' +
    'provider store manager backend class mode format regex pattern attempts retries threshold rate scope scopes'
  ).split(' '),
);

function isSecretName(name: string): boolean {
  const words = wordsOf(name);
  const last = words.at(-1);
  if (last === undefined || (words.length > 1 && ABOUT.has(last))) return false;
  if (words.length > 1 && SECRET_ENDS.has(last)) return true;
  return words.some(
    (word, at) =>
      SECRET_WORDS.has(word) ||
      SECRET_WORDS.has(`${words[at - 1] ?? ''}${word}`) ||
      (word === 'key' && KEY_OF.has(words[at - 1] ?? '')),
  );
}

/** `dbPassword`, `DB_PASSWORD`, `db.password` and `DB-PASSWORD` are the same words. */
const wordsOf = (name: string): readonly string[] =>
  name
    .slice(0, NAME_MAX)
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');

/** What is random to look at and no secret. */
function isPublicName(name: string): boolean {
  const words = wordsOf(name);
  return words.some((word) => PUBLIC_WORDS.has(word)) || (words.length > 1 && ABOUT.has(words.at(-1) ?? ''));
}

const PUBLIC_WORDS: ReadonlySet<string> = new Set(
  (
    'public sha sha1 sha256 digest checksum hash commit revision build image tag uuid guid fingerprint thumbprint ' +
    'client_id certificate cert ca trace span request release git vcs domain hostname url uri endpoint arn'
  ).split(' '),
);

const RANDOM_MIN = 24;
const RANDOM_MAX = 256;
/** Bits per character. English and identifiers are near 3.5 to 4, random letters and digits over 4.3 at this length. */
const BITS_MIN = 4.0;

/** One word of letters and digits mixed without any pattern: as keys are made. */
function isRandom(value: string): boolean {
  if (value.length < RANDOM_MIN || value.length > RANDOM_MAX) return false;
  if (!/^[\w+/=.~-]+$/.test(value) || isUuid(value)) return false;
  if (!/\d/.test(value) || !/[a-z]/i.test(value)) return false;
  // Hex has 16 characters and thus at most 4 bits of each.
  if (/^[0-9a-f]+$/i.test(value)) return value.length >= 32 && entropyOf(value) >= 3;
  if (!/[a-z]/.test(value) || !/[A-Z]/.test(value)) return false;
  // Words with separators are names: of hosts, images, queues.
  if (value.split(/[-_.]/).length > 3 || value.includes('://')) return false;
  return entropyOf(value) >= BITS_MIN;
}

const isUuid = (value: string): boolean => /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value);

/** Shannon's, over its characters. */
function entropyOf(value: string): number {
  const counts = new Map<string, number>();
  for (const char of value) counts.set(char, (counts.get(char) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / value.length) * Math.log2(count / value.length);
  return bits;
}
