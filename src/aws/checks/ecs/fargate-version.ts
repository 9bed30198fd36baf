import type { Service } from '../../inventory/ecs.ts';
import { fail, notApplicable, pass } from '../check.ts';
import { fsbp } from '../controls.ts';
import { defineServiceCheck } from './service-check.ts';

export const fargateVersion = defineServiceCheck({
  id: 'ecs.fargate-version',
  title: 'The service runs on the latest Fargate platform version',
  severity: 'medium',
  why: 'AWS corrects faults of the kernel and the runtime in the latest platform version only.',
  fix: {
    console:
      'ECS > Clusters > the cluster > the service > Update > Compute configuration: platform version "LATEST".',
    cli: 'aws ecs update-service --cluster <CLUSTER> --service <SERVICE> --platform-version LATEST --force-new-deployment',
  },
  references: [
    'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/platform-fargate.html',
    'https://docs.aws.amazon.com/securityhub/latest/userguide/ecs-controls.html#ecs-10',
  ],
  controls: fsbp('ECS.10'),
  reads: [],
  judge: (service) => {
    if (!isFargate(service)) return notApplicable('It does not run on Fargate.');
    const { platformVersion, platformFamily } = service;
    // What names no version gets the latest.
    if (platformVersion === null || platformVersion.toUpperCase() === 'LATEST')
      return pass('It runs on the latest platform version.');
    const wanted = latestOf(platformFamily);
    return isAtLeast(platformVersion, wanted)
      ? pass(`It runs on platform version ${platformVersion}.`)
      : fail(`It runs on platform version ${platformVersion}; the latest is ${wanted}.`, {
          evidence: { platformVersion, platformFamily },
        });
  },
});

/** A strategy of capacity providers names Fargate's two by their names. */
const isFargate = ({ launchType, capacityProviders }: Service): boolean =>
  launchType === 'FARGATE' || capacityProviders.some((name) => name === 'FARGATE' || name === 'FARGATE_SPOT');

/** Windows counts on its own: `1.0.0` is its first and latest, and an old one of Linux. */
const latestOf = (platformFamily: string | null): string =>
  platformFamily?.toLowerCase().startsWith('windows') === true ? '1.0.0' : '1.4.0';

/** By number, part by part: one that AWS brings out tomorrow is no old one. */
function isAtLeast(version: string, wanted: string): boolean {
  const [given, least] = [version, wanted].map((text) => text.split('.').map(Number));
  for (const [index, part] of (least ?? []).entries()) {
    const own = given?.[index] ?? 0;
    if (own !== part) return own > part;
  }
  return true;
}
