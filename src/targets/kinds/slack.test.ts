import { expect, it } from 'vitest';
import { httpStage } from '../../../tests/support/http-stage.ts';
import { faultsOf, openKind } from '../../../tests/support/open-kind.ts';
import { targetContract } from './contract.ts';
import { slack } from './slack.ts';

const path = '/services/T0AAAAAAA/B0BBBBBBB/x1y2z3x1y2z3';

interface Block {
  readonly text?: { readonly text: string };
  readonly fields?: readonly { readonly text: string }[];
}
const shown = (blocks: readonly Block[]): string =>
  blocks
    .flatMap(({ text, fields = [] }) => [...(text ? [text] : []), ...fields])
    .map(({ text }) => text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&'))
    .join('\n');

targetContract('slack', {
  modes: ['fail', 'refuse', 'hang', 'reset'],
  failReason: 'http_status',
  refuseReason: 'refused_by_receiver',
  hasIds: false,
  hasText: true,
  start: (settings = {}) =>
    httpStage({
      open: (receiver) => openKind(slack, { url: receiver.url(path), ...settings }),
      secrets: [path, 'x1y2z3'],
      read: ({ body }) => ({ id: undefined, text: shown(JSON.parse(body).blocks), raw: body }),
      refuse: (quote) => ({ status: 400, body: `invalid_payload ${quote}` }),
    }),
  expectHarmless: ({ raw }) => {
    const { blocks, ...message } = JSON.parse(raw);
    expect(message).toMatchObject({ mrkdwn: false, parse: 'none', link_names: false, unfurl_links: false });
    expect(message.text).not.toMatch(/[<>\n]/);
    const marked = JSON.stringify(blocks).match(/<[^>]*>/g) ?? [];
    expect(marked.length).toBeGreaterThan(0);
    for (const markup of marked)
      expect(markup).toMatch(/^<https:\/\/[^\s|"]+\|(?:Open in Tocsin|Sender's page)>$/);
  },
});

it('takes https URLs, and http ones to hosts inside only', () => {
  for (const url of [`https://hooks.slack.com${path}`, 'http://mattermost:8065/hooks/x', 'http://10.1.2.3/x'])
    expect(faultsOf(slack, { url })).toEqual([]);
  for (const url of [`http://hooks.slack.com${path}`, 'x1y2z3', 'ftp://hooks.slack.com/', 'http://8.8.8.8/'])
    expect(faultsOf(slack, { url })).toEqual(['url: must be an https URL']);
  expect(faultsOf(slack, { url: 'https://me:x1y2z3@hooks.slack.com/' })).toEqual([
    'url: must have no user and no password in it',
  ]);
});

it('tells where a template is wrong', () => {
  const url = `https://hooks.slack.com${path}`;
  expect(faultsOf(slack, { url, title: '{{ event.titel }}', text: 'a\n{% if event.title %}' })).toEqual([
    'title: in line 1, column 4, names what event has not; did you mean "title"?',
    'text: in line 2, column 1, opens something that is not closed',
  ]);
});
