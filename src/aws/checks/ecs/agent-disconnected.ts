import type { ContainerInstance } from '../../inventory/ecs.ts';
import { defineRegionCheck, fail, notApplicable, pass } from '../check.ts';
import { lastPart, withinClusters } from './within-clusters.ts';

export const agentDisconnected = defineRegionCheck<ContainerInstance>({
  id: 'ecs.agent-disconnected',
  service: 'ecs',
  title: 'The agent of the container instance is connected',
  severity: 'medium',
  why: 'ECS neither starts nor stops anything on an instance whose agent it does not hear: what runs there runs on, unseen and without updates.',
  fix: {
    console:
      'ECS > Clusters > the cluster > Infrastructure > the instance: restart the agent on it (systemctl restart ecs), look at its network and role, or drain and replace it.',
    cli: 'aws ecs update-container-instances-state --cluster <CLUSTER> --container-instances <INSTANCE> --status DRAINING',
  },
  references: [
    'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-agent-disconnected-troubleshooting.html',
    'https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerInstance.html',
  ],
  controls: [],
  reads: ['clusters', 'containerInstances'],
  subjects: ({ ecs }) => withinClusters(ecs, ecs.containerInstances),
  resource: ({ arn, clusterArn, instanceId }, { region }) => ({
    type: 'container-instance',
    arn,
    name: `${lastPart(clusterArn)}/${instanceId ?? lastPart(arn)}`,
    region,
  }),
  judge: ({ status, isAgentConnected, agentVersion, runningTasks }) => {
    if (status === 'INACTIVE' || status === 'REGISTERING' || status === 'DEREGISTERING')
      return notApplicable(`It is ${status}.`);
    if (isAgentConnected) return pass('Its agent is connected.');
    return fail(`Its agent is not connected; ${runningTasks} tasks run there.`, {
      evidence: { status, agentVersion, runningTasks },
    });
  },
});
