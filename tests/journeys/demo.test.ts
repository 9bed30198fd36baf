import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { until } from '../support/until.ts';

const MAIN = fileURLToPath(new URL('../../demo/main.js', import.meta.url));
const ENDS_MS = 60_000;

interface Demo {
  readonly process: ChildProcess;
  readonly directory: string;
  readonly output: () => string;
  readonly ended: Promise<number | string>;
}

const demos: Demo[] = [];

/** The demo with a directory of its own for what it leaves behind. */
function startDemo(...args: readonly string[]): Demo {
  const directory = mkdtempSync(join(tmpdir(), 'tocsin-test-'));
  const child = spawn(process.execPath, [MAIN, ...args], {
    env: { PATH: process.env['PATH'] ?? '', TMPDIR: directory },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  const ended = once(child, 'close').then(
    ([code, signal]: (number | string | null)[]) => code ?? signal ?? '',
  );
  const demo = { process: child, directory, output: () => output, ended };
  demos.push(demo);
  return demo;
}

afterAll(async () => {
  for (const demo of demos) {
    // In order first: the demo ends the service that it started.
    demo.process.kill('SIGTERM');
    await demo.ended;
    rmSync(demo.directory, { recursive: true, force: true });
  }
});

const urlOf = (demo: Demo): string | undefined => /(http:\/\/\S+)\/#token=/.exec(demo.output())?.[1];

async function expectNothingLeft(demo: Demo): Promise<void> {
  expect(readdirSync(demo.directory)).toEqual([]);
  await expect(fetch(urlOf(demo) ?? '')).rejects.toThrow();
}

describe('the demo, until the first new incident was told', () => {
  let demo: Demo;
  let summary: string;
  beforeAll(async () => {
    demo = startDemo('--seconds', '16');
    expect(await demo.ended, demo.output()).toBe(0);
    summary = demo.output().slice(demo.output().indexOf('in the end'));
  }, ENDS_MS);

  const counted = (pattern: RegExp): number => Number(pattern.exec(summary)?.[1] ?? 0);

  test.each(['log', 'mail', 'http', 'sms', 'slack'])('delivers to %s', (target) => {
    expect(counted(new RegExp(`delivered .*\\b${target} (\\d+)`)), summary).toBeGreaterThan(0);
  });

  test('absorbs what a sender repeats', () => {
    expect(counted(/(\d+) duplicates absorbed/), summary).toBeGreaterThan(0);
  });

  test('refuses forged and malformed requests', () => {
    expect(counted(/refused .*401 ×(\d+)/), summary).toBeGreaterThan(0);
    expect(counted(/refused .*422 ×(\d+)/), summary).toBeGreaterThan(0);
  });

  test('shows retries that arrive and exactly one dead letter', () => {
    expect(counted(/retries (\d+)/), summary).toBeGreaterThan(0);
    expect(demo.output()).toContain('retry arrived');
    expect(counted(/dead letters (\d+)/), summary).toBe(1);
  });

  test('reads an incident feed that is slow and forgets addresses', () => {
    expect(counted(/incidents +(\d+) listed/), summary).toBeGreaterThan(2_100);
    expect(counted(/about (\d+) employees/), summary).toBeGreaterThan(1_000);
  });

  test('tells of each incident that the feed lists anew, and it reaches its targets', () => {
    const listed = demo.output().match(/listed by the incident API/g) ?? [];
    expect(listed.length, demo.output()).toBeGreaterThan(0);
    expect(counted(/(\d+) new ones told/), summary).toBe(listed.length);
    for (const target of ['log', 'mail', 'slack'])
      expect(demo.output()).toMatch(new RegExp(`out +${target} .*Intrusion incident: employee`));
  });

  test('scans an AWS account, and something in it changes', () => {
    expect(counted(/aws +(\d+) findings open/), summary).toBeGreaterThan(10);
    expect(demo.output()).toContain('changed in the account');
    expect(demo.output()).toContain('aws_secret_access_key');
  });

  test('loses nothing', () => {
    const [accepted, events, repeats] = [/(\d+) notifications/, /(\d+) events/, /(\d+) duplicates/].map(
      counted,
    );
    expect(accepted).toBe((events ?? 0) + (repeats ?? 0));
    expect(counted(/waiting (\d+)/), summary).toBe(0);
  });

  test('leaves nothing behind', () => expectNothingLeft(demo));
});

test('ends on Ctrl-C with its summary and leaves nothing behind', async () => {
  const demo = startDemo();
  await until('a delivery', () => demo.output().includes('out'));
  demo.process.kill('SIGINT');
  expect(await demo.ended, demo.output()).toBe(0);
  expect(demo.output()).toContain('in the end');
  await expectNothingLeft(demo);
});

test('says how to call it when it is called otherwise', async () => {
  for (const args of [['--seconds', 'many'], ['--seconds', '-1'], ['--fast']]) {
    const demo = startDemo(...args);
    expect(await demo.ended).toBe(2);
    expect(demo.output()).toContain('--seconds');
  }
});
