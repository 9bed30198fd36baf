import { describe, expect, it } from 'vitest';
import { httpStage } from '../../../tests/support/http-stage.ts';
import { faultsOf, openKind } from '../../../tests/support/open-kind.ts';
import { internalEvent, sampleEvent, sampleJob } from '../../../tests/support/sample-event.ts';
import { severities } from '../../events/event.ts';
import { ALERT_MARK } from '../text.ts';
import { targetContract } from './contract.ts';
import { pagerduty } from './pagerduty.ts';
import { describeAnswers, widestSends } from './test-answers.ts';

const routingKey = 'R0123456789abcdef0123456789abcde';
const invalid = (error: string): string =>
  JSON.stringify({ status: 'invalid event', message: 'Event object is invalid', errors: [error] });

targetContract('pagerduty', {
  modes: ['fail', 'refuse', 'hang', 'reset'],
  failReason: 'http_status',
  refuseReason: 'refused_by_receiver',
  // Events of one matter are one alert, whatever the delivery.
  hasIds: false,
  hasText: true,
  start: (settings = {}) =>
    httpStage({
      open: (receiver) => openKind(pagerduty, { routingKey, baseUrl: receiver.url(''), ...settings }),
      secrets: [routingKey],
      read: ({ body }) => {
        const { summary, custom_details: details } = JSON.parse(body).payload;
        return { id: undefined, text: `${summary}\n${String(details)}`, raw: body };
      },
      refuse: (quote) => ({ status: 400, body: invalid(`payload ${quote}`) }),
    }),
  expectHarmless: ({ raw }, { fingerprint }) => {
    const { routing_key: key, event_action: action, dedup_key: dedupKey, payload, links } = JSON.parse(raw);
    expect([key, action, dedupKey]).toEqual([routingKey, 'trigger', fingerprint]);
    expect(payload.summary).toMatch(/^\[high\] evil Bcc/);
    for (const { href } of links) expect(href).toMatch(/^https:\/\/[^\s<>"]+$/);
  },
});

describe('pagerduty', () => {
  describeAnswers({
    open: (receiver, more) => openKind(pagerduty, { routingKey, baseUrl: receiver.url(''), ...more }),
    answers: [
      [202, '{"status":"success","dedup_key":"f1"}', { kind: 'delivered' }],
      [400, invalid("'payload.summary' is missing or blank"), { kind: 'rejected' }],
      [400, invalid('Invalid routing key'), { kind: 'retry', reason: 'http_status' }],
      [400, invalid("Length of 'routing_key' is incorrect (should be 32 characters)"), { kind: 'retry' }],
      [403, '', { kind: 'retry' }],
      [404, '', { kind: 'retry' }],
      [429, '', { reason: 'rate_limited' }],
      [500, '', { kind: 'retry' }],
    ],
    async expectRequest(send) {
      const event = sampleEvent();
      const { path, body } = await send({}, sampleJob(event));
      expect(path).toBe('/v2/enqueue');
      expect(JSON.parse(body)).toMatchObject({
        routing_key: routingKey,
        event_action: 'trigger',
        dedup_key: event.fingerprint,
        client: 'Tocsin',
        client_url: `https://tocsin.example/events/${event.id}`,
        payload: {
          summary: `[high] ${event.title}`,
          severity: 'error',
          source: 'Demo app',
          timestamp: '2026-01-31T12:00:00.250Z',
          class: event.type,
          custom_details: { Type: event.type, environment: 'production' },
        },
      });
    },
    async expectLimits(send) {
      for (const { settings, job } of widestSends()) {
        const { body } = await send(settings, job);
        expect(JSON.parse(body).payload.summary.length).toBeLessThanOrEqual(1_024);
        expect(Buffer.byteLength(body)).toBeLessThan(512 * 1_024);
      }
    },
  });

  const previewOf = (event = sampleEvent()) => {
    const { target } = openKind(pagerduty, { routingKey });
    return JSON.parse(target.preview?.(sampleJob(event)).text ?? '');
  };

  it('resolves the alert of a matter that is over, and says no more', () => {
    const event = sampleEvent({ state: 'resolved' });
    expect(previewOf(event)).toEqual({
      routing_key: '[secret]',
      event_action: 'resolve',
      dedup_key: event.fingerprint,
    });
    expect(previewOf(sampleEvent({ state: 'open' }))['event_action']).toBe('trigger');
  });

  it("knows a word of PagerDuty's for each severity", () => {
    const words = severities.map((severity) => previewOf(sampleEvent({ severity })).payload.severity);
    expect(words).toEqual(['info', 'info', 'info', 'warning', 'error', 'critical']);
  });

  it('marks an internal alert', () => {
    expect(previewOf(internalEvent()).payload.summary).toContain(ALERT_MARK);
  });

  it.each([
    [{ routingKey: 'short' }, 'schema'],
    [{ routingKey: `${'a'.repeat(31)}\n` }, 'routingKey: must be an integration key'],
    [{ baseUrl: 'http://events.pagerduty.com' }, 'baseUrl: must be an https URL'],
  ])('refuses the settings %j', (wrong, fault) => {
    expect(faultsOf(pagerduty, { routingKey, ...wrong })[0]).toContain(fault);
  });
});
