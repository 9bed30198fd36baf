import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { reads } from '../inventory/reads.ts';
import { type CheckStatus, checkedServices, severities } from './check.ts';
import { ebsFixtures } from './ebs/test-fixtures.ts';
import { regionFixtures } from './ecs/test-fixtures.ts';
import { controlsOf, frameworks } from './frameworks.ts';
import { checkIds } from './ids.ts';
import { allChecks, checksById, runChecks } from './index.ts';
import { netFixtures } from './net/test-fixtures.ts';
import { accountFixtures, bucketFixtures } from './s3/test-fixtures.ts';
import { accountOf, contextOf } from './test-inventory.ts';

/** The first forty: their ids are stable for good. */
const FIRST = Object.entries({
  ecs: `service-unhealthy service-public-ip td-privileged td-host-pid td-host-network td-readonly-root td-root-user
    td-env-secrets td-logging fargate-version container-insights`,
  s3: `public-policy public-acl-read public-write account-bpa bucket-bpa tls-only cross-account-admin acl-disabled
    encryption-kms versioning access-logging lifecycle`,
  ebs: 'volume-encrypted default-encryption snapshot-public snapshot-bpa snapshot-encrypted unattached',
  net: `sg-ssh sg-rdp sg-all-open sg-high-risk-ports sg-unauthorized-port sg-cifs sg-wide-public-cidr
    sg-default-restricts flow-logs nacl-admin-ports subnet-auto-public-ip`,
}).flatMap(([service, names]) => names.split(/\s+/).map((name) => `${service}.${name}`));

const fixtures: Readonly<Record<string, readonly { readonly status: CheckStatus }[]>> = {
  ...regionFixtures,
  ...bucketFixtures,
  's3.account-bpa': accountFixtures,
  ...ebsFixtures,
  ...netFixtures,
};

/** That anything could not be judged there is told by what could not be listed alone. */
const NEEDS_ITS_LIST_ALONE = new Set(['s3.dns-name']);

describe('the registry', () => {
  it('has every check once, each under its service', () => {
    const ids = allChecks.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect([...checksById.keys()]).toEqual(ids);
    for (const { id, service } of allChecks) expect(id).toMatch(new RegExp(`^${service}\\.[a-z0-9-]{2,40}$`));
  });

  it('has the first forty', () => {
    expect(FIRST).toHaveLength(40);
    expect(FIRST.filter((id) => !checksById.has(id))).toEqual([]);
  });

  it('has the ids that the config knows without loading it', () => {
    expect(checkIds).toEqual(allChecks.map(({ id }) => id));
  });

  it.each([...checkedServices])('has every check that lies in %s/', async (service) => {
    const folder = new URL(`${service}/`, import.meta.url);
    const files = readdirSync(folder).filter((name) => /^(?!index\.|test-)[a-z0-9-]+\.[jt]s$/.test(name));
    const modules = await Promise.all(files.map((name) => import(new URL(name, folder).href)));
    const found = modules.flatMap((exports: object) => Object.values(exports)).filter(isCheck);
    const registered = allChecks.filter((check) => check.service === service);
    expect(new Set(found)).toEqual(new Set(registered));
  });
});

const isCheck = (value: unknown): value is { readonly id: string; readonly run: unknown } =>
  typeof value === 'object' && value !== null && 'run' in value;

describe.each(allChecks.map((check) => [check.id, check] as const))('%s', (id, check) => {
  it('says what it asserts, why, and how to mend it', () => {
    expect(check.title).toMatch(/^[A-Z].{10,119}[^.]$/);
    expect(check.why.length).toBeGreaterThan(60);
    expect(check.why).toMatch(/[.!]$/);
    expect(check.fix.console.length).toBeGreaterThan(20);
    expect(check.fix.cli).toMatch(/^aws [a-z0-9-]+ /);
    expect(severities).toContain(check.severity);
  });

  it("refers to AWS's own pages, over HTTPS", () => {
    expect(check.references[0]).toMatch(/^https:\/\/docs\.aws\.amazon\.com\//);
    for (const reference of check.references) expect(new URL(reference).protocol).toBe('https:');
  });

  it('stands for controls of frameworks that are known', () => {
    for (const { framework, version, control } of check.controls) {
      expect(frameworks.map((one) => `${one.id} ${one.version}`)).toContain(`${framework} ${version}`);
      expect(control).toMatch(
        framework === 'aws-fsbp' ? /^(?:EC2|ECS|S3)\.[0-9]+$/ : /^[0-9](?:\.[0-9]{1,2}){1,2}$/,
      );
    }
  });

  it('reads what exists', () => {
    expect(check.reads.length).toBeGreaterThan(0);
    for (const name of check.reads) expect(reads).toHaveProperty(name);
  });

  it('has fixtures that pass, fail and cannot be judged', () => {
    const statuses = new Set((fixtures[id] ?? []).map(({ status }) => status));
    const wanted: readonly CheckStatus[] = NEEDS_ITS_LIST_ALONE.has(id)
      ? ['PASS', 'FAIL']
      : ['PASS', 'FAIL', 'UNKNOWN'];
    for (const status of wanted) expect(statuses).toContain(status);
  });
});

describe('controls', () => {
  it('are listed by framework and version, in their order, with the checks behind them', () => {
    const cis = controlsOf('cis-aws', '5.0.0');
    expect(cis.get('2.1.4')).toEqual(['s3.account-bpa', 's3.bucket-bpa']);
    expect([...cis.keys()].indexOf('2.1.2')).toBeLessThan([...cis.keys()].indexOf('2.1.4'));
    expect(controlsOf('aws-fsbp', '1.0.0').get('S3.2')).toEqual(['s3.public-policy', 's3.public-acl-read']);
    const numbers = [...controlsOf('aws-fsbp', '1.0.0').keys()].filter((name) => name.startsWith('S3.'));
    expect(numbers.indexOf('S3.9')).toBeLessThan(numbers.indexOf('S3.12'));
    expect(controlsOf('cis-aws', '1.0.0').size).toBe(0);
  });

  it('exist of each framework that has a name', () => {
    for (const { id, version } of frameworks) expect(controlsOf(id, version).size).toBeGreaterThan(0);
  });
});

describe('running checks', () => {
  it('stops where the caller stops', () => {
    const context = contextOf(accountOf());
    let ran = 0;
    for (const runs of runChecks(allChecks, context)) {
      ran += 1;
      expect(runs).toBeDefined();
      if (ran === 3) break;
    }
    expect(ran).toBe(3);
  });

  it('says nothing of an empty account but what the account itself says', () => {
    const runs = [...runChecks(allChecks, contextOf(accountOf()))].flat();
    expect(runs.flatMap(({ results }) => results).map(({ resource }) => resource.type)).toEqual(['account']);
  });
});
