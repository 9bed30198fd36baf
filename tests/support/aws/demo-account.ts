import type { Account, Region } from './account.ts';
import { anAccount, aRegion, clusterMetrics, serviceMetrics, volumeMetrics } from './builders.ts';
import { demoBuckets, storageOf } from './demo/buckets.ts';
import { europeEbs, homeEbs } from './demo/ebs.ts';
import { europeEcs, homeEcs } from './demo/ecs.ts';
import { europeNetwork, homeNetwork, unusedNetwork } from './demo/network.ts';
import { DEMO_ACCOUNT_ID, europe, home, unused } from './demo/places.ts';

/**
 * The account of the demo: a small company in three regions, with something to find of every service and severity, and
 * much that is as it should be. `now` (Unix ms): what its ages are counted from.
 */
export function aDemoAccount(now = Date.now()): Account {
  return anAccount({
    id: DEMO_ACCOUNT_ID,
    regions: {
      [unused.region]: withFigures(
        unused.region,
        aRegion({
          network: unusedNetwork,
          ebs: { isEncryptedByDefault: false, snapshotSharing: 'unblocked' },
        }),
      ),
      [home.region]: withFigures(
        home.region,
        aRegion({ ebs: homeEbs(now), network: homeNetwork, ecs: homeEcs }),
      ),
      [europe.region]: withFigures(
        europe.region,
        aRegion({ ebs: europeEbs(now), network: europeNetwork, ecs: europeEcs }),
      ),
    },
    roles: [{ name: 'TocsinReadOnly', trusts: [DEMO_ACCOUNT_ID], externalId: 'harbour' }],
    s3: { publicAccessBlock: accountBlock, buckets: demoBuckets },
  });
}

/** No new ACL makes anything public; old ones and policies still do. */
const accountBlock = {
  BlockPublicAcls: true,
  IgnorePublicAcls: false,
  BlockPublicPolicy: false,
  RestrictPublicBuckets: false,
} as const;

function withFigures(name: string, region: Region): Region {
  return {
    ...region,
    metrics: [
      ...storageOf(name),
      ...region.ebs.volumes.flatMap(volumeMetrics),
      ...region.ecs.clusters.flatMap(clusterMetrics),
      ...region.ecs.services.flatMap(serviceMetrics),
    ],
  };
}
