import { describe, expect, it } from 'vitest';
import { httpStage } from '../../../tests/support/http-stage.ts';
import { faultsOf, openKind } from '../../../tests/support/open-kind.ts';
import { sampleEvent, sampleJob } from '../../../tests/support/sample-event.ts';
import { severities } from '../../events/event.ts';
import { targetContract } from './contract.ts';
import { opsgenie } from './opsgenie.ts';
import { describeAnswers, widestSends } from './test-answers.ts';

const apiKey = 'k3y-of-the-integration';

targetContract('opsgenie', {
  modes: ['fail', 'refuse', 'hang', 'reset'],
  failReason: 'http_status',
  refuseReason: 'refused_by_receiver',
  // Events of one matter are one alert, whatever the delivery.
  hasIds: false,
  hasText: true,
  start: (settings = {}) =>
    httpStage({
      open: (receiver) => openKind(opsgenie, { apiKey, baseUrl: receiver.url(''), ...settings }),
      secrets: [apiKey],
      read: ({ body }) => {
        const { message, description } = JSON.parse(body);
        return { id: undefined, text: `${message}\n${description}`, raw: body };
      },
      refuse: (quote) => ({ status: 422, body: JSON.stringify({ message: quote }) }),
    }),
  expectHarmless: ({ raw }, { fingerprint }) => {
    const { alias, message, details, source } = JSON.parse(raw);
    expect([alias, source]).toEqual([fingerprint, 'Tocsin']);
    expect(message).toMatch(/^\[high\] evil Bcc/);
    expect(Object.values(details).join('')).not.toMatch(/[\n\0]/);
  },
});

describe('opsgenie', () => {
  describeAnswers({
    open: (receiver, more) => openKind(opsgenie, { apiKey, baseUrl: receiver.url(''), ...more }),
    answers: [
      [202, '{"result":"Request will be processed"}', { kind: 'delivered' }],
      [400, '', { kind: 'rejected' }],
      [422, '{"message":"Request body is not processable"}', { kind: 'rejected' }],
      [401, '{"message":"Could not authenticate"}', { kind: 'retry' }],
      [402, '', { kind: 'retry' }],
      [403, '{"code":40301}', { kind: 'retry' }],
      [404, '', { kind: 'retry' }],
      [429, '', { reason: 'rate_limited' }],
      [503, '', { kind: 'retry' }],
    ],
    async expectRequest(send) {
      const event = sampleEvent();
      const { path, headers, body } = await send({ teams: ['SOC'] }, sampleJob(event));
      expect([path, headers['authorization']]).toEqual(['/v2/alerts', `GenieKey ${apiKey}`]);
      expect(JSON.parse(body)).toMatchObject({
        message: `[high] ${event.title}`,
        alias: event.fingerprint,
        priority: 'P2',
        responders: [{ type: 'team', name: 'SOC' }],
        tags: ['high', 'sqreen'],
        details: { environment: 'production' },
        entity: 'Demo app',
      });
      const closed = await send({}, sampleJob({ ...event, state: 'resolved' }));
      expect(closed.path).toBe(`/v2/alerts/${event.fingerprint}/close?identifierType=alias`);
      expect(JSON.parse(closed.body)).toEqual({ source: 'Tocsin', note: `[high] ${event.title}` });
    },
    async expectLimits(send) {
      for (const { settings, job } of widestSends()) {
        const { message, alias, description, details, tags, entity } = JSON.parse(
          (await send(settings, job)).body,
        );
        expect(message.length).toBeLessThanOrEqual(130);
        expect(alias.length).toBeLessThanOrEqual(512);
        expect(description.length).toBeLessThanOrEqual(15_000);
        expect(Object.entries(details).flat().join('').length).toBeLessThanOrEqual(8_000);
        for (const tag of tags) expect(tag.length).toBeLessThanOrEqual(50);
        expect(entity.length).toBeLessThanOrEqual(512);
      }
    },
  });

  it('gives each severity a priority', () => {
    const { target } = openKind(opsgenie, { apiKey });
    const priorities = severities.map((severity) => {
      const { text = '{}' } = target.preview?.(sampleJob(sampleEvent({ severity }))) ?? {};
      return JSON.parse(text).priority;
    });
    expect(priorities).toEqual(['P3', 'P5', 'P4', 'P3', 'P2', 'P1']);
  });

  it.each([
    [{ apiKey: 'two\nlines' }, 'apiKey: must be one line'],
    [{ baseUrl: 'http://api.opsgenie.com' }, 'baseUrl: must be an https URL'],
    [{ teams: ['a', 'a'] }, 'schema'],
  ])('refuses the settings %j', (wrong, fault) => {
    expect(faultsOf(opsgenie, { apiKey, ...wrong })[0]).toContain(fault);
  });
});
