import { Type } from 'typebox';
import { secretText } from '../../kernel/schema.ts';
import { answerText, urlSecrets } from '../answer-text.ts';
import { httpOutcome } from '../http-outcome.ts';
import { slackMessage } from '../slack-message.ts';
import { defineTarget } from '../target.ts';
import { eventText } from '../text.ts';

const settings = Type.Object({
  url: secretText({
    description: "The incoming webhook's URL, https. Whoever has it can post to the channel.",
    maxLength: 2_048,
  }),
});

/**
 * The one status that says that the message itself is no good. The others (403 action_prohibited, 404 no_service)
 * are about the channel or the webhook, which the operator may put right while the delivery waits; 410
 * channel_is_archived ends it.
 */
const REJECTS = [400];

export const slack = defineTarget({
  kind: 'slack',
  summary: 'Posts events to a Slack channel through an incoming webhook.',
  settings,
  check: ({ url }) =>
    URL.canParse(url) && new URL(url).protocol === 'https:'
      ? []
      : [{ path: 'url', message: 'must be an https URL' }],
  open({ url }, context) {
    const text = answerText(urlSecrets(url));
    return {
      async send({ event }, signal) {
        const answer = await context.http.request({
          url,
          headers: { 'content-type': 'application/json; charset=utf-8' },
          body: slackMessage(eventText(event, context.publicUrl)),
          timeoutMs: context.timeoutMs,
          signal,
        });
        return httpOutcome(answer, { nowMs: context.clock.now(), text, rejects: REJECTS });
      },
      close: () => Promise.resolve(),
    };
  },
});
