import { expect, it } from 'vitest';
import { httpStage } from '../../../tests/support/http-stage.ts';
import { faultsOf, openKind } from '../../../tests/support/open-kind.ts';
import { targetContract } from './contract.ts';
import { slack } from './slack.ts';

const path = '/services/T0AAAAAAA/B0BBBBBBB/x1y2z3x1y2z3';

targetContract('slack', {
  modes: ['fail', 'refuse', 'hang', 'reset'],
  failReason: 'http_status',
  refuseReason: 'refused_by_receiver',
  hasIds: false,
  start: () =>
    httpStage({
      open: (receiver) => openKind(slack, { url: receiver.url(path) }),
      secrets: [path, 'x1y2z3'],
      read: ({ body }) => ({ id: undefined, text: JSON.parse(body).blocks[0].text.text, raw: body }),
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

it('takes https URLs only', () => {
  expect(faultsOf(slack, { url: `https://hooks.slack.com${path}` })).toEqual([]);
  expect(faultsOf(slack, { url: `http://hooks.slack.com${path}` })).toEqual(['url: must be an https URL']);
  expect(faultsOf(slack, { url: 'x1y2z3' })).toEqual(['url: must be an https URL']);
});
