import { isAboutThePublic, undenied } from './policy.ts';
import { selectedActions } from './policy-actions.ts';
import { audiencesOf, sparedBy, type Audience } from './policy-condition.ts';
import type { PolicyStatement } from './policy-document.ts';

/** With these, another account makes itself the bucket's master (Security Hub, S3.6). */
const ADMIN_ACTIONS = new Set([
  's3:deletebucketpolicy',
  's3:putbucketacl',
  's3:putbucketpolicy',
  's3:putencryptionconfiguration',
  's3:putobjectacl',
]);

/** Stands for accounts that are not named one by one. */
export const ANY_ACCOUNT = '*';
export const ORGANIZATION = 'organization';

export interface ForeignGrant {
  readonly sid: string | null;
  /** Account numbers, `*`, or `organization`. */
  readonly accounts: readonly string[];
  readonly actions: readonly string[];
}

/**
 * What of administration a policy gives to other accounts than its own. Who is let in from certain networks alone is no
 * other account; who belongs to an organization may well be.
 */
export function foreignAdministration(
  statements: readonly PolicyStatement[],
  ownAccountId: string,
): readonly ForeignGrant[] {
  return statements
    .filter(({ effect }) => effect === 'Allow')
    .flatMap((statement) => grantsOf(statement, ownAccountId, statements));
}

function grantsOf(
  statement: PolicyStatement,
  ownAccountId: string,
  statements: readonly PolicyStatement[],
): readonly ForeignGrant[] {
  const actions = selectedActions(statement.actions).filter((action) => ADMIN_ACTIONS.has(action));
  if (actions.length === 0) return [];
  const others = accountsOf(statement).filter((account) => account !== ownAccountId);
  return others
    .map((account) => {
      const denies = statements.filter((other) => deniesAccount(other, account));
      return { sid: statement.sid, accounts: [account], actions: undenied(actions, statement, denies) };
    })
    .filter((grant) => grant.actions.length > 0);
}

/** All whom an Allow names, as far as they are accounts. */
function accountsOf({ principal, conditions }: PolicyStatement): readonly string[] {
  const audiences = audiencesOf(conditions);
  const named = audiences.flatMap((one) => (one.kind === 'accounts' ? [one.ids] : []));
  const stated = isAboutThePublic(principal)
    ? accountsAtLarge(audiences, named)
    : principal.aws.flatMap(accountOf);
  const accounts = stated.filter((id) => id === ANY_ACCOUNT || named.every((ids) => ids.includes(id)));
  return principal.isAllBut && principal.isEveryone ? [] : [...new Set(accounts)];
}

/** Of an Allow for everybody. */
function accountsAtLarge(
  audiences: readonly Audience[],
  [named]: readonly (readonly string[])[],
): readonly string[] {
  if (named) return named;
  if (audiences.length === 0) return [ANY_ACCOUNT];
  return audiences.every(({ kind }) => kind === 'organization') ? [ORGANIZATION] : [];
}

/** The account of `123456789012` or `arn:aws:iam::123456789012:root`; a deleted user's id and CloudFront have none. */
function accountOf(principal: string): readonly string[] {
  const account = principal.startsWith('arn:') ? (principal.split(':')[4] ?? '') : principal;
  return /^[0-9]{12}$/.test(account) ? [account] : [];
}

function deniesAccount({ effect, principal, conditions }: PolicyStatement, account: string): boolean {
  if (effect !== 'Deny') return false;
  if (!isAboutThePublic(principal))
    return !principal.isAllBut && conditions.length === 0 && isWholly(principal.aws, account);
  const spared = sparedBy(conditions);
  if (!spared?.every((audience) => isWithout(audience, account))) return false;
  return !principal.isAllBut || !principal.aws.flatMap(accountOf).includes(account);
}

/** Only its root stands for the whole account: a Deny for one of its users leaves the others. */
const isWholly = (names: readonly string[], account: string): boolean =>
  names.some((name) => name === account || (name.endsWith(':root') && accountOf(name).includes(account)));

function isWithout(audience: Audience, account: string): boolean {
  if (audience.kind === 'service') return true;
  return audience.kind === 'accounts' && account !== ORGANIZATION && !audience.ids.includes(account);
}
