import { Type } from 'typebox';
import { secretText } from '../../kernel/schema.ts';
import { fit, inBytes } from '../fit.ts';
import { httpTarget } from '../http-target.ts';
import { defineTarget } from '../target.ts';
import { textFaults, textSettings, textWriter } from '../templated-text.ts';
import type { EventText } from '../text.ts';
import { urlFaults } from '../url-faults.ts';

/** Teams takes messages of about 28 KB (https://learn.microsoft.com/microsoftteams/limits-specifications-teams). */
const MESSAGE_BYTES_MAX = 24_576;
const LINES_MAX = 100;
const LINE_MAX = 1_000;

const settings = Type.Object({
  url: secretText({
    description:
      'The URL of a workflow "When a Teams webhook request is received", https. Whoever has it can post.',
    maxLength: 2_048,
  }),
  ...textSettings,
});

export const teams = defineTarget({
  kind: 'teams',
  summary:
    'Posts events to a Microsoft Teams channel or chat through a Workflows webhook, as Adaptive Cards.',
  settings,
  check: (settings) => [...urlFaults('url', settings.url), ...textFaults(settings)],
  open(settings, context) {
    const { url } = settings;
    const textOf = textWriter(settings, context);
    return httpTarget(context, {
      secretUrls: [url],
      request: (job) => ({ url, body: teamsMessage(textOf(job)) }),
      // Too large for the trigger. The others are about the workflow (400 it is off or its trigger another, 401
      // and 403 the signature in the URL, 404 deleted), which its owner may put right while the delivery waits.
      refuses: (status) => status === 413,
    });
  },
});

/** A run of text, which unlike a text block knows no Markdown: nothing in it can be markup. */
interface Run {
  readonly type: 'TextRun';
  readonly text: string;
  readonly weight?: 'Bolder';
  readonly size?: 'Large';
}
type Line = readonly Run[];

/** A card with as many of the lines as a message of Teams can hold. */
function teamsMessage(text: EventText): string {
  const lines = linesOf(text);
  const kept: Line[] = [];
  let room = MESSAGE_BYTES_MAX - inBytes(JSON.stringify(card(text, [[run('…')]])));
  for (const line of lines.slice(0, LINES_MAX)) {
    room -= inBytes(JSON.stringify(block(line))) + 1;
    if (room < 0) break;
    kept.push(line);
  }
  return JSON.stringify(card(text, kept.length < lines.length ? [...kept, [run('…')]] : kept));
}

/** What a workflow takes (https://learn.microsoft.com/connectors/teams/#microsoft-teams-webhook). */
function card({ subject, links }: EventText, lines: readonly Line[]): object {
  const title: Run = { ...run(subject), weight: 'Bolder', size: 'Large' };
  return {
    type: 'message',
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        contentUrl: null,
        content: {
          $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
          type: 'AdaptiveCard',
          version: '1.4',
          msteams: { width: 'Full' },
          body: [[title], ...lines].map(block),
          actions: links.map(({ label, url }) => ({ type: 'Action.OpenUrl', title: label, url })),
        },
      },
    ],
  };
}

const block = (inlines: Line): object => ({ type: 'RichTextBlock', inlines });

function linesOf({ body, facts }: EventText): readonly Line[] {
  if (body !== undefined) return body.split('\n').map((line) => [run(line)]);
  return facts.map(({ label, value }) => [{ ...run(`${label}: `), weight: 'Bolder' }, run(value)]);
}

function run(text: string): Run {
  // A run may not be empty.
  return { type: 'TextRun', text: fit(text, LINE_MAX) || ' ' };
}
