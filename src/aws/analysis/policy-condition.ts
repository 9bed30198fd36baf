import { isPublicAddress, parseAddress, parseCidr, type Address, type Cidr } from '../../kernel/address.ts';
import type { PolicyCondition } from './policy-document.ts';
import { hasVariable, hasWildcard, literalPrefix } from './policy-pattern.ts';

/** To whom a condition narrows everybody. */
export type Audience =
  /** Those of these accounts. */
  | { readonly kind: 'accounts'; readonly ids: readonly string[] }
  /** Those of certain organizations, sessions, or AWS's services on behalf of what is named. */
  | { readonly kind: 'organization' | 'identity' | 'service' }
  /** Whoever comes from certain networks. */
  | { readonly kind: 'network' };

/**
 * To whom the conditions of an Allow narrow it; empty where anybody can fulfil them. Every condition must hold, so that
 * each that narrows is one; a negated one leaves nearly everybody in.
 */
export function audiencesOf(conditions: readonly PolicyCondition[]): readonly Audience[] {
  const required = new Set(conditions.filter(demandsPresence).map(({ key }) => key));
  return conditions.flatMap((condition) => {
    // Without the key in the request, these hold: nobody has to send it.
    const holdsWithout = condition.ifExists || condition.quantifier === 'all';
    if (condition.isNegated || (holdsWithout && !required.has(condition.key))) return [];
    return audienceOf(condition) ?? [];
  });
}

/**
 * Whom a Deny with these conditions lets pass: nobody but these audiences, or undefined where it lets pass people at
 * large. Each condition that does not hold spares its request, so that all of them must be understood.
 */
export function sparedBy(conditions: readonly PolicyCondition[]): readonly Audience[] | undefined {
  const spared: Audience[] = [];
  for (const condition of conditions) {
    const audience = sparedByOne(condition);
    if (!audience) return undefined;
    spared.push(audience);
  }
  return spared;
}

function sparedByOne(condition: PolicyCondition): Audience | undefined {
  const { operator, key, values, isNegated, quantifier } = condition;
  if (operator === 'bool')
    return isFlag(condition, 'false') && key === SERVICE_FLAG ? { kind: 'service' } : undefined;
  // A request without the key is denied too: but not where one of its values must differ.
  return isNegated && quantifier !== 'any' && values.length > 0 ? audienceOf(condition) : undefined;
}

const SERVICE_FLAG = 'aws:principalisawsservice';

const demandsPresence = ({ operator, values }: PolicyCondition): boolean =>
  operator === 'null' && values.length > 0 && values.every((value) => value.toLowerCase() === 'false');

const isFlag = ({ values }: PolicyCondition, wanted: string): boolean =>
  values.length > 0 && values.every((value) => value.toLowerCase() === wanted);

/** Operators whose values are texts. In those of the second kind, wildcards count. */
const EXACT = new Set(['stringequals', 'stringequalsignorecase']);
const WILD = new Set(['stringlike', 'arnequals', 'arnlike']);

/** Whom the values let in, as if the operator stood there without its negation. */
function audienceOf(condition: PolicyCondition): Audience | undefined {
  const { operator, key, values } = condition;
  if (operator === 'bool')
    return key === SERVICE_FLAG && isFlag(condition, 'true') ? { kind: 'service' } : undefined;
  if (operator === 'ipaddress')
    return key === 'aws:sourceip' && areNarrow(values) ? { kind: 'network' } : undefined;
  if (!EXACT.has(operator) && !WILD.has(operator)) return undefined;
  const isFixed = fixedKeys.get(key);
  if (!isFixed) return undefined;
  // A variable is filled in from the request: compared with itself it lets anybody in.
  const areFixed = values.every((value) => !hasVariable(value) && isFixed.test(value, operator));
  return areFixed ? isFixed.audience(values) : undefined;
}

interface FixedKey {
  /** Whether a value stands for somebody in particular. */
  test(value: string, operator: string): boolean;
  audience(values: readonly string[]): Audience;
}

const isPlain = (value: string, operator: string): boolean => EXACT.has(operator) || !hasWildcard(value);

