import { serviceHealth } from '../../analysis/service-health.ts';
import { fail, notApplicable, pass } from '../check.ts';
import { defineServiceCheck } from './service-check.ts';

export const serviceUnhealthy = defineServiceCheck({
  id: 'ecs.service-unhealthy',
  title: 'The service runs all of its tasks and its deployments come to an end',
  severity: 'high',
  why: 'Fewer tasks than wanted carry the load, or none does. A deployment that failed or hangs leaves the old version running, with the faults that the new one was to end.',
  fix: {
    console:
      'ECS > Clusters > the cluster > the service > Events and Deployments: the newest events say why tasks stop or cannot be placed. Logs of stopped tasks are under Tasks, filter "Stopped".',
    cli: 'aws ecs describe-services --cluster <CLUSTER> --services <SERVICE> --query "services[0].{deployments:deployments,events:events[:10]}"',
  },
  references: [
    'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages.html',
    'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html',
  ],
  controls: [],
  reads: [],
  judge: (service, _region, { now, parameters }) => {
    if (service.status !== 'ACTIVE') return notApplicable(`It is ${service.status}.`);
    const { isHealthy, troubles } = serviceHealth(service, now, parameters.stuckDeploymentMinutes);
    const { running, desired, pending } = service;
    if (isHealthy) return pass(`${running} of ${desired} tasks run.`);
    return fail(`It is not healthy: ${troubles.map(({ detail }) => detail).join('; ')}.`, {
      evidence: { running, desired, pending, troubles: troubles.map(({ kind }) => kind) },
    });
  },
});
