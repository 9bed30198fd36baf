import type { FlowLog, Vpc } from '../../inventory/network.ts';
import { defineRegionCheck, fail, pass, unknown, type Verdict } from '../check.ts';
import { cis, fsbp } from '../controls.ts';
import { vpcResource } from './vpc-resource.ts';

export const flowLogs = defineRegionCheck<Vpc>({
  id: 'net.flow-logs',
  service: 'net',
  title: 'Every VPC has an active flow log of rejected traffic at least',
  severity: 'medium',
  why: 'Without flow logs nobody can tell afterwards who talked to what: neither the scan before a break-in nor the data that left.',
  fix: {
    console:
      'VPC > Your VPCs > the VPC > Flow logs > Create flow log: filter All or Reject, a destination that works.',
    cli: 'aws ec2 create-flow-logs --region <REGION> --resource-type VPC --resource-ids <VPC_ID> --traffic-type ALL --log-destination-type s3 --log-destination <BUCKET_ARN>',
  },
  references: [
    'https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html#ec2-6',
    'https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs.html',
    'https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-troubleshooting.html',
  ],
  controls: [...fsbp('EC2.6'), ...cis('3.7', '3.7', '4.7')],
  reads: ['vpcs', 'flowLogs'],
  subjects: ({ network }) => network.vpcs,
  resource: vpcResource,
  judge(vpc, { network }) {
    const logs = network.flowLogs.items.filter(({ resourceId }) => resourceId === vpc.id);
    const good = logs.find(isGood);
    if (good) return pass(`${good.id} records ${good.trafficType} traffic of ${vpc.id}.`);
    if (network.flowLogs.failures.length > 0) return unknown(network.flowLogs.failures);
    return missing(vpc, logs);
  },
});

/** What is accepted alone leaves out whoever tries; an active log whose delivery fails records nothing. */
const isGood = ({ status, trafficType, deliverStatus }: FlowLog): boolean =>
  status === 'ACTIVE' && trafficType !== 'ACCEPT' && deliverStatus !== 'FAILED';

function missing({ id }: Vpc, logs: readonly FlowLog[]): Verdict {
  const [log] = logs;
  if (!log) return fail(`${id} has no flow log.`);
  const evidence = { flowLogs: logs.slice(0, 10) };
  if (log.deliverStatus === 'FAILED') return fail(`The delivery of ${log.id} of ${id} fails.`, { evidence });
  return fail(`${log.id} of ${id} is ${log.status} and records ${log.trafficType} traffic only.`, {
    evidence,
  });
}
