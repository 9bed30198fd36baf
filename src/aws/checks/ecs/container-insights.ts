import { fail, pass, type Verdict } from '../check.ts';
import { fsbp } from '../controls.ts';
import { defineClusterCheck } from './cluster-check.ts';

export const containerInsights = defineClusterCheck({
  id: 'ecs.container-insights',
  title: 'Container Insights is on for the cluster',
  severity: 'medium',
  why: 'Without it CloudWatch has next to no figures of tasks and containers: neither alarms nor an inquiry have anything to go by.',
  fix: {
    console: 'ECS > Clusters > the cluster > Update cluster > Monitoring: Container Insights.',
    cli: 'aws ecs update-cluster-settings --cluster <CLUSTER> --settings name=containerInsights,value=enabled',
  },
  references: [
    'https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-container-insights.html',
    'https://docs.aws.amazon.com/securityhub/latest/userguide/ecs-controls.html#ecs-12',
  ],
  controls: fsbp('ECS.12'),
  reads: [],
  judge: ({ containerInsights: value }) => {
    if (value === 'enabled' || value === 'enhanced') return pass(`Container Insights is ${value}.`);
    return value === null
      ? UNSAID
      : fail('Container Insights is off.', { evidence: { containerInsights: value } });
  },
});

/** An answer without its settings says neither. */
const UNSAID: Verdict = {
  status: 'UNKNOWN',
  reason: 'Not judged: AWS did not say how Container Insights is set.',
};
