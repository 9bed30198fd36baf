import { Type, type TSchema } from 'typebox';
import { nullable, type Static } from '../../kernel/schema.ts';
import type { QuestionName } from '../views/question.ts';
import { snapshotsWire, volumeMetricsWire, volumesWire } from './ebs-wire.ts';
import {
  clusterDetailsWire,
  clustersWire,
  containerInstancesWire,
  ecsMetricsWire,
  serviceDetailsWire,
  servicesWire,
  tasksWire,
} from './ecs-wire.ts';
import {
  flowLogsWire,
  networkAclsWire,
  routeTablesWire,
  securityGroupsWire,
  subnetsWire,
  topologyWire,
  vpcsWire,
} from './network-wire.ts';
import { bucketDetailsWire, bucketsWire } from './s3-wire.ts';
import { count, unreadable } from './wire-parts.ts';

export const regionsWire = Type.Object({
  regions: Type.Array(Type.Object({ region_name: Type.String() }), {
    description: 'Those that the account has enabled.',
  }),
});

const figure = nullable(count());

/** Of one region, S3 of all; a figure that could not be read is null, and `unreadable` says why: `s3.total_storage_gb`. */
export const summaryWire = Type.Object({
  summary: Type.Object({
    ecs: Type.Object({
      total_clusters: figure,
      total_services: figure,
      total_tasks: nullable(count('Running and pending.')),
      unhealthy_services: figure,
    }),
    s3: Type.Object({
      total_buckets: figure,
      total_storage_gb: nullable(Type.Number({ minimum: 0, description: '10^9 bytes.' })),
      buckets_without_encryption: figure,
      publicly_accessible_buckets: figure,
    }),
    ebs: Type.Object({
      total_volumes: figure,
      total_storage_gb: nullable(count('GiB.')),
      unattached_volumes: figure,
      unencrypted_volumes: figure,
    }),
    network: Type.Object({
      total_vpcs: figure,
      total_subnets: figure,
      security_groups_with_open_ssh: figure,
      route_tables: figure,
    }),
  }),
  region: Type.String(),
  ...unreadable,
});

/** How many findings of each severity are open and not muted, over all regions. */
const openBySeverityWire = Type.Object({
  informational: count(),
  low: count(),
  medium: count(),
  high: count(),
  critical: count(),
});

/** The summary as it is answered: with what the last scans left open. */
export const dashboardWire = Type.Interface([summaryWire], {
  findings: nullable(openBySeverityWire),
});

/** What the answer to each question is like. */
export const answerWires = {
  clusters: clustersWire,
  cluster: clusterDetailsWire,
  services: servicesWire,
  service: serviceDetailsWire,
  tasks: tasksWire,
  containerInstances: containerInstancesWire,
  ecsMetrics: ecsMetricsWire,
  buckets: bucketsWire,
  bucket: bucketDetailsWire,
  volumes: volumesWire,
  volumeMetrics: volumeMetricsWire,
  snapshots: snapshotsWire,
  vpcs: vpcsWire,
  securityGroups: securityGroupsWire,
  subnets: subnetsWire,
  routeTables: routeTablesWire,
  networkAcls: networkAclsWire,
  flowLogs: flowLogsWire,
  topology: topologyWire,
  regions: regionsWire,
  summary: summaryWire,
} as const satisfies Record<QuestionName, TSchema>;

/** The answer to a question, as it is written. */
export type AnswerWire<Name extends QuestionName> = Static<(typeof answerWires)[Name]>;
export type SummaryWire = Static<typeof summaryWire>;
export type RegionsWire = Static<typeof regionsWire>;
