import { fit } from './fit.ts';
import type { Fitted } from './long-text.ts';
import { CUT_MARK, type EventText, type Fact, type Link } from './text.ts';

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

/** Two for the title, one for the mark that facts are missing, one for the links. */
const OTHER_BLOCKS = 4;

/**
 * An event as the body of an incoming webhook. What has no room is cut and marked, links stand whole, the first of them
 * in any case. All text from outside stands in plain_text objects, where Slack
 * gives no meaning to `*`, `_`, `@` or a backtick, with the three characters escaped that make mentions and
 * links; only our own links are markup.
 */
export function slackMessage(text: EventText): Fitted<string> {
  const sections = [bodySection(text.body), fieldSections(text.facts), linkSection(text.links)];
  const blocks: Block[] = [
    { type: 'header', text: plain(text.subject, HEADER_MAX) },
    // A header shows little of a long title.
    ...(escapeSlack(text.subject).length > HEADER_MAX
      ? [{ type: 'section' as const, text: plain(text.subject, SECTION_MAX) }]
      : []),
    ...sections.flatMap((section) => section.blocks),
  ];
  const message = JSON.stringify({
    // What notifications and old clients show in place of the blocks.
    text: fit(text.subject, TEXT_MAX, escapeSlack),
    mrkdwn: false,
    parse: 'none',
    link_names: false,
    unfurl_links: false,
    unfurl_media: false,
    blocks,
  });
  const isCut = escapeSlack(text.subject).length > SECTION_MAX || sections.some((section) => section.isCut);
  return { message, isCut };
}

interface Section {
  readonly blocks: readonly Block[];
  readonly isCut: boolean;
}

function bodySection(body = ''): Section {
  if (body === '') return { blocks: [], isCut: false };
  const text = plain(body, SECTION_MAX, CUT_MARK);
  return { blocks: [{ type: 'section', text }], isCut: escapeSlack(body).length > SECTION_MAX };
}

function fieldSections(facts: readonly Fact[]): Section {
  const lines = facts.map(({ label, value }) => `${label}: ${value}`);
  const shown = lines.slice(0, (BLOCKS_MAX - OTHER_BLOCKS) * FIELDS_PER_SECTION);
  const isMissing = shown.length < lines.length;
  const blocks = Array.from({ length: Math.ceil(shown.length / FIELDS_PER_SECTION) }, (_, index): Block => {
    const some = shown.slice(index * FIELDS_PER_SECTION, (index + 1) * FIELDS_PER_SECTION);
    return { type: 'section', fields: some.map((line) => plain(line, FIELD_MAX)) };
  });
  const mark: Block = { type: 'section', text: plain(CUT_MARK, SECTION_MAX) };
  return {
    blocks: isMissing ? [...blocks, mark] : blocks,
    isCut: isMissing || shown.some((line) => escapeSlack(line).length > FIELD_MAX),
  };
}

function linkSection(links: readonly Link[]): Section {
  const marked: string[] = [];
  for (const { label, url } of links) {
    const next = `<${escapeSlack(url)}|${escapeSlack(label)}>`;
    // Half a link is worse than none.
    if ([...marked, next].join('   ').length <= SECTION_MAX) marked.push(next);
  }
  const text = { type: 'mrkdwn', text: marked.join('   '), verbatim: true } as const;
  return {
    blocks: marked.length === 0 ? [] : [{ type: 'section', text }],
    isCut: marked.length < links.length,
  };
}

function plain(text: string, lengthMax: number, mark?: string): TextObject {
  return { type: 'plain_text', text: fit(text, lengthMax, escapeSlack, undefined, mark), emoji: false };
}

/** Escapes what Slack gives a meaning to (https://docs.slack.dev/messaging/formatting-message-text#escaping). */
function escapeSlack(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
