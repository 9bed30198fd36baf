import { Type } from 'typebox';
import { secretText } from '../../kernel/schema.ts';
import { urlSecrets } from '../answer-text.ts';
import { httpTarget } from '../http-target.ts';
import { longTextSettings, longTextWriter, withLink } from '../long-text.ts';
import { slackMessage } from '../slack-message.ts';
import { defineTarget } from '../target.ts';
import { textFaults, textSettings } from '../templated-text.ts';
import { textLines } from '../text.ts';
import { urlFaults } from '../url-faults.ts';

const settings = Type.Object({
  url: secretText({
    description: "The incoming webhook's URL, https. Whoever has it can post to the channel.",
    maxLength: 2_048,
  }),
  ...textSettings,
  ...longTextSettings,
});

export const slack = defineTarget({
  kind: 'slack',
  summary: 'Posts events to a Slack channel through an incoming webhook.',
  settings,
  check: (settings) => [...urlFaults('url', settings.url), ...textFaults(settings)],
  open(settings, context) {
    const { url } = settings;
    const words = longTextWriter(settings, context, {
      fit: (text, whole) => slackMessage(withLink(text, whole)),
      shows: (text) => textLines({ ...text, links: [] }).join('\n'),
      secrets: [url, ...urlSecrets(url)],
    });
    return httpTarget(context, {
      secretUrls: [url],
      request: (job) => ({ url, body: words.preview(job) }),
      requestToSend: async (job, signal) => ({ url, body: await words.write(job, signal) }),
      // The one status that says that the message itself is no good. The others (403 action_prohibited, 404
      // no_service) are about the channel or the webhook, which the operator may put right while the delivery
      // waits; 410 channel_is_archived ends it.
      refuses: (status) => status === 400,
    });
  },
});
