import type { Operation } from '../operation.ts';
import { metricOperations } from './cloudwatch.ts';
import { ebsOperations } from './ec2-ebs.ts';
import { networkOperations } from './ec2-network.ts';
import { regionOperations } from './ec2-regions.ts';
import { ecsOperations } from './ecs.ts';
import { s3PartOperations } from './s3-parts.ts';
import { s3Operations } from './s3.ts';
import { stsOperations } from './sts.ts';

/** All that the account can be asked. */
export const operations: readonly Operation[] = [
  ...stsOperations,
  ...regionOperations,
  ...ebsOperations,
  ...networkOperations,
  ...ecsOperations,
  ...s3Operations,
  ...s3PartOperations,
  ...metricOperations,
];
