import { Type } from 'typebox';
import { secretText } from '../../kernel/schema.ts';
import { escapeMarkdown } from '../escape.ts';
import { fit, fitLines } from '../fit.ts';
import { httpTarget, numberIn } from '../http-target.ts';
import { barColor } from '../severity-scales.ts';
import { defineTarget, type Job } from '../target.ts';
import { textFaults, textSettings, textWriter } from '../templated-text.ts';
import { type EventText, isoTime } from '../text.ts';
import { urlFaults } from '../url-faults.ts';

/** Discord's limits (https://docs.discord.com/developers/resources/message#embed-object-embed-limits). */
const TITLE_MAX = 256;
const DESCRIPTION_MAX = 3_000;
const FIELDS_MAX = 25;
const FIELD_NAME_MAX = 256;
const FIELD_VALUE_MAX = 1_024;
/** Of all texts of a message together; 6,000 there. */
const EMBED_MAX = 5_900;
const LINK_MAX = 1_000;

const settings = Type.Object({
  url: secretText({
    description: "The webhook's URL, https. Whoever has it can post to the channel.",
    maxLength: 2_048,
  }),
  threadId: Type.Optional(
    Type.String({
      pattern: '^[0-9]{1,20}$',
      expected: 'the id of a thread: digits',
      description: 'The thread to post to; a forum channel needs one.',
    }),
  ),
  ...textSettings,
});

export const discord = defineTarget({
  kind: 'discord',
  summary: 'Posts events to a Discord channel through a webhook.',
  settings,
  check: (settings) => [...urlFaults('url', settings.url), ...textFaults(settings)],
  open(settings, context) {
    const url = executeUrl(settings.url, settings.threadId);
    const textOf = textWriter(settings, context);
    return httpTarget(context, {
      secretUrls: [settings.url],
      request: (job) => ({ url, body: discordMessage(job, textOf(job)) }),
      // 400 is about the message (50035 and the like), except that a forum channel wants a thread or none
      // (220001 to 220004): that is the operator's to set. So are 401, 403 and 404 (the webhook was deleted).
      refuses: (status, body) => status === 400 && !/"code"\s*:\s*22000[1-4]\b/.test(body),
      waitMs: (body) => seconds(numberIn(body, 'retry_after')),
    });
  },
});

/** Without `wait` Discord answers before it has saved the message, and says nothing when it does not. */
function executeUrl(text: string, threadId: string | undefined): string {
  const url = new URL(text);
  url.searchParams.set('wait', 'true');
  if (threadId !== undefined) url.searchParams.set('thread_id', threadId);
  return url.href;
}

const seconds = (value: number | undefined): number | undefined =>
  value === undefined ? undefined : value * 1_000;

/** One embed, in which no text from outside is markup, and nobody is mentioned. */
function discordMessage({ event }: Job, text: EventText): string {
  const title = fit(text.subject, TITLE_MAX, escapeMarkdown);
  const description = descriptionOf(text, title.endsWith('…'));
  return JSON.stringify({
    embeds: [
      {
        title,
        description,
        color: barColor[event.severity],
        timestamp: isoTime(event.occurredAt) ?? isoTime(event.receivedAt),
        fields: fieldsOf(text, EMBED_MAX - title.length - description.length),
      },
    ],
    allowed_mentions: { parse: [] },
  });
}

/** The whole title when the embed's own is cut, the body, the links. */
function descriptionOf({ subject, body, links }: EventText, isTitleCut: boolean): string {
  const marked = links
    .map(({ label, url }) => `[${escapeMarkdown(label)}](<${url}>)`)
    .filter((link) => link.length <= LINK_MAX);
  const lines = [...(isTitleCut ? [subject] : []), ...(body?.split('\n') ?? [])];
  return fitLines({ head: '', lines, tail: marked.join(' · ') }, DESCRIPTION_MAX, escapeMarkdown);
}

function fieldsOf({ facts }: EventText, sizeMax: number): readonly object[] {
  const fields: object[] = [];
  let room = sizeMax;
  for (const { label, value } of facts.slice(0, FIELDS_MAX)) {
    const name = fit(label, FIELD_NAME_MAX, escapeMarkdown);
    const shown = fit(value, FIELD_VALUE_MAX, escapeMarkdown);
    room -= name.length + shown.length;
    if (room < 0) break;
    fields.push({ name, value: shown, inline: shown.length <= 40 });
  }
  return fields;
}
