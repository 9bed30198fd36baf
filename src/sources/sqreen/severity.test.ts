import { expect, test } from 'vitest';
import { readNotification } from './notification.ts';
import { severityOf } from './severity.ts';

const severityIn = (record: Record<string, unknown>) => severityOf(readNotification(record));
const event = (fields: object) => severityIn({ sqreen_payload_type: 'security_event', ...fields });

test.each([
  [0, 'informational'],
  [0.5, 'low'],
  [25, 'low'],
  [39.9, 'low'],
  [40, 'medium'],
  [69, 'medium'],
  [70, 'high'],
  [89, 'high'],
  [90, 'critical'],
  [100, 'critical'],
])('takes a risk of %d for %s, under either name', (risk, severity) => {
  expect(event({ risk })).toBe(severity);
  expect(severityIn({ message_type: 'security_event', message: { risk_coefficient: risk } })).toBe(severity);
});

test.each([-1, 101, Infinity, '90', null, [90], {}])('goes by the category when the risk is %j', (risk) => {
  expect(event({ risk, event_category: 'injection' })).toBe('high');
});

test.each([
  ['injection', 'high'],
  ['authentication', 'medium'],
  ['http_error', 'low'],
  ['package', 'medium'],
  [undefined, 'medium'],
])('takes an event of category %s without risk for %s', (event_category, severity) => {
  expect(event({ event_category })).toBe(severity);
});

test.each([
  ['account_takeover', true, 'high'],
  ['account_takeover', false, 'critical'],
  ['sql_injection', undefined, 'critical'],
  ['http_scan', true, 'medium'],
  ['http_scan', false, 'high'],
  [undefined, undefined, 'high'],
])('takes a pulse of genre %s, blocked %s, for %s', (pulse_genre, blocked, severity) => {
  expect(severityIn({ sqreen_payload_type: 'pulse', pulse_genre, blocked })).toBe(severity);
});

test('knows a v2 pulse, whose type is its genre, by its fields', () => {
  const message = { humanized_title: 'Massive account takeover attempts', blocked: true };
  expect(severityIn({ message_type: 'account_takeover', message })).toBe('high');
});

test('takes a test for informational whatever its risk, and what it does not know for unknown', () => {
  expect(severityIn({ message_type: 'test', message: { risk: 100 } })).toBe('informational');
  expect(severityIn({ message_type: 'security_response', message: {} })).toBe('medium');
  expect(severityIn({ message_type: 'brand_new', message: {} })).toBe('unknown');
  expect(severityIn({})).toBe('unknown');
});
