import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { exitCodes } from '../../src/cli/exit-codes.ts';
import { describeWith } from '../support/needs.ts';
import { settingsVariables, STOP_SECONDS, textOf } from './promises.ts';

const UNIT = 'deploy/systemd/tocsin.service';
const SECRETS = 'deploy/systemd/secrets.conf';
/** `systemd-analyze` counts exposure from 0 to 100; an ordinary service has over 90. */
const EXPOSURE_MAX = 20;

const valuesOf = (path: string, key: string): string[] =>
  [...textOf(path).matchAll(new RegExp(`^${key}=(.*)$`, 'gm'))].map(([, value = '']) => value);

test('the unit and its secrets set only variables that the service knows', () => {
  const set = [UNIT, SECRETS]
    .flatMap((path) => valuesOf(path, 'Environment'))
    .map((pair) => pair.split('=')[0] ?? '');
  expect(set.filter((name) => name !== 'NODE_ENV' && !settingsVariables.includes(name))).toEqual([]);
});

test('every secret is a file that systemd hands over, and none stands in the unit', () => {
  const handed = valuesOf(SECRETS, 'LoadCredential').map((pair) => `%d/${pair.split(':')[0]}`);
  expect(valuesOf(SECRETS, 'Environment').map((pair) => pair.split('=')[1])).toEqual(handed);
  expect(textOf(UNIT)).not.toMatch(/TOKEN|KEY=|PASSWORD|DATABASE_URL/);
});

test('a start that must fail again is not tried again, and a stop waits for what is being sent', () => {
  const [codes = ''] = valuesOf(UNIT, 'RestartPreventExitStatus');
  expect(codes.split(' ').map(Number)).toEqual([exitCodes.usage, exitCodes.config]);
  expect(Number(valuesOf(UNIT, 'TimeoutStopSec')[0])).toBeGreaterThan(STOP_SECONDS);
});

test('the service is nobody in particular, cannot gain a privilege and finds the machine read-only', () => {
  const expected = {
    DynamicUser: 'yes',
    NoNewPrivileges: 'yes',
    ProtectSystem: 'strict',
    CapabilityBoundingSet: '',
  };
  for (const [key, value] of Object.entries(expected)) expect(valuesOf(UNIT, key), key).toEqual([value]);
});

await describeWith('systemd', 'systemd', () => {
  let directory: string;
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'tocsin-unit-'));
    // Where this machine has its Node.
    writeFileSync(join(directory, 'tocsin.service'), textOf(UNIT).replace('/usr/bin/node', process.execPath));
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));
  const analyze = (...args: readonly string[]) => {
    const { status, stdout, stderr } = spawnSync(
      'systemd-analyze',
      [...args, join(directory, 'tocsin.service')],
      {
        encoding: 'utf8',
      },
    );
    return { status, output: stdout + stderr };
  };

  test('understands every line of the unit', () => {
    expect(analyze('verify', '--man=no')).toEqual({ status: 0, output: '' });
  });

  test('finds it little exposed', () => {
    const { status, output } = analyze('security', '--offline=true', `--threshold=${EXPOSURE_MAX}`);
    expect(status, output).toBe(0);
  });
});
