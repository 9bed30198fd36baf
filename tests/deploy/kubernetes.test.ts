import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Deployment } from 'kubernetes-models/apps/v1';
import { HorizontalPodAutoscaler } from 'kubernetes-models/autoscaling/v2';
import { Ingress, NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1';
import { ConfigMap, Namespace, Secret, Service, ServiceAccount } from 'kubernetes-models/v1';
import { describe, expect, test } from 'vitest';
import { checkService } from '../../src/cli/check-service.ts';
import { at, listAt, textAt } from '../support/ask.ts';
import { environmentOf, imageStage, root } from '../support/dockerfile.ts';
import {
  entriesOf,
  manifestsOf,
  packageVersion,
  PINNED,
  settingsVariables,
  STOP_SECONDS,
  textsIn,
  yamlOf,
} from './promises.ts';

const FOLDER = 'deploy/kubernetes';
const KUSTOMIZATION = 'kustomization.yaml';
const EXAMPLE = 'secret.example.yaml';
const fileNames = readdirSync(join(root, FOLDER)).filter(
  (name) => name.endsWith('.yaml') && name !== KUSTOMIZATION,
);
const manifests = fileNames.flatMap((file) =>
  manifestsOf(`${FOLDER}/${file}`).map((manifest) => ({
    name: `${String(at(manifest, 'kind'))} ${String(at(manifest, 'metadata', 'name'))} of ${file}`,
    kind: String(at(manifest, 'kind')),
    manifest,
  })),
);
const ofKind = (kind: string): unknown[] =>
  manifests.filter((one) => one.kind === kind).map(({ manifest }) => manifest);
const deployments = ofKind('Deployment').map((manifest) => ({
  name: textAt(manifest, 'metadata', 'name'),
  manifest,
  pod: at(manifest, 'spec', 'template', 'spec'),
  container: at(manifest, 'spec', 'template', 'spec', 'containers', 0),
}));
const variables = (container: unknown): [string, string][] =>
  listAt(container, 'env').map((one) => [textAt(one, 'name'), textAt(one, 'value')]);

/** The classes of the API's own schemas, by what a manifest calls itself. */
const models = {
  ConfigMap,
  Deployment,
  HorizontalPodAutoscaler,
  Ingress,
  Namespace,
  NetworkPolicy,
  PodDisruptionBudget,
  Secret,
  Service,
  ServiceAccount,
} as const;

function validate(kind: string, manifest: unknown): void {
  const known: Readonly<Record<string, new (data: never) => { validate(): void }>> = models;
  const Model = known[kind];
  if (Model === undefined) throw new TypeError(`no schema for ${kind}`);
  // Whether it fits is what validate() finds out.
  new Model(manifest as never).validate();
}

describe('the manifests', () => {
  test.each(manifests)('$name fits the schema of the API and names its version', ({ kind, manifest }) => {
    validate(kind, manifest);
    const known: Readonly<Record<string, { readonly apiVersion: string }>> = models;
    expect(at(manifest, 'apiVersion')).toBe(known[kind]?.apiVersion);
  });

  test('a manifest that does not fit is found', () => {
    const [first] = ofKind('Deployment');
    expect(() => validate('Deployment', { ...Object(first), spec: { replicas: 'two' } })).toThrow();
  });

  test.each(manifests)(
    '$name is in the namespace, which admits restricted pods only',
    ({ kind, manifest }) => {
      const where =
        kind === 'Namespace' ? at(manifest, 'metadata', 'name') : at(manifest, 'metadata', 'namespace');
      expect(where).toBe('tocsin');
      const [namespace] = ofKind('Namespace');
      expect(at(namespace, 'metadata', 'labels', 'pod-security.kubernetes.io/enforce')).toBe('restricted');
    },
  );

  test('are all applied, but for the example of the secret', () => {
    const resources = textsIn(at(yamlOf(`${FOLDER}/${KUSTOMIZATION}`), 'resources'));
    expect(resources.toSorted()).toEqual(fileNames.filter((name) => name !== EXAMPLE).sort());
    expect(ofKind('Secret')).toHaveLength(1);
  });
});

describe.each(deployments)('$name', ({ name, manifest, pod, container }) => {
  test('keeps the restricted standard and a read-only root', () => {
    expect(at(pod, 'securityContext')).toMatchObject({
      runAsNonRoot: true,
      runAsUser: 10001,
      seccompProfile: { type: 'RuntimeDefault' },
    });
    expect(at(container, 'securityContext')).toEqual({
      allowPrivilegeEscalation: false,
      privileged: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    for (const key of ['hostNetwork', 'hostPID', 'hostIPC']) expect(at(pod, key), key).toBeUndefined();
    const volumes = listAt(pod, 'volumes').map((volume) => entriesOf(volume).map(([key]) => key));
    expect(volumes).toEqual([
      ['name', 'configMap'],
      ['name', 'secret'],
    ]);
  });

  test("has nothing to do with the cluster's own API", () => {
    expect(at(pod, 'serviceAccountName')).toBe('tocsin');
    expect(at(pod, 'automountServiceAccountToken')).toBe(false);
  });

  test('names an image with a version, the one that is built here', () => {
    const image = textAt(container, 'image');
    expect(image).toMatch(PINNED);
    expect(image.split(':').at(-1)).toBe(packageVersion());
    const [replaced] = listAt(yamlOf(`${FOLDER}/${KUSTOMIZATION}`), 'images');
    expect(image).toBe(`${textAt(replaced, 'name')}:${textAt(replaced, 'newTag')}`);
  });

  test('sets variables that the service knows, secrets only as files that are mounted', () => {
    const unknown = variables(container).filter(([variable]) => !settingsVariables.includes(variable));
    expect(unknown).toEqual([]);
    const keys = entriesOf(at(ofKind('Secret')[0], 'stringData')).map(
      ([key]) => `/run/secrets/tocsin/${key}`,
    );
    const paths = variables(container).flatMap(([variable, value]) =>
      variable.endsWith('_FILE') ? [value] : [],
    );
    expect(paths.sort()).toEqual(keys.sort());
  });

  test('does one role, and is probed where it answers whatever its role', () => {
    expect(variables(container)).toContainEqual(['TOCSIN_ROLES', name.replace('tocsin-', '')]);
    const port = Number(new Map(variables(container)).get('TOCSIN_HEALTH_PORT'));
    expect(listAt(container, 'ports')).toContainEqual({ name: 'health', containerPort: port });
    const probe = (kind: string) => at(container, `${kind}Probe`, 'httpGet');
    expect(probe('startup')).toEqual({ path: '/livez', port: 'health' });
    expect(probe('liveness')).toEqual({ path: '/livez', port: 'health' });
    expect(probe('readiness')).toEqual({ path: '/readyz', port: 'health' });
  });

  test('is given the time to end what it sends, and bounds for what it takes', () => {
    const grace = Number(at(pod, 'terminationGracePeriodSeconds'));
    const before = Number(at(container, 'lifecycle', 'preStop', 'sleep', 'seconds') ?? 0);
    expect(grace).toBeGreaterThan(before + STOP_SECONDS);
    expect(at(container, 'resources', 'limits', 'memory')).toBeDefined();
    expect(at(container, 'resources', 'requests', 'cpu')).toBeDefined();
  });

  test('selects its own pods', () => {
    expect(at(manifest, 'spec', 'selector', 'matchLabels')).toEqual(
      at(manifest, 'spec', 'template', 'metadata', 'labels'),
    );
  });
});

describe('what belongs together', () => {
  const labelsOf = (deployment: string) =>
    at(deployments.find(({ name }) => name === deployment)?.manifest, 'spec', 'selector', 'matchLabels');

  test('the ingress leads to the service, the service to the port of the API', () => {
    const [service] = ofKind('Service');
    const backend = at(ofKind('Ingress')[0], 'spec', 'rules', 0, 'http', 'paths', 0, 'backend', 'service');
    expect(backend).toEqual({ name: at(service, 'metadata', 'name'), port: { name: 'http' } });
    expect(at(service, 'spec', 'selector')).toEqual(labelsOf('tocsin-api'));
    expect(at(service, 'spec', 'ports', 0, 'targetPort')).toBe('http');
    const api = deployments.find(({ name }) => name === 'tocsin-api');
    expect(listAt(api?.container, 'ports')).toContainEqual({ name: 'http', containerPort: 9000 });
  });

  test('the autoscaler scales the API, whose number nothing else says', () => {
    expect(at(ofKind('HorizontalPodAutoscaler')[0], 'spec', 'scaleTargetRef')).toEqual({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      name: 'tocsin-api',
    });
    const api = deployments.find(({ name }) => name === 'tocsin-api');
    expect(at(api?.manifest, 'spec', 'replicas')).toBeUndefined();
  });

  test('a disruption leaves one of each role that carries the load', () => {
    const guarded = ofKind('PodDisruptionBudget').map((budget) =>
      at(budget, 'spec', 'selector', 'matchLabels'),
    );
    expect(guarded).toEqual([labelsOf('tocsin-api'), labelsOf('tocsin-deliver')]);
  });

  test('all traffic is denied, but in from the ingress controller and out to what is named', () => {
    const policies = ofKind('NetworkPolicy');
    const [deny] = policies;
    expect(at(deny, 'spec')).toEqual({ podSelector: {}, policyTypes: ['Ingress', 'Egress'] });
    const into = policies.flatMap((policy) => (at(policy, 'spec', 'ingress') === undefined ? [] : [policy]));
    expect(into).toHaveLength(1);
    expect(at(into[0], 'spec', 'podSelector', 'matchLabels')).toEqual(labelsOf('tocsin-api'));
    expect(at(into[0], 'spec', 'ingress', 0, 'ports')).toEqual([{ protocol: 'TCP', port: 9000 }]);
    const blocks = JSON.stringify(policies.map((policy) => at(policy, 'spec', 'egress')));
    for (const network of ['169.254.0.0/16', '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7']) {
      expect(blocks).toContain(network);
    }
    // Feeds and accounts are asked over HTTPS.
    const all = policies.filter((policy) => textAt(policy, 'metadata', 'name') === 'to-the-internet');
    expect(at(all[0], 'spec', 'podSelector', 'matchLabels')).toEqual({ 'app.kubernetes.io/name': 'tocsin' });
    expect(at(all[0], 'spec', 'egress', 0, 'ports')).toContainEqual({ protocol: 'TCP', port: 443 });
  });
});

test.each(deployments)(
  'the config that $name is given is one that the service starts with',
  ({ container }) => {
    const cwd = mkdtempSync(join(tmpdir(), 'tocsin-kubernetes-'));
    try {
      writeFileSync(join(cwd, 'tocsin.yaml'), textAt(ofKind('ConfigMap')[0], 'data', 'tocsin.yaml'));
      for (const [key, value] of entriesOf(at(ofKind('Secret')[0], 'stringData')))
        writeFileSync(join(cwd, key), String(value));
      const here = variables(container).map(([name, value]) => [
        name,
        value.replace('/run/secrets/tocsin', cwd),
      ]);
      const env = { ...environmentOf(imageStage()), ...Object.fromEntries(here) };
      expect(checkService({ env, cwd, flags: {} })).toMatchObject({ kind: 'ok' });
    } finally {
      rmSync(cwd, { recursive: true });
    }
  },
);
