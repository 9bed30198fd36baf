import { Type } from 'typebox';
import { secretText } from '../../kernel/schema.ts';
import { fit, fitLines, inBytes } from '../fit.ts';
import { httpTarget } from '../http-target.ts';
import { ntfyPriority } from '../severity-scales.ts';
import { defineTarget, type Job } from '../target.ts';
import { textFaults, textSettings, textWriter } from '../templated-text.ts';
import { detailLines, type EventText } from '../text.ts';
import { tokenFaults, urlFaults } from '../url-faults.ts';

/**
 * ntfy takes messages of 4,096 bytes, and JSON of twice that in all (`message-size-limit`,
 * https://docs.ntfy.sh/publish/#limitations); escapes and the links are part of it.
 */
const MESSAGE_BYTES_MAX = 3_500;
const BODY_BYTES_MAX = 8_192;
const TITLE_BYTES_MAX = 500;
const URL_BYTES_MAX = 900;

const settings = Type.Object({
  url: Type.String({
    pattern: '^https?://[^\\s?#]+$',
    maxLength: 2_048,
    default: 'https://ntfy.sh',
    description: 'The server.',
  }),
  topic: Type.String({
    pattern: '^[A-Za-z0-9_-]{1,64}$',
    expected: 'the name of a topic: letters, digits, _ and -',
    description: 'The topic. On a server without access control whoever knows it can read it.',
  }),
  token: Type.Optional(secretText({ description: 'An access token, where the topic is protected.' })),
  ...textSettings,
});

export const ntfy = defineTarget({
  kind: 'ntfy',
  summary: 'Pushes events to phones and desktops through ntfy, your own server or ntfy.sh.',
  settings,
  check: (settings) => [
    ...urlFaults('url', settings.url),
    ...tokenFaults('token', settings.token),
    ...textFaults(settings),
  ],
  open(settings, context) {
    const { url, topic, token } = settings;
    const textOf = textWriter(settings, context);
    return httpTarget(context, {
      secrets: token === undefined ? [] : [token],
      // As JSON to the server itself: as headers the texts could break out of them.
      request: (job) => ({
        url,
        headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
        body: ntfyMessage(job, textOf(job), topic),
      }),
      // The message is bad or too big. Not so a topic that the server does not allow (40010), and 401 and 403:
      // those are about the settings.
      refuses: (status, body) => status === 413 || (status === 400 && !/"code"\s*:\s*40010\b/.test(body)),
    });
  },
});

function ntfyMessage({ event }: Job, text: EventText, topic: string): string {
  const links = text.links.filter(({ url }) => inBytes(url) <= URL_BYTES_MAX);
  const bodyOf = (bytesMax: number): string =>
    JSON.stringify({
      topic,
      title: fit(text.subject, TITLE_BYTES_MAX, undefined, inBytes),
      message: fitLines({ head: '', lines: detailLines(text), tail: '' }, bytesMax, undefined, inBytes),
      priority: ntfyPriority[event.severity],
      tags: [event.state === 'resolved' ? 'white_check_mark' : 'rotating_light', event.severity],
      click: links[0]?.url,
      actions: links.map(({ label, url }) => ({ action: 'view', label, url })),
    });
  const body = bodyOf(MESSAGE_BYTES_MAX);
  // Quotes and backslashes take two bytes each.
  return inBytes(body) <= BODY_BYTES_MAX ? body : bodyOf(MESSAGE_BYTES_MAX / 2);
}
