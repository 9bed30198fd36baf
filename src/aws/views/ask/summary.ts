import type { Cluster, Service } from '../../inventory/ecs.ts';
import type { Listing, ReadFailure } from '../../inventory/reading.ts';
import { documentOf, failed, worstOf } from '../answer.ts';
import { ebsFigures, ecsFigures, type Figure, networkFigures, s3Figures } from '../counting.ts';
import { regionOf } from '../names.ts';
import { prefixListIdsOf } from '../security-groups.ts';
import { summaryDocument } from '../summary.ts';
import type { Ask, Desk } from './asking.ts';
import { prefixListsOf } from './network.ts';
import { readBuckets } from './s3.ts';

export const askSummary: Ask<'summary'> = async (desk, { region }) => {
  const place = regionOf(region);
  if (place.kind !== 'found') return place;
  const [ecs, s3, volumes, network] = await Promise.all([
    readEcs(desk, region),
    readBuckets(desk),
    desk.reads.volumes(region),
    readNetwork(desk, region),
  ]);
  const figures = {
    ecs: ecsFigures(ecs.clusters, ecs.services, desk.now),
    s3: s3Figures(s3.buckets, s3.account),
    ebs: ebsFigures({ volumes }),
    network: networkFigures(network),
  };
  const failure = failureOfAll(Object.values(figures).flatMap((part): Figure[] => Object.values(part)));
  return failure === undefined ? documentOf(summaryDocument({ region, ...figures })) : failed(failure);
};

/** Without a single figure there is no summary: the keys are refused, or nobody answers. */
function failureOfAll(figures: readonly Figure[]): ReadFailure | undefined {
  const failures = figures.flatMap((figure) => (figure.kind === 'unread' ? [figure.failure] : []));
  return failures.length < figures.length ? undefined : worstOf(failures);
}

interface ReadEcs {
  readonly clusters: Listing<Cluster>;
  /** Of all clusters. */
  readonly services: Listing<Service>;
}

async function readEcs({ reads }: Desk, region: string): Promise<ReadEcs> {
  const clusters = await reads.clusters(region);
  const services = await Promise.all(clusters.items.map(({ arn }) => reads.services(region, arn)));
  return {
    clusters,
    services: {
      items: services.flatMap(({ items }) => items),
      // A cluster that was deleted since it was listed has no services.
      failures: services.flatMap(({ failures }) => failures).filter(({ kind }) => kind !== 'missing'),
    },
  };
}

async function readNetwork(desk: Desk, region: string) {
  const { reads } = desk;
  const [vpcs, subnets, securityGroups, routeTables] = await Promise.all([
    reads.vpcs(region),
    reads.subnets(region),
    reads.securityGroups(region),
    reads.routeTables(region),
  ]);
  const prefixLists = await prefixListsOf(desk, region, prefixListIdsOf(securityGroups.items));
  return { vpcs, subnets, securityGroups, routeTables, prefixLists };
}
