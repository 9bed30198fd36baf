import { Type } from 'typebox';
import { oneOf, secretText } from '../../kernel/schema.ts';
import { escapeHtml } from '../escape.ts';
import { fit, fitLines } from '../fit.ts';
import { httpTarget, numberIn } from '../http-target.ts';
import { defineTarget } from '../target.ts';
import { textFaults, textSettings, textWriter } from '../templated-text.ts';
import { detailLines, type EventText } from '../text.ts';
import { tokenFaults, urlFaults } from '../url-faults.ts';

/** An event is at most 65,536 bytes (https://spec.matrix.org/latest/client-server-api/#size-limits), both forms of it. */
const TEXT_MAX = 6_000;
const HTML_MAX = 8_000;
const SUBJECT_MAX = 900;
const LINK_MAX = 1_500;

const settings = Type.Object({
  homeserver: Type.String({
    pattern: '^https?://[^\\s?#]+[^\\s?#/]$',
    maxLength: 2_048,
    description: 'The URL of the client-server API, without a trailing slash: https://matrix.example.org.',
  }),
  accessToken: secretText({ description: 'An access token of the user that writes.' }),
  roomId: Type.String({
    pattern: '^![^\\s/?#]{1,254}$',
    expected: 'the id of a room, which begins with !; not an alias',
    description: 'The room, which the user must have joined. What is sent is not end-to-end encrypted.',
  }),
  messageType: oneOf(['text', 'notice'], {
    default: 'text',
    description: 'Clients show a notice without notifying anybody.',
  }),
  ...textSettings,
});

/** The error codes that are about the message; the others are about user and room (M_FORBIDDEN, M_UNKNOWN_TOKEN). */
const REFUSALS = /"errcode"\s*:\s*"M_(?:BAD_JSON|NOT_JSON|INVALID_PARAM|TOO_LARGE)"/;

export const matrix = defineTarget({
  kind: 'matrix',
  summary: 'Writes events into a Matrix room. A repeated attempt makes no second message.',
  settings,
  check: (settings) => [
    ...urlFaults('homeserver', settings.homeserver),
    ...tokenFaults('accessToken', settings.accessToken),
    ...textFaults(settings),
  ],
  open(settings, context) {
    const { homeserver, accessToken, roomId, messageType } = settings;
    const room = `${homeserver}/_matrix/client/v3/rooms/${encodeURIComponent(roomId)}`;
    const headers = { authorization: `Bearer ${accessToken}` };
    const textOf = textWriter(settings, context);
    return httpTarget(context, {
      secrets: [accessToken],
      request: (job) => ({
        method: 'PUT',
        // The server makes one message of all requests with the same transaction id.
        url: `${room}/send/m.room.message/${job.deliveryId}`,
        headers,
        body: JSON.stringify({
          msgtype: `m.${messageType}`,
          ...matrixText(textOf(job)),
          // Nobody is mentioned, whatever name stands in the text.
          'm.mentions': {},
        }),
      }),
      refuses: (status, body) => status === 413 || (status === 400 && REFUSALS.test(body)),
      waitMs: (body) => numberIn(body, 'retry_after_ms'),
    });
  },
});

function matrixText(text: EventText): object {
  const lines = detailLines(text);
  const plain = text.links.map(({ label, url }) => `${label}: ${url}`);
  const anchors = text.links.map(({ label, url }) => `<a href="${escapeHtml(url)}">${escapeHtml(label)}</a>`);
  const title = fit(text.subject, SUBJECT_MAX, escapeHtml);
  const html = { head: `<strong>${title}</strong>\n`, lines, tail: linkLines(anchors) };
  return {
    body: fitLines({ head: `${text.subject}\n`, lines, tail: linkLines(plain) }, TEXT_MAX),
    format: 'org.matrix.custom.html',
    formatted_body: fitLines(html, HTML_MAX, escapeHtml).replaceAll('\n', '<br>'),
  };
}

/** Half a link is worse than none. */
function linkLines(links: readonly string[]): string {
  return links.filter((link) => link.length <= LINK_MAX).join('\n');
}
