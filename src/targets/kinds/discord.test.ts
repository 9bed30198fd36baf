import { describe, expect, it } from 'vitest';
import { httpStage } from '../../../tests/support/http-stage.ts';
import { faultsOf, openKind } from '../../../tests/support/open-kind.ts';
import { sampleJob } from '../../../tests/support/sample-event.ts';
import { targetContract } from './contract.ts';
import { discord } from './discord.ts';
import { describeAnswers, widestSends } from './test-answers.ts';

const path = '/api/webhooks/123456789/t0ken-of_the-webhook';

interface Embed {
  readonly title: string;
  readonly description: string;
  readonly fields: readonly { readonly name: string; readonly value: string }[];
}
const embedOf = (body: string): Embed => JSON.parse(body).embeds[0];
const unescaped = (text: string): string => text.replace(/\\([^0-9A-Za-z\s])/g, '$1');
const shown = ({ title, description, fields }: Embed): string =>
  [title, description, ...fields.flatMap(({ name, value }) => [name, value])].map(unescaped).join('\n');

targetContract('discord', {
  modes: ['fail', 'refuse', 'hang', 'reset'],
  failReason: 'http_status',
  refuseReason: 'refused_by_receiver',
  hasIds: false,
  hasText: true,
  start: (settings = {}) =>
    httpStage({
      open: (receiver) => openKind(discord, { url: receiver.url(path), ...settings }),
      secrets: [path, 't0ken-of_the-webhook'],
      read: ({ body }) => ({ id: undefined, text: shown(embedOf(body)), raw: body }),
      refuse: (quote) => ({ status: 400, body: JSON.stringify({ code: 50035, message: quote }) }),
    }),
  expectHarmless: ({ raw }) => {
    expect(JSON.parse(raw).allowed_mentions).toEqual({ parse: [] });
    expect(JSON.parse(raw)).not.toHaveProperty('content');
    const { title, description, fields } = embedOf(raw);
    for (const text of [title, ...fields.flatMap(({ name, value }) => [name, value])]) {
      // Nothing that means anything stands without a backslash.
      expect(text.replace(/\\[^0-9A-Za-z\s]/g, '')).not.toMatch(/[`*_~|<>[\]#@\\]/);
      expect(text).not.toContain('\n');
    }
    const links = description.match(/(?<!\\)\[[^\]]*\]\(<https:\/\/[^>\s]+>\)/g);
    expect(links?.length).toBeGreaterThan(0);
  },
});

describe('discord', () => {
  describeAnswers({
    open: (receiver, settings) => openKind(discord, { url: receiver.url(path), ...settings }),
    answers: [
      [200, '{"id": "1"}', { kind: 'delivered' }],
      [204, '', { kind: 'delivered' }],
      [400, '{"message": "Invalid Form Body", "code": 50035}', { kind: 'rejected' }],
      [400, '{"message": "Webhooks posted to forum channels …", "code": 220001}', { kind: 'retry' }],
      [401, '{"message": "Invalid Webhook Token", "code": 50027}', { kind: 'retry' }],
      [403, '', { kind: 'retry' }],
      [404, '{"message": "Unknown Webhook", "code": 10015}', { kind: 'retry' }],
      [429, '{"retry_after": 64.57, "global": false}', { reason: 'rate_limited', retryAfterMs: 64_570 }],
      [429, 'error code: 1015', { reason: 'rate_limited' }],
      [500, '', { kind: 'retry' }],
    ],
    async expectRequest(send) {
      const { path: asked, body } = await send({ threadId: '42' }, sampleJob());
      expect(asked).toBe(`${path}?wait=true&thread_id=42`);
      expect(embedOf(body)).toMatchObject({
        title: expect.stringContaining('Connection to jeff45\\@harrell\\.com'),
        color: 0xf97316,
        timestamp: '2026-01-31T12:00:00.250Z',
      });
    },
    async expectLimits(send) {
      for (const { settings, job } of widestSends()) {
        const { title, description, fields } = embedOf((await send(settings, job)).body);
        expect(title.length).toBeLessThanOrEqual(256);
        expect(description.length).toBeLessThanOrEqual(4_096);
        expect(fields.length).toBeLessThanOrEqual(25);
        for (const { name, value } of fields) {
          expect(name.length).toBeLessThanOrEqual(256);
          expect(value.length).toBeLessThanOrEqual(1_024);
        }
        const all = [title, description, ...fields.flatMap(({ name, value }) => [name, value])].join('');
        expect(all.length).toBeLessThanOrEqual(6_000);
      }
    },
  });

  it('refuses settings that cannot work', () => {
    expect(faultsOf(discord, { url: `http://discord.com${path}` })).toEqual(['url: must be an https URL']);
    expect(faultsOf(discord, { url: `https://discord.com${path}`, threadId: '1?wait=false' })).toEqual([
      'schema',
    ]);
  });
});
