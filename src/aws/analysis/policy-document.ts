import { isJsonObject, parseUntrusted, type JsonObject } from '../../kernel/json.ts';

/** What an element and its "Not…" say: these, or all but these. */
export interface Selection {
  readonly isAllBut: boolean;
  /** With IAM's wildcards. */
  readonly patterns: readonly string[];
}

/** Who a statement is about. */
export interface PolicyPrincipal {
  /** `NotPrincipal`: everybody but those. */
  readonly isAllBut: boolean;
  /** `*`, in any of its spellings. */
  readonly isEveryone: boolean;
  /** ARNs and account numbers of `AWS`, names of services, identity providers, canonical users. */
  readonly aws: readonly string[];
  readonly others: readonly string[];
}

/** One operator on one key: all conditions of a statement must hold, for any of their values. */
export interface PolicyCondition {
  /** Lower case, without the set's quantifier, `Not` and `IfExists`: `stringequals`, `ipaddress`. */
  readonly operator: string;
  readonly isNegated: boolean;
  readonly ifExists: boolean;
  readonly quantifier: 'any' | 'all' | null;
  /** Lower case: keys are the same whatever the case. */
  readonly key: string;
  readonly values: readonly string[];
}

type Effect = 'Allow' | 'Deny';

export interface PolicyStatement {
  readonly sid: string | null;
  readonly effect: Effect;
  readonly principal: PolicyPrincipal;
  readonly actions: Selection;
  readonly resources: Selection;
  readonly conditions: readonly PolicyCondition[];
}

/** What AWS takes. */
const LENGTH_MAX = 20_480;
const STATEMENTS_MAX = 1_000;

/**
 * A bucket policy's statements (IAM user guide, "JSON policy element reference"). Undefined for what cannot be
 * understood as a whole: half of a policy says nothing of who may do what.
 */
export function readPolicy(text: string): readonly PolicyStatement[] | undefined {
  if (text.length > LENGTH_MAX) return undefined;
  const parsed = parseUntrusted(text);
  if (!parsed.ok || !isJsonObject(parsed.value)) return undefined;
  const stated = parsed.value['Statement'];
  const list: readonly unknown[] = Array.isArray(stated) ? stated : [stated];
  return list.length > STATEMENTS_MAX ? undefined : everyOf(list, readStatement);
}

/** All of them, or nothing. */
function everyOf<T, U>(list: readonly T[], change: (one: T) => U | undefined): readonly U[] | undefined {
  const changed: U[] = [];
  for (const one of list) {
    const made = change(one);
    if (made === undefined) return undefined;
    changed.push(made);
  }
  return changed;
}

function readStatement(value: unknown): PolicyStatement | undefined {
  if (!isJsonObject(value)) return undefined;
  const effect = value['Effect'];
  if (effect !== 'Allow' && effect !== 'Deny') return undefined;
  const principal = readPrincipal(value, effect);
  const actions = readSelection(value, 'Action', 'NotAction');
  const resources = readSelection(value, 'Resource', 'NotResource');
  const conditions = readConditions(value['Condition']);
  if (!principal || !actions || !resources || !conditions) return undefined;
  const sid = value['Sid'];
  return { sid: typeof sid === 'string' ? sid : null, effect, principal, actions, resources, conditions };
}

/** A text or a list of texts; neither an empty list nor anything else means something. */
function textsOf(value: unknown): readonly string[] | undefined {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (list.length === 0) return undefined;
  return everyOf(list, (one) => (typeof one === 'string' ? one : undefined));
}

function readSelection(statement: JsonObject, these: string, others: string): Selection | undefined {
  const isAllBut = others in statement;
  if (isAllBut === these in statement) return undefined;
  const patterns = textsOf(statement[isAllBut ? others : these]);
  return patterns && { isAllBut, patterns };
}

function readPrincipal(statement: JsonObject, effect: Effect): PolicyPrincipal | undefined {
  const isAllBut = 'NotPrincipal' in statement;
  if (isAllBut === 'Principal' in statement) return undefined;
  const stated = statement[isAllBut ? 'NotPrincipal' : 'Principal'];
  if (stated === '*') return { isAllBut, isEveryone: true, aws: [], others: [] };
  if (!isJsonObject(stated) || Object.keys(stated).length === 0) return undefined;
  return readPrincipals(stated, { isAllBut, effect });
}

const PRINCIPAL_KINDS = new Set(['AWS', 'Service', 'Federated', 'CanonicalUser']);

function readPrincipals(
  stated: JsonObject,
  { isAllBut, effect }: { readonly isAllBut: boolean; readonly effect: Effect },
): PolicyPrincipal | undefined {
  const aws: string[] = [];
  const others: string[] = [];
  for (const [kind, value] of Object.entries(stated)) {
    const names = textsOf(value);
    if (!names || !PRINCIPAL_KINDS.has(kind)) return undefined;
    (kind === 'AWS' ? aws : others).push(...names);
  }
  // In doubt an Allow is for everybody, and a Deny is not: a star of services or providers is not all the world.
  const isEveryone = effect === 'Deny' ? aws.includes('*') : aws.some(isAnybody) || others.includes('*');
  return { isAllBut, isEveryone, aws, others };
}

/** AWS takes no wildcard but the star alone; where a store takes one for the account, it stands for all of them. */
const isAnybody = (name: string): boolean => name.split(':').slice(0, 5).join(':').includes('*');

function readConditions(value: unknown): readonly PolicyCondition[] | undefined {
  if (value === undefined) return [];
  if (!isJsonObject(value)) return undefined;
  return everyOf(Object.entries(value), readOperator)?.flat();
}

/** IAM's condition operators, lower case. */
const operators: ReadonlySet<string> = new Set(
  `StringEquals StringNotEquals StringEqualsIgnoreCase StringNotEqualsIgnoreCase StringLike StringNotLike
  NumericEquals NumericNotEquals NumericLessThan NumericLessThanEquals NumericGreaterThan NumericGreaterThanEquals
  DateEquals DateNotEquals DateLessThan DateLessThanEquals DateGreaterThan DateGreaterThanEquals
  Bool BinaryEquals IpAddress NotIpAddress ArnEquals ArnNotEquals ArnLike ArnNotLike Null`
    .toLowerCase()
    .split(/\s+/),
);

const OPERATOR = /^(?:for(?<quantifier>any|all)values?:)?(?<name>[a-z]+?)(?<ifExists>ifexists)?$/;

function readOperator([spelled, keys]: readonly [string, unknown]): readonly PolicyCondition[] | undefined {
  const { quantifier, name = '', ifExists } = OPERATOR.exec(spelled.toLowerCase())?.groups ?? {};
  if (!operators.has(name) || !isJsonObject(keys) || Object.keys(keys).length === 0) return undefined;
  const operator: Omit<PolicyCondition, 'key' | 'values'> = {
    operator: name.replace('not', ''),
    isNegated: name.includes('not'),
    ifExists: ifExists !== undefined,
    quantifier: quantifier === 'any' || quantifier === 'all' ? quantifier : null,
  };
  return everyOf(Object.entries(keys), ([key, stated]) => {
    const values = valuesOf(stated);
    return values && { ...operator, key: key.toLowerCase(), values };
  });
}

/** IAM takes `true` and `"true"`, `5` and `"5"` for the same. An empty list is one that nothing is in. */
function valuesOf(stated: unknown): readonly string[] | undefined {
  const list: readonly unknown[] = Array.isArray(stated) ? stated : [stated];
  return everyOf(list, (one) =>
    typeof one === 'string' || typeof one === 'number' || typeof one === 'boolean' ? String(one) : undefined,
  );
}
