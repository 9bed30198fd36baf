import type { ScanFigures } from '../findings/scan.ts';
import type { AccountInventory } from '../inventory/account.ts';
import { valueOf } from '../inventory/reading.ts';
import { ebsFigures, ecsFigures, networkFigures, s3Figures, type Figure } from './counting.ts';

/** The contract's figures over all regions of a scan. What could not be read in one of them is null. */
export function figuresOf({ regions, s3 }: AccountInventory, now: number): ScanFigures {
  const ecs = regions.map((region) => ecsFigures(region.ecs.clusters, region.ecs.services, now));
  const ebs = regions.map((region) => ebsFigures(region.ebs));
  const network = regions.map((region) => networkFigures(region.network));
  const buckets = s3Figures(s3.buckets, s3.accountPublicAccessBlock);
  return {
    clusters: total(ecs.map(({ clusters }) => clusters)),
    services: total(ecs.map(({ services }) => services)),
    tasks: total(ecs.map(({ tasks }) => tasks)),
    unhealthyServices: total(ecs.map(({ unhealthyServices }) => unhealthyServices)),
    buckets: total([buckets.buckets]),
    bucketBytes: total([buckets.bucketBytes]),
    bucketsWithoutEncryption: total([buckets.bucketsWithoutEncryption]),
    publicBuckets: total([buckets.publicBuckets]),
    volumes: total(ebs.map(({ volumes }) => volumes)),
    volumeGib: total(ebs.map(({ volumeGib }) => volumeGib)),
    unattachedVolumes: total(ebs.map(({ unattachedVolumes }) => unattachedVolumes)),
    unencryptedVolumes: total(ebs.map(({ unencryptedVolumes }) => unencryptedVolumes)),
    vpcs: total(network.map(({ vpcs }) => vpcs)),
    subnets: total(network.map(({ subnets }) => subnets)),
    securityGroupsWithOpenSsh: total(network.map((counts) => counts.securityGroupsWithOpenSsh)),
    routeTables: total(network.map(({ routeTables }) => routeTables)),
  };
}

/** Null where one is not known: the sum of the others would be less than there is. */
function total(figures: readonly Figure[]): number | null {
  let sum = 0;
  for (const figure of figures) {
    const value = valueOf(figure) ?? null;
    if (value === null) return null;
    sum += value;
  }
  return sum;
}
