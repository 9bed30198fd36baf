import { fail, notApplicable, pass } from '../check.ts';
import { fsbp } from '../controls.ts';
import { defineServiceCheck } from './service-check.ts';

export const servicePublicIp = defineServiceCheck({
  id: 'ecs.service-public-ip',
  title: 'The service gives its tasks no public addresses',
  severity: 'high',
  why: 'A task with a public address can be reached from the internet as far as its security groups let it, past the load balancer that was to stand before it.',
  fix: {
    console:
      'ECS > Clusters > the cluster > the service > Update > Networking: public IP off, in subnets that reach AWS through a NAT gateway or VPC endpoints.',
    cli: 'aws ecs update-service --cluster <CLUSTER> --service <SERVICE> --network-configuration "awsvpcConfiguration={subnets=[<SUBNETS>],securityGroups=[<GROUPS>],assignPublicIp=DISABLED}"',
  },
  references: [
    'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-task-networking.html',
    'https://docs.aws.amazon.com/securityhub/latest/userguide/ecs-controls.html#ecs-2',
  ],
  controls: fsbp('ECS.2'),
  reads: [],
  judge: ({ assignsPublicIp, subnetIds, securityGroupIds }) => {
    if (assignsPublicIp === null) return notApplicable('Its network mode is not awsvpc.');
    if (!assignsPublicIp) return pass('Its tasks get no public addresses.');
    return fail('Its tasks get public addresses.', {
      evidence: { subnetIds: subnetIds.slice(0, 16), securityGroupIds: securityGroupIds.slice(0, 16) },
    });
  },
});
