import { expect, test } from 'vitest';
import { fixedIds } from './fixed-id.ts';
import { MESSAGE_ID_PATTERN } from './wire.ts';

const idOf = fixedIds('a master key of some length');

test('the same key gives the same UUIDv4 each time, and on each replica', () => {
  const id = idOf('dlv_1 attempt');
  expect(id).toBe(fixedIds('a master key of some length')('dlv_1 attempt'));
  expect(id).toMatch(new RegExp(MESSAGE_ID_PATTERN));
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

test('another key gives another id, and so does another master key', () => {
  const ids = Array.from({ length: 1_000 }, (_, n) => idOf(`dlv_${n}`));
  expect(new Set(ids).size).toBe(1_000);
  expect(fixedIds('another master key')('dlv_1')).not.toBe(idOf('dlv_1'));
});
