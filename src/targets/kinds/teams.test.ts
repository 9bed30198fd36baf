import { describe, expect, it } from 'vitest';
import { httpStage } from '../../../tests/support/http-stage.ts';
import { faultsOf, openKind } from '../../../tests/support/open-kind.ts';
import { sampleEvent, sampleJob } from '../../../tests/support/sample-event.ts';
import { targetContract } from './contract.ts';
import { teams } from './teams.ts';
import { describeAnswers, widestSends } from './test-answers.ts';

const path = '/workflows/0a1b/triggers/manual/paths/invoke?api-version=1&sig=s1gnature-of-the-url';

interface Card {
  readonly body: readonly { readonly type: string; readonly inlines: readonly { readonly text: string }[] }[];
  readonly actions: readonly { readonly type: string; readonly url: string }[];
}
const cardOf = (body: string): Card => JSON.parse(body).attachments[0].content;
const shown = ({ body }: Card): string =>
  body.map(({ inlines }) => inlines.map(({ text }) => text).join('')).join('\n');

targetContract('teams', {
  modes: ['fail', 'refuse', 'hang', 'reset'],
  failReason: 'http_status',
  refuseReason: 'refused_by_receiver',
  hasIds: false,
  hasText: true,
  start: (settings = {}) =>
    httpStage({
      open: (receiver) => openKind(teams, { url: receiver.url(path), ...settings }),
      secrets: [path, 's1gnature-of-the-url'],
      read: ({ body }) => ({ id: undefined, text: shown(cardOf(body)), raw: body }),
      refuse: (quote) => ({ status: 413, body: quote }),
    }),
  expectHarmless: ({ raw }) => {
    const { body, actions } = cardOf(raw);
    // Blocks of runs alone: a text block would read Markdown.
    for (const { type, inlines } of body) {
      expect(type).toBe('RichTextBlock');
      for (const run of inlines)
        expect(run).toMatchObject({ type: 'TextRun', text: expect.stringMatching(/^[^\n]+$/) });
    }
    for (const { type, url } of actions) {
      expect(type).toBe('Action.OpenUrl');
      expect(url).toMatch(/^https:\/\/[^\s<>"]+$/);
    }
  },
});

describe('teams', () => {
  describeAnswers({
    open: (receiver, settings) => openKind(teams, { url: receiver.url(path), ...settings }),
    answers: [
      [202, '', { kind: 'delivered' }],
      [200, '1', { kind: 'delivered' }],
      [400, '{"error":{"code":"TriggerInputSchemaMismatch"}}', { kind: 'retry' }],
      [401, '{"error":{"code":"DirectApiAuthorizationRequired"}}', { kind: 'retry' }],
      [403, '', { kind: 'retry' }],
      [404, '{"error":{"code":"WorkflowNotFound"}}', { kind: 'retry' }],
      [413, '', { kind: 'rejected', reason: 'refused_by_receiver' }],
      [429, '', { reason: 'rate_limited' }],
      [502, '', { kind: 'retry' }],
    ],
    async expectRequest(send) {
      const event = sampleEvent();
      const { path: asked, body } = await send({}, sampleJob(event));
      expect(asked).toBe(path);
      expect(JSON.parse(body)).toMatchObject({
        type: 'message',
        attachments: [
          { contentType: 'application/vnd.microsoft.card.adaptive', content: { type: 'AdaptiveCard' } },
        ],
      });
      expect(shown(cardOf(body))).toMatch(/^\[high\] Connection to .*\nSeverity: high\n/);
      expect(cardOf(body).actions.map(({ url }) => url)).toEqual([
        `https://tocsin.example/events/${event.id}`,
        event.link,
      ]);
    },
    async expectLimits(send) {
      for (const { settings, job } of widestSends())
        expect(Buffer.byteLength((await send(settings, job)).body)).toBeLessThan(28_000);
    },
  });

  it('refuses settings that cannot work', () => {
    expect(faultsOf(teams, { url: `http://prod.logic.azure.com${path}` })).toEqual([
      'url: must be an https URL',
    ]);
  });
});
