import { setMaxListeners } from 'node:events';
import { expect, test } from 'vitest';
import { ManualClock } from '../../../tests/support/manual-clock.ts';
import { Gate } from './gate.ts';
import { Rates } from './rates.ts';

/** Never aborted, however many listen. */
function unbounded(): AbortSignal {
  const { signal } = new AbortController();
  setMaxListeners(0, signal);
  return signal;
}

test('lets a burst through, then as many a second as AWS allows', () => {
  const clock = new ManualClock();
  const bucket = new Rates(clock).of('ecs', 'us-west-2', 'DescribeServicesCommand');
  const waits = Array.from({ length: 116 }, () => bucket.reserve());
  expect(waits.filter((ms) => ms === 0)).toHaveLength(80);
  expect(waits.at(-1)).toBe(2_000);
});

test('below what AWS has for an account, unless it is told to go beyond it', () => {
  const atOnce = (pace: 'careful' | 'fast'): number => {
    const bucket = new Rates(new ManualClock(), pace).of('ecs', 'us-west-2', 'DescribeTaskDefinitionCommand');
    return Array.from({ length: 300 }, () => bucket.reserve()).filter((ms) => ms === 0).length;
  };
  expect(atOnce('careful')).toBeLessThan(50);
  expect(atOnce('fast')).toBeGreaterThan(50);
});

test('each call, region and service has its own turns', () => {
  const rates = new Rates(new ManualClock());
  const use = (...[service, region, call]: Parameters<Rates['of']>) => {
    for (let calls = 0; calls < 300; calls += 1) rates.of(service, region, call).reserve();
  };
  use('ec2', 'us-west-2', 'DescribeVolumesCommand');
  expect(rates.of('ec2', 'us-west-2', 'DescribeVolumesCommand').reserve()).toBeGreaterThan(0);
  expect(rates.of('ec2', 'eu-west-1', 'DescribeVolumesCommand').reserve()).toBe(0);
  expect(rates.of('ec2', 'us-west-2', 'DescribeVpcsCommand').reserve()).toBe(0);
});

test('a clock that is set back gives no turns and takes none', async () => {
  let now = 1_000_000;
  const bucket = new Rates({ now: () => now, after: () => () => undefined }).of('sts', 'us-west-2', 'A');
  for (let calls = 0; calls < 20; calls += 1) expect(bucket.reserve()).toBe(0);
  now -= 500_000;
  expect(bucket.reserve()).toBeGreaterThan(0);
  expect(bucket.reserve()).toBeLessThan(1_000);
});

test('the first answer that it is too much ends the burst for those who have not begun', async () => {
  const clock = new ManualClock();
  const gate = new Gate({ clock, callsAtOnce: 4, pace: 'fast', stop: unbounded() });
  let sent = 0;
  const slowDown = Object.assign(new Error('slow down'), { name: 'ThrottlingException' });
  const attempt = gate.around('ecs', 'us-west-2')(
    () => {
      sent += 1;
      return Promise.reject(slowDown);
    },
    { commandName: 'DescribeTaskDefinitionCommand' },
  );
  const all = Promise.allSettled(Array.from({ length: 100 }, () => attempt(undefined)));
  await clock.advance(0);
  expect(sent).toBeLessThanOrEqual(8);
  await clock.advance(1_000);
  expect(sent).toBeLessThanOrEqual(8 + 19);
  await clock.advance(60_000);
  await all;
  expect(sent).toBe(100);
  expect(gate.throttled).toBe(100);
});

test('nobody holds a place while waiting for a turn', async () => {
  const clock = new ManualClock();
  const gate = new Gate({ clock, callsAtOnce: 1, pace: 'careful', stop: unbounded() });
  const done: string[] = [];
  const call = (service: 'sts' | 's3') =>
    gate.around(service, 'us-west-2')(
      () => {
        done.push(service);
        return Promise.resolve();
      },
      { commandName: 'A' },
    );
  const busy = Array.from({ length: 30 }, () => call('sts')(undefined));
  await clock.advance(0);
  expect(done).toHaveLength(20);
  const other = call('s3')(undefined);
  await clock.advance(0);
  expect(done.at(-1)).toBe('s3');
  await clock.advance(5_000);
  await Promise.all([...busy, other]);
});
