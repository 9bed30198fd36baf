import { isWriteAction, selectedActions } from './policy-actions.ts';
import { audiencesOf, sparedBy } from './policy-condition.ts';
import type { PolicyPrincipal, PolicyStatement, Selection } from './policy-document.ts';
import { areApart, covers, hasVariable } from './policy-pattern.ts';

/** What everybody may do by one statement, after all that is denied them. */
export interface PublicGrant {
  readonly sid: string | null;
  /** Lower case: `s3:getobject`. */
  readonly actions: readonly string[];
}

/**
 * What anybody in the world may do by this policy: an Allow for everybody, or for everybody but some, which no
 * condition narrows to somebody in particular, less what a Deny takes from the public again. S3's word on the same
 * question (`GetBucketPolicyStatus`) goes first where there is one.
 */
export function publicGrants(statements: readonly PolicyStatement[]): readonly PublicGrant[] {
  const denies = statements.filter(deniesThePublic);
  return statements
    .filter(allowsThePublic)
    .map((statement) => ({
      sid: statement.sid,
      actions: undenied(selectedActions(statement.actions), statement, denies),
    }))
    .filter(({ actions }) => actions.length > 0);
}

export const publicWrites = (statements: readonly PolicyStatement[]): readonly PublicGrant[] =>
  publicGrants(statements)
    .map(({ sid, actions }) => ({ sid, actions: actions.filter(isWriteAction) }))
    .filter(({ actions }) => actions.length > 0);

const allowsThePublic = ({ effect, principal, conditions }: PolicyStatement): boolean =>
  effect === 'Allow' && isAboutThePublic(principal) && audiencesOf(conditions).length === 0;

/** Whoever is spared by its conditions is somebody in particular. */
const deniesThePublic = ({ effect, principal, conditions }: PolicyStatement): boolean =>
  effect === 'Deny' && isAboutThePublic(principal) && sparedBy(conditions) !== undefined;

/** Everybody, or all but some: not "all but everybody", which is nobody. */
export const isAboutThePublic = ({ isAllBut, isEveryone }: PolicyPrincipal): boolean =>
  isAllBut !== isEveryone;

/**
 * What of these actions is left of a statement after the denies: those that are not denied wherever it allows them.
 * Places and actions are compared with the denies one after the other, not each with each: policies can be long.
 */
export function undenied(
  actions: readonly string[],
  { resources }: PolicyStatement,
  denies: readonly PolicyStatement[],
): readonly string[] {
  // All but some resources: only what is denied everywhere is surely denied there.
  const places = resources.isAllBut ? ['*'] : resources.patterns;
  const deniesByPlace = places.map((place) => denies.filter((deny) => selects(deny.resources, place)));
  const lowered = denies.map((deny) => [deny, lowerCase(deny.actions)] as const);
  return actions.filter((action) => {
    const concerned = new Set(lowered.flatMap(([deny, named]) => (selects(named, action) ? [deny] : [])));
    return !deniesByPlace.every((there) => there.some((deny) => concerned.has(deny)));
  });
}

export const lowerCase = ({ isAllBut, patterns }: Selection): Selection => ({
  isAllBut,
  patterns: patterns.map((pattern) => pattern.toLowerCase()),
});

/** Whether all that the pattern stands for is surely selected. */
export function selects({ isAllBut, patterns }: Selection, pattern: string): boolean {
  if (isAllBut) return patterns.every((other) => !hasVariable(other) && areApart(other, pattern));
  return patterns.some((one) => !hasVariable(one) && covers(one, pattern));
}
