import type { Figure, ebsFigures, ecsFigures, networkFigures, s3Figures } from './counting.ts';
import { UnreadMembers } from './unreadable.ts';

export interface SummaryParts {
  readonly region: string;
  readonly ecs: ReturnType<typeof ecsFigures>;
  readonly s3: ReturnType<typeof s3Figures>;
  readonly ebs: ReturnType<typeof ebsFigures>;
  readonly network: ReturnType<typeof networkFigures>;
}

/** The contract's gigabyte; EBS's sizes are in GiB. */
const GB = 1_000_000_000;

/**
 * The contract's summary: of one region, of S3 all. A figure that could not be read is null and named in `unreadable`
 * with its section (`ecs.total_services`).
 *
 * The findings by severity are added on the main thread, which has the store: as a member behind the last one.
 */
export function summaryDocument({ region, ecs, s3, ebs, network }: SummaryParts) {
  const unread = new UnreadMembers();
  const of = (member: string, figure: Figure): number | null => unread.of(member, figure, (value) => value);
  const bytes = of('s3.total_storage_gb', s3.bucketBytes);
  const summary = {
    ecs: {
      total_clusters: of('ecs.total_clusters', ecs.clusters),
      total_services: of('ecs.total_services', ecs.services),
      total_tasks: of('ecs.total_tasks', ecs.tasks),
      unhealthy_services: of('ecs.unhealthy_services', ecs.unhealthyServices),
    },
    s3: {
      total_buckets: of('s3.total_buckets', s3.buckets),
      total_storage_gb: bytes === null ? null : bytes / GB,
      buckets_without_encryption: of('s3.buckets_without_encryption', s3.bucketsWithoutEncryption),
      publicly_accessible_buckets: of('s3.publicly_accessible_buckets', s3.publicBuckets),
    },
    ebs: {
      total_volumes: of('ebs.total_volumes', ebs.volumes),
      total_storage_gb: of('ebs.total_storage_gb', ebs.volumeGib),
      unattached_volumes: of('ebs.unattached_volumes', ebs.unattachedVolumes),
      unencrypted_volumes: of('ebs.unencrypted_volumes', ebs.unencryptedVolumes),
    },
    network: {
      total_vpcs: of('network.total_vpcs', network.vpcs),
      total_subnets: of('network.total_subnets', network.subnets),
      security_groups_with_open_ssh: of(
        'network.security_groups_with_open_ssh',
        network.securityGroupsWithOpenSsh,
      ),
      route_tables: of('network.route_tables', network.routeTables),
    },
  };
  return { region, unreadable: unread.list, summary };
}
