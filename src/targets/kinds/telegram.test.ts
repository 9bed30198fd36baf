import { describe, expect, it } from 'vitest';
import { httpStage } from '../../../tests/support/http-stage.ts';
import { faultsOf, openKind } from '../../../tests/support/open-kind.ts';
import { sampleJob } from '../../../tests/support/sample-event.ts';
import { targetContract } from './contract.ts';
import { telegram } from './telegram.ts';
import { describeAnswers, widestSends } from './test-answers.ts';

const token = '123456789:AAF-t0ken_of-the-b0t_0123456789abcdef';
const settings = { token, chatId: '-1001234567890' };
const textOf = (body: string): string => JSON.parse(body).text;
const shown = (html: string): string =>
  html
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');

targetContract('telegram', {
  modes: ['fail', 'refuse', 'hang', 'reset'],
  failReason: 'http_status',
  refuseReason: 'refused_by_receiver',
  hasIds: false,
  hasText: true,
  start: (more = {}) =>
    httpStage({
      open: (receiver) => openKind(telegram, { ...settings, baseUrl: receiver.url(''), ...more }),
      secrets: [token, `/bot${token}/sendMessage`],
      read: ({ body }) => ({ id: undefined, text: shown(textOf(body)), raw: body }),
      refuse: (quote) => ({
        status: 400,
        body: JSON.stringify({ ok: false, description: `Bad Request: message is too long ${quote}` }),
      }),
    }),
  expectHarmless: ({ raw }) => {
    const { parse_mode: mode, link_preview_options: previews } = JSON.parse(raw);
    expect([mode, previews]).toEqual(['HTML', { is_disabled: true }]);
    for (const [tag] of textOf(raw).matchAll(/<[^>]*>/g))
      expect(tag).toMatch(/^<(?:\/?b|\/a|a href="https:\/\/[^\s"<>]+")>$/);
    expect(textOf(raw).replaceAll(/<[^>]*>/g, '')).not.toMatch(/["']|&(?!amp;|lt;|gt;|quot;|#39;)/);
  },
});

describe('telegram', () => {
  describeAnswers({
    open: (receiver, more) => openKind(telegram, { ...settings, baseUrl: receiver.url(''), ...more }),
    answers: [
      [200, '{"ok":true,"result":{"message_id":1}}', { kind: 'delivered' }],
      [400, '{"ok":false,"description":"Bad Request: can\'t parse entities: …"}', { kind: 'rejected' }],
      [400, '{"ok":false,"description":"Bad Request: message text is empty"}', { kind: 'rejected' }],
      [400, '{"ok":false,"description":"Bad Request: chat not found"}', { kind: 'retry' }],
      [400, '{"ok":false,"parameters":{"migrate_to_chat_id":-100}}', { kind: 'retry' }],
      [401, '{"ok":false,"description":"Unauthorized"}', { kind: 'retry' }],
      [403, '{"ok":false,"description":"Forbidden: bot was kicked"}', { kind: 'retry' }],
      [404, '{"ok":false,"description":"Not Found"}', { kind: 'retry' }],
      [429, '{"ok":false,"parameters":{"retry_after":35}}', { reason: 'rate_limited', retryAfterMs: 35_000 }],
      [500, '', { kind: 'retry' }],
    ],
    async expectRequest(send) {
      const { path, body } = await send({ threadId: 7 }, sampleJob());
      expect(path).toBe(`/bot${token}/sendMessage`);
      expect(JSON.parse(body)).toMatchObject({ chat_id: settings.chatId, message_thread_id: 7 });
      expect(textOf(body)).toMatch(/^<b>\[high\] Connection to .*<\/b>\n\nSeverity: high\n/);
      expect(textOf(body)).toContain('?a=1&amp;b=2">Sender&#39;s page</a>');
    },
    async expectLimits(send) {
      for (const { settings: more, job } of widestSends())
        expect(textOf((await send(more, job)).body).length).toBeLessThanOrEqual(4_096);
    },
  });

  it.each([
    [{ token: '123:x/../../y' }, 'token: must be a bot token'],
    [{ token: `${token}\n` }, 'token: must be a bot token'],
    [{ chatId: 'https://t.me/x' }, 'schema'],
    [{ baseUrl: 'http://api.telegram.org' }, 'baseUrl: must be an https URL'],
    [{ baseUrl: 'https://api.telegram.org/' }, 'schema'],
  ])('refuses the settings %j, and repeats no value', (wrong, fault) => {
    const [found = ''] = faultsOf(telegram, { ...settings, ...wrong });
    expect(found).toContain(fault);
    expect(found).not.toContain('AAF');
  });
});