const accountKey: FixedKey = { test: isPlain, audience: (ids) => ({ kind: 'accounts', ids }) };
const arnKey: FixedKey = {
  test: isArnOfSomebody,
  audience: (arns) => {
    const ids = arns.map((arn) => arn.split(':')[4] ?? '');
    return ids.every((id) => /^[0-9]{12}$/.test(id)) ? { kind: 'accounts', ids } : { kind: 'service' };
  },
};
const plainKey = (kind: 'organization' | 'identity' | 'service' | 'network'): FixedKey => ({
  test: isPlain,
  audience: () => ({ kind }),
});
/** Up to the mark nothing may vary: an organization's id, a role's. */
const prefixKey = (kind: 'organization' | 'identity', mark: string): FixedKey => ({
  test: (value, operator) => isPlain(value, operator) || literalPrefix(value).includes(mark),
  audience: () => ({ kind }),
});

/** Keys that nobody can choose at will: what S3 itself takes as proof that a policy is not public, and its successors. */
const fixedKeys: ReadonlyMap<string, FixedKey> = new Map([
  ['aws:principalaccount', accountKey],
  ['aws:sourceaccount', accountKey],
  ['aws:sourceowner', accountKey],
  ['aws:principalarn', arnKey],
  ['aws:sourcearn', arnKey],
  ['s3:dataaccesspointarn', arnKey],
  ['s3:dataaccesspointaccount', plainKey('network')],
  ['aws:principalorgid', plainKey('organization')],
  ['aws:sourceorgid', plainKey('organization')],
  ['aws:principalorgpaths', prefixKey('organization', '/')],
  ['aws:sourceorgpaths', prefixKey('organization', '/')],
  ['aws:userid', prefixKey('identity', ':')],
  ['aws:principalservicename', plainKey('service')],
  ['aws:principalservicenameslist', plainKey('service')],
  ['aws:sourcevpc', plainKey('network')],
  ['aws:sourcevpce', plainKey('network')],
  ['aws:sourcevpcarn', { test: isArnOfSomebody, audience: () => ({ kind: 'network' }) }],
  ['aws:vpceaccount', plainKey('network')],
  ['aws:vpceorgid', plainKey('network')],
  ['aws:vpceorgpaths', { ...prefixKey('organization', '/'), audience: () => ({ kind: 'network' }) }],
]);

/**
 * An ARN whose account is said, or, where its service names none (a bucket), one without any wildcard. `StringLike`
 * lets a star run over colons: `arn:aws:iam::*:role/x` is also somebody's role of that path, so that nothing may vary
 * before the account; `ArnLike` compares part by part.
 */
function isArnOfSomebody(value: string, operator: string): boolean {
  const parts = value.split(':');
  if (parts.length < 6) return false;
  const account = parts[4] ?? '';
  if (account === '') return isPlain(value, operator) && !hasWildcard(value);
  if (hasWildcard(account)) return false;
  return operator !== 'stringlike' || !hasWildcard(parts.slice(0, 5).join(':'));
}

/** S3 takes wider ranges than these for public ("The meaning of public"), private ones excepted. */
const V4_PREFIX_MIN = 8;
const V6_PREFIX_MIN = 32;

const areNarrow = (ranges: readonly string[]): boolean => ranges.every(isNarrow);

function isNarrow(range: string): boolean {
  const cidr = parseCidr(range);
  if (!cidr) return false;
  const prefix = prefixOf(range, cidr);
  if (prefix >= (cidr.v4 ? V4_PREFIX_MIN : V6_PREFIX_MIN)) return true;
  // fc00::/7 and fe80::/10: nobody on the internet has such an address.
  return !cidr.v4 && !isPublicAddress(cidr.network) && prefix >= 7 && isLocalIpv6(cidr.network);
}

function prefixOf(range: string, { v4 }: Cidr): number {
  const slash = range.indexOf('/');
  if (slash >= 0) return Number(range.slice(slash + 1)) - (v4 && range.includes(':') ? 96 : 0);
  return v4 && parseAddress(range)?.family === 4 ? 32 : 128;
}

const isLocalIpv6 = ({ w0 }: Address): boolean => w0 >>> 25 === 0xfc >>> 1 || w0 >>> 22 === 0xfe80 >>> 6;
