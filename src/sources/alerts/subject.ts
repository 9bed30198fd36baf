import type { Subject } from '../../events/event.ts';

type Labels = Readonly<Record<string, string | undefined>>;

/** Kubernetes' objects within a namespace, by the label that names one, the narrower first. */
const NAMESPACED = [
  'pod',
  'deployment',
  'statefulset',
  'daemonset',
  'cronjob',
  'job_name',
  'persistentvolumeclaim',
] as const;

/**
 * What an alert is about, by custom: the instance or host that it names, in Kubernetes the object in its namespace,
 * else the service, the job or the namespace. kube-state-metrics tells of others: there the instance is
 * its own and the object counts. Undefined when no label names any.
 */
export function subjectOf(labels: Labels): Subject | undefined {
  const isToldByOther = labels['job'] === 'kube-state-metrics';
  if (isToldByOther) return kubernetesObject(labels) ?? one('host', labels['node']) ?? lastOf(labels);
  return (
    one('host', labels['instance']) ??
    one('host', labels['host']) ??
    one('host', labels['hostname']) ??
    kubernetesObject(labels) ??
    one('host', labels['node']) ??
    lastOf(labels)
  );
}

const one = (kind: string, id: string | undefined): Subject | undefined =>
  id === undefined || id.trim() === '' ? undefined : { kind, id };

function kubernetesObject(labels: Labels): Subject | undefined {
  const label = NAMESPACED.find((name) => labels[name] !== undefined);
  const name = label && labels[label];
  if (label === undefined || name === undefined) return undefined;
  const namespace = labels['namespace'];
  const kind = label === 'job_name' ? 'job' : label;
  return one(kind, namespace === undefined ? name : `${namespace}/${name}`);
}

const lastOf = (labels: Labels): Subject | undefined =>
  one('service', labels['service']) ?? one('job', labels['job']) ?? one('namespace', labels['namespace']);
