import type { AclGrant } from '../inventory/s3.ts';

/** Everybody, and everybody who has an AWS account: neither is anyone in particular. */
const WORLD = /\/groups\/global\/(?:AllUsers|AuthenticatedUsers)$/;

/** What an ACL gives to the whole world (Amazon S3 user guide, "Access control list overview"). */
export const worldGrants = (grants: readonly AclGrant[]): readonly AclGrant[] =>
  grants.filter(({ grantee, granteeKind }) => granteeKind === 'group' && WORLD.test(grantee));

const WRITING = new Set(['WRITE', 'WRITE_ACP', 'FULL_CONTROL']);
const READING = new Set(['READ', 'READ_ACP', 'FULL_CONTROL']);

export const isWritingGrant = ({ permission }: AclGrant): boolean => WRITING.has(permission);
export const isReadingGrant = ({ permission }: AclGrant): boolean => READING.has(permission);
