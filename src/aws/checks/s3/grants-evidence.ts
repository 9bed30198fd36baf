import type { PublicGrant } from '../../analysis/policy.ts';
import type { AclGrant } from '../../inventory/s3.ts';
import { oneLine } from '../../../kernel/one-line.ts';

const STATEMENTS_MAX = 5;
const ACTIONS_MAX = 8;
const TEXT_MAX = 100;

/** What people need to find the statements again; a statement's id is anybody's text. */
export const grantsEvidence = (grants: readonly PublicGrant[]): Readonly<Record<string, unknown>> => ({
  statements: grants.slice(0, STATEMENTS_MAX).map(({ sid, actions }) => ({
    sid: sid === null ? null : oneLine(sid, TEXT_MAX),
    actions: actions.slice(0, ACTIONS_MAX).map((action) => oneLine(action, TEXT_MAX)),
    actionsInAll: actions.length,
  })),
});

/** ` (s3:getobject, s3:listbucket and 3 more)`; empty where it is not known. */
export function saidOf(grants: readonly { readonly actions: readonly string[] }[]): string {
  const actions = [...new Set(grants.flatMap((grant) => grant.actions))];
  if (actions.length === 0) return '';
  const shown = actions.slice(0, 3).map((action) => oneLine(action, TEXT_MAX));
  const more = actions.length - shown.length;
  return ` (${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''})`;
}

/** `READ for AllUsers`. */
export const aclGrantsSaid = (grants: readonly AclGrant[]): string =>
  [...new Set(grants.map(({ permission, grantee }) => `${oneLine(permission, 20)} for ${groupOf(grantee)}`))]
    .slice(0, 6)
    .join(', ');

const groupOf = (uri: string): string => oneLine(uri.slice(uri.lastIndexOf('/') + 1), TEXT_MAX);
