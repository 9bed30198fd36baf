import { expect, test } from 'vitest';
import { ManualClock } from '../../tests/support/manual-clock.ts';
import { nothingIsFetched } from '../../tests/support/open-scheme.ts';
import { sqreen } from './kinds/sqreen.ts';
import { openSource } from './open-source.ts';
import type { VerificationSettings } from './schemes/settings.ts';

const KEY = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const TOPIC = 'arn:aws:sns:eu-west-1:123456789012:alerts';
const windowOf = (verification: VerificationSettings): number =>
  openSource(sqreen, {}, verification, {
    id: 'tested',
    ownApplication: {},
    clock: new ManualClock(),
    http: nothingIsFetched,
  }).replayWindowMs;
const minutes = (ms: number) => ms / 60_000;

test('a source remembers for longer than the signed time lets a request be sent again, before and after it', () => {
  expect(minutes(windowOf({ scheme: 'standard', key: KEY }))).toBeGreaterThan(10);
  expect(minutes(windowOf({ scheme: 'stripe', key: KEY }))).toBeGreaterThan(10);
  expect(minutes(windowOf({ scheme: 'slack', key: KEY, tolerance: '1h' }))).toBeGreaterThan(120);
  expect(minutes(windowOf({ scheme: 'sns', topics: [TOPIC] }))).toBeGreaterThan(130);
  const signature = { header: 'X-Sign', timestampHeader: 'X-Time' };
  expect(minutes(windowOf({ scheme: 'hmac', key: KEY, signature }))).toBeGreaterThan(10);
});

test('a source whose scheme signs no time asks for nothing beyond the configured window', () => {
  expect(windowOf({ key: KEY })).toBe(0);
  expect(windowOf({ scheme: 'github', key: KEY })).toBe(0);
  expect(windowOf({ scheme: 'bearer', key: KEY })).toBe(0);
  expect(windowOf({ scheme: 'mtls' })).toBe(0);
  expect(windowOf({ scheme: 'hmac', key: KEY, signature: { header: 'X-Sign' } })).toBe(0);
});
