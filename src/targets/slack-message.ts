import { fit } from './fit.ts';
import type { EventText, Fact, Link } from './text.ts';

/** Slack's limits (https://docs.slack.dev/reference/block-kit/blocks). */
const HEADER_MAX = 150;
const SECTION_MAX = 3_000;
const FIELD_MAX = 2_000;
const FIELDS_PER_SECTION = 10;
const BLOCKS_MAX = 50;
const TEXT_MAX = 3_000;

interface TextObject {
  readonly type: 'plain_text' | 'mrkdwn';
  readonly text: string;
  readonly emoji?: false;
  readonly verbatim?: true;
}
type Block =
  | { readonly type: 'header'; readonly text: TextObject }
  | { readonly type: 'section'; readonly text?: TextObject; readonly fields?: readonly TextObject[] };

/**
 * An event as the body of an incoming webhook. All text from outside stands in plain_text objects, where Slack
 * gives no meaning to `*`, `_`, `@` or a backtick, with the three characters escaped that make mentions and
 * links; only our own links are markup.
 */
export function slackMessage(text: EventText): string {
  const blocks: Block[] = [
    { type: 'header', text: plain(text.subject, HEADER_MAX) },
    // A header shows little of a long title.
    ...(escapeSlack(text.subject).length > HEADER_MAX
      ? [{ type: 'section' as const, text: plain(text.subject, SECTION_MAX) }]
      : []),
    ...bodySection(text.body),
    ...fieldSections(text.facts),
    ...linkSection(text.links),
  ];
  return JSON.stringify({
    // What notifications and old clients show in place of the blocks.
    text: fit(text.subject, TEXT_MAX, escapeSlack),
    mrkdwn: false,
    parse: 'none',
    link_names: false,
    unfurl_links: false,
    unfurl_media: false,
    blocks: blocks.slice(0, BLOCKS_MAX),
  });
}

function bodySection(body: string | undefined): readonly Block[] {
  return body === undefined || body === '' ? [] : [{ type: 'section', text: plain(body, SECTION_MAX) }];
}

function fieldSections(facts: readonly Fact[]): readonly Block[] {
  // Two blocks for the title, one for the links.
  const groups = Math.min(Math.ceil(facts.length / FIELDS_PER_SECTION), BLOCKS_MAX - 3);
  return Array.from({ length: groups }, (_, index) => ({
    type: 'section',
    fields: facts
      .slice(index * FIELDS_PER_SECTION, (index + 1) * FIELDS_PER_SECTION)
      .map(({ label, value }) => plain(`${label}: ${value}`, FIELD_MAX)),
  }));
}

function linkSection(links: readonly Link[]): readonly Block[] {
  const marked: string[] = [];
  for (const { label, url } of links) {
    const next = `<${escapeSlack(url)}|${escapeSlack(label)}>`;
    // Half a link is worse than none.
    if ([...marked, next].join('   ').length <= SECTION_MAX) marked.push(next);
  }
  if (marked.length === 0) return [];
  return [{ type: 'section', text: { type: 'mrkdwn', text: marked.join('   '), verbatim: true } }];
}

function plain(text: string, lengthMax: number): TextObject {
  return { type: 'plain_text', text: fit(text, lengthMax, escapeSlack), emoji: false };
}

/** Escapes what Slack gives a meaning to (https://docs.slack.dev/messaging/formatting-message-text#escaping). */
function escapeSlack(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
