import { fail, pass } from '../check.ts';
import { defineClusterCheck } from './cluster-check.ts';

export const idleCluster = defineClusterCheck({
  id: 'ecs.idle-cluster',
  title: 'The cluster has services or tasks',
  severity: 'low',
  why: 'Nobody looks after a cluster that nothing runs in. Its instances cost all the same, and its roles and groups stay open to be used.',
  fix: {
    console: 'ECS > Clusters > the cluster > Delete cluster, after its instances are gone.',
    cli: 'aws ecs delete-cluster --cluster <CLUSTER>',
  },
  references: ['https://docs.aws.amazon.com/AmazonECS/latest/developerguide/delete_cluster-new-console.html'],
  controls: [],
  reads: [],
  judge: ({ activeServices, runningTasks, pendingTasks, containerInstances }) => {
    if (activeServices > 0 || runningTasks > 0 || pendingTasks > 0)
      return pass(`It has ${activeServices} services, and ${runningTasks + pendingTasks} tasks.`);
    const instances = containerInstances > 0 ? `, though ${containerInstances} instances` : '';
    return fail(`It has neither services nor tasks${instances}.`, { evidence: { containerInstances } });
  },
});
