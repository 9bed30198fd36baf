import { describe, expect, it } from 'vitest';
import { reads } from '../inventory/reads.ts';
import { severities } from './check.ts';
import { ebsChecks } from './ebs/index.ts';
import { netChecks } from './net/index.ts';

const checks = [...netChecks, ...ebsChecks];

it('no two checks have the same id or title', () => {
  expect(new Set(checks.map(({ id }) => id)).size).toBe(checks.length);
  expect(new Set(checks.map(({ title }) => title)).size).toBe(checks.length);
});

describe.each(checks.map((check) => [check.id, check] as const))('%s', (id, check) => {
  it('is of the service that its id says', () => {
    expect(id).toMatch(new RegExp(`^${check.service}\\.[a-z0-9]+(?:-[a-z0-9]+)*$`));
  });

  it('says what it asserts, why, and what to do', () => {
    expect(check.title).toMatch(/^[A-Z].*[^.]$/);
    expect(check.title.length).toBeLessThanOrEqual(120);
    expect(check.why).toMatch(/^[A-Za-z].{30,400}\.$/);
    expect(check.fix.console.length).toBeGreaterThan(40);
    expect(check.fix.cli).toMatch(/^aws ec2 [a-z-]+ --region <REGION>/);
    expect(severities).toContain(check.severity);
  });

  it("leads to AWS's own documentation", () => {
    expect(check.references.length).toBeGreaterThan(0);
    for (const reference of check.references) {
      expect(reference).toMatch(/^https:\/\/docs\.aws\.amazon\.com\/[\w/.-]+\.html(?:#[\w-]+)?$/);
    }
    expect(new Set(check.references).size).toBe(check.references.length);
  });

  it('declares what it looks at by names that are known, each once', () => {
    expect(check.reads.length).toBeGreaterThan(0);
    for (const name of check.reads) expect(Object.keys(reads)).toContain(name);
    expect(new Set(check.reads).size).toBe(check.reads.length);
  });

  it('names controls of frameworks that are known, each once', () => {
    for (const { framework, version, control } of check.controls) {
      expect(`${framework} ${version} ${control}`).toMatch(
        /^(?:aws-fsbp 1\.0\.0 EC2\.\d+|cis-aws [34567]\.0\.0 \d\.\d+(?:\.\d+)?)$/,
      );
    }
    const said = check.controls.map(
      ({ framework, version, control }) => `${framework} ${version} ${control}`,
    );
    expect(new Set(said).size).toBe(said.length);
  });
});

it('has the controls that their frameworks give them, whose numbers moved', () => {
  const controlsOf = (id: string) =>
    checks
      .find((check) => check.id === id)
      ?.controls.map(({ framework, version, control }) => `${framework} ${version} ${control}`);
  expect(controlsOf('net.sg-cifs')).toEqual([
    'cis-aws 4.0.0 5.1.2',
    'cis-aws 5.0.0 5.1.2',
    'cis-aws 6.0.0 6.1.2',
    'cis-aws 7.0.0 6.1.2',
  ]);
  expect(controlsOf('net.sg-ssh')).toEqual(
    expect.arrayContaining([
      'aws-fsbp 1.0.0 EC2.13',
      'cis-aws 3.0.0 5.2',
      'cis-aws 5.0.0 5.4',
      'cis-aws 6.0.0 6.3',
    ]),
  );
});
