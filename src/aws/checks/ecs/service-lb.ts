import { fail, notApplicable, pass } from '../check.ts';
import { defineServiceCheck } from './service-check.ts';

export const serviceLb = defineServiceCheck({
  id: 'ecs.service-lb',
  title: 'The service stands behind a load balancer',
  severity: 'low',
  why: 'What is asked over the network without a load balancer is asked task by task: without health checks, TLS at one place, or a way around a task that hangs. Workers that nobody asks need none: mute it for them.',
  fix: {
    console:
      'ECS > Clusters > the cluster > the service > Update > Load balancing: an Application or Network Load Balancer.',
    cli: 'aws ecs update-service --cluster <CLUSTER> --service <SERVICE> --load-balancers targetGroupArn=<TARGET_GROUP_ARN>,containerName=<CONTAINER>,containerPort=<PORT>',
  },
  references: [
    'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-load-balancing.html',
    'https://docs.aws.amazon.com/AmazonECS/latest/bestpracticesguide/networking.html',
  ],
  controls: [],
  reads: [],
  judge: ({ loadBalancers, schedulingStrategy, status }) => {
    if (status !== 'ACTIVE') return notApplicable(`It is ${status}.`);
    if (loadBalancers > 0) return pass('It stands behind a load balancer.');
    // One task on each instance: an agent, which serves its instance alone.
    if (schedulingStrategy === 'DAEMON') return notApplicable('It is a daemon of each instance.');
    return fail('It stands behind no load balancer.');
  },
});
