import { Type } from 'typebox';
import type { Fault } from '../../kernel/fault.ts';
import { secretText } from '../../kernel/schema.ts';
import { escapeHtml } from '../escape.ts';
import { fit, fitLines } from '../fit.ts';
import { httpTarget, numberIn } from '../http-target.ts';
import { defineTarget } from '../target.ts';
import { textFaults, textSettings, textWriter } from '../templated-text.ts';
import { detailLines, type EventText } from '../text.ts';
import { urlFaults } from '../url-faults.ts';

/** Telegram counts after the markup is taken away (https://core.telegram.org/bots/api#sendmessage); we before. */
const TEXT_MAX = 4_096;
const SUBJECT_MAX = 600;
const LINK_MAX = 800;

const settings = Type.Object({
  token: secretText({ description: "The bot's token, as @BotFather gave it. Whoever has it is the bot." }),
  chatId: Type.String({
    pattern: '^(?:-?[0-9]{1,19}|@[A-Za-z][A-Za-z0-9_]{3,31})$',
    expected: 'the number of a chat, or @ and the name of a public channel',
    description: 'The chat, group or channel to write to, which the bot must be in.',
  }),
  threadId: Type.Optional(
    Type.Integer({ minimum: 1, description: 'The topic of a group that has topics (message_thread_id).' }),
  ),
  baseUrl: Type.String({
    pattern: '^https?://[^\\s?#]+[^\\s?#/]$',
    default: 'https://api.telegram.org',
    description: 'The Bot API, or a server of your own that speaks it; without a trailing slash.',
  }),
  ...textSettings,
});

/**
 * Telegram describes its errors in words only. These are about the message; the other 400s (chat not found, a group
 * that became a supergroup) and 401, 403, 404 are about bot and chat, which the operator may put right.
 */
const REFUSALS = /can't parse entities|message is too long|message text is empty/;

export const telegram = defineTarget({
  kind: 'telegram',
  summary: 'Sends events to a Telegram chat as a bot.',
  settings,
  check: (settings) => [
    ...botFaults(settings.token),
    ...urlFaults('baseUrl', settings.baseUrl),
    ...textFaults(settings),
  ],
  open(settings, context) {
    const { token, chatId, threadId, baseUrl } = settings;
    const url = `${baseUrl}/bot${token}/sendMessage`;
    const textOf = textWriter(settings, context);
    return httpTarget(context, {
      secrets: [token],
      secretUrls: [url],
      request: (job) => ({
        url,
        body: JSON.stringify({
          chat_id: chatId,
          ...(threadId === undefined ? {} : { message_thread_id: threadId }),
          text: telegramText(textOf(job)),
          parse_mode: 'HTML',
          // A preview would have Telegram fetch an attacker's link.
          link_preview_options: { is_disabled: true },
        }),
      }),
      refuses: (status, body) => status === 400 && REFUSALS.test(body),
      waitMs(body) {
        const seconds = numberIn(body, 'retry_after');
        return seconds === undefined ? undefined : seconds * 1_000;
      },
    });
  },
});

function telegramText(text: EventText): string {
  const links = text.links
    .map(({ label, url }) => `<a href="${escapeHtml(url)}">${escapeHtml(label)}</a>`)
    .filter((link) => link.length <= LINK_MAX);
  const head = `<b>${fit(text.subject, SUBJECT_MAX, escapeHtml)}</b>\n`;
  return fitLines({ head, lines: detailLines(text), tail: links.join('\n') }, TEXT_MAX, escapeHtml);
}

/** It stands in the path of the URL: anything else would lead elsewhere. */
function botFaults(token: string): readonly Fault[] {
  return /^[0-9]{1,20}:[A-Za-z0-9_-]{20,100}$/.test(token)
    ? []
    : [{ path: 'token', message: 'must be a bot token: digits, a colon, and letters, digits, _ and -' }];
}
