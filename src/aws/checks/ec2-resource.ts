import type { CallerIdentity } from '../inventory/account.ts';
import type { Tags } from '../inventory/ebs.ts';
import type { CheckContext, Resource } from './check.ts';

/** What EC2's ARNs call the resources of ours. */
export type Ec2Type =
  'volume' | 'snapshot' | 'vpc' | 'subnet' | 'security-group' | 'network-acl' | 'route-table';

/** Something that EC2 has in a region; `name` is what people call it, if they do. */
export function ec2Resource(
  type: Ec2Type,
  { id, name }: { readonly id: string; readonly name?: string | undefined },
  region: string,
  { account: { identity } }: CheckContext,
): Resource {
  return {
    type,
    arn: `arn:${identity.partition}:ec2:${region}:${ownerIn(type, identity)}:${type}/${id}`,
    name: name ? `${name} (${id})` : id,
    region,
  };
}

/** A snapshot's ARN names no account: its id is unique without. */
const ownerIn = (type: Ec2Type, { accountId }: CallerIdentity): string =>
  type === 'snapshot' ? '' : accountId;

/** For what has a name by its tag alone. */
export const taggedName = (tags: Tags): string | undefined => tags['Name'];

/** A setting that a region has as a whole; AWS has no ARN for it. */
export const regionResource = (region: string, { account: { identity } }: CheckContext): Resource => ({
  type: 'region',
  arn: `arn:${identity.partition}:tocsin:${region}:${identity.accountId}:region`,
  name: region,
  region,
});
