import { expect, test } from 'vitest';
import { type LogFields, silentLogger } from '../kernel/log.ts';
import { BreakerLog } from './breaker-log.ts';
import { testTarget } from './test-delivery.ts';

test('a breaker that opens is told once with why, half open or not, and once that it is closed', () => {
  const lines: [string, LogFields][] = [];
  const told = new BreakerLog({
    ...silentLogger,
    warn: (fields, message) => void lines.push([message, fields]),
    info: (fields, message) => void lines.push([message, fields]),
  });
  const { open } = testTarget('chat');
  for (const until of [0, 0, 5_000, 5_000, 9_000, 0, 0]) told.note(open, until, 'connection_refused');
  expect(lines.map(([message]) => message)).toEqual([
    'a target takes nothing: its deliveries wait, and one is tried now and then',
    'a target takes deliveries again',
  ]);
  expect(lines[0]?.[1]).toMatchObject({ 'tocsin.target.id': 'chat', reason: 'connection_refused' });
});
