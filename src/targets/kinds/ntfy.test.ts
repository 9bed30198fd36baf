import { describe, expect, it } from 'vitest';
import { httpStage } from '../../../tests/support/http-stage.ts';
import { faultsOf, openKind } from '../../../tests/support/open-kind.ts';
import { sampleEvent, sampleJob } from '../../../tests/support/sample-event.ts';
import { targetContract } from './contract.ts';
import { ntfy } from './ntfy.ts';
import { describeAnswers, widestSends } from './test-answers.ts';

const token = 'tk_0123456789abcdef';
const settings = { topic: 'soc-alerts', token };

targetContract('ntfy', {
  modes: ['fail', 'refuse', 'hang', 'reset'],
  failReason: 'http_status',
  refuseReason: 'refused_by_receiver',
  hasIds: false,
  hasText: true,
  start: (more = {}) =>
    httpStage({
      open: (receiver) => openKind(ntfy, { ...settings, url: receiver.url(''), ...more }),
      secrets: [token],
      read: ({ body }) => {
        const { title, message } = JSON.parse(body);
        return { id: undefined, text: `${title}\n${message}`, raw: body };
      },
      refuse: (quote) => ({ status: 413, body: quote }),
    }),
  expectHarmless: ({ raw }) => {
    const { topic, title, tags, click, actions, ...rest } = JSON.parse(raw);
    expect(Object.keys(rest).toSorted()).toEqual(['message', 'priority']);
    expect(topic).toBe('soc-alerts');
    // The server makes headers of them.
    expect(`${title}${tags.join('')}${click}`).not.toMatch(/[\p{Cc},\u2028]/u);
    for (const { url } of actions) expect(url).toMatch(/^https:\/\/[^\s<>"]+$/);
  },
});

describe('ntfy', () => {
  describeAnswers({
    open: (receiver, more) => openKind(ntfy, { ...settings, url: receiver.url(''), ...more }),
    answers: [
      [200, '{"id":"x"}', { kind: 'delivered' }],
      [400, '{"code":40011,"http":400,"error":"message must be UTF-8"}', { kind: 'rejected' }],
      [400, '{"code":40010,"http":400,"error":"topic name is not allowed"}', { kind: 'retry' }],
      [401, '{"code":40101}', { kind: 'retry' }],
      [403, '{"code":40301}', { kind: 'retry' }],
      [404, '{"code":40401}', { kind: 'retry' }],
      [413, '{"code":41303}', { kind: 'rejected' }],
      [429, '{"code":42908}', { reason: 'rate_limited' }],
      [507, '', { kind: 'retry' }],
    ],
    async expectRequest(send) {
      const event = sampleEvent({ severity: 'critical' });
      const { path, method, headers, body } = await send({}, sampleJob(event));
      expect([method, path, headers['authorization']]).toEqual(['POST', '/', `Bearer ${token}`]);
      const page = `https://tocsin.example/events/${event.id}`;
      expect(JSON.parse(body)).toMatchObject({
        topic: 'soc-alerts',
        title: `[critical] ${event.title}`,
        message: expect.stringMatching(/^Severity: critical\nType: /),
        priority: 5,
        tags: ['rotating_light', 'critical'],
        click: page,
        actions: [
          { action: 'view', url: page },
          { label: "Sender's page", url: event.link },
        ],
      });
      const open = await send({ token: undefined }, sampleJob());
      expect(open.headers).not.toHaveProperty('authorization');
    },
    async expectLimits(send) {
      for (const { settings: more, job } of widestSends()) {
        const { body } = await send(more, job);
        expect(Buffer.byteLength(JSON.parse(body).message)).toBeLessThanOrEqual(4_096);
        expect(Buffer.byteLength(body)).toBeLessThanOrEqual(8_192);
      }
    },
  });

  it.each([
    [{ topic: 'a/b' }, 'schema'],
    [{ token: 'tk_\r\nX-Evil: 1' }, 'token: must be one line'],
    [{ url: 'http://ntfy.sh' }, 'url: must be an https URL'],
  ])('refuses the settings %j', (wrong, fault) => {
    expect(faultsOf(ntfy, { ...settings, ...wrong })[0]).toContain(fault);
  });
});
