import { Type } from 'typebox';
import type { HttpAnswer } from '../../kernel/http-client.ts';
import { secretText } from '../../kernel/schema.ts';
import { answerText } from '../answer-text.ts';
import { httpOutcome } from '../http-outcome.ts';
import { fitSms } from '../sms-text.ts';
import { defineTarget } from '../target.ts';
import { eventText } from '../text.ts';

const PHONE = '^\\+[1-9][0-9]{6,14}$';

/**
 * Twilio's error codes that tell that this number will not take this message, now or later
 * (https://www.twilio.com/docs/api/errors). Faults of the account or the sender are not among them: the operator
 * may put them right while the delivery waits.
 */
const REFUSALS: ReadonlySet<number> = new Set([
  21211, // not a phone number
  21214, // cannot be reached
  21217, // not a valid number
  21610, // the recipient has unsubscribed
  21614, // not a mobile number
  21617, // message too long
  21635, // a landline
]);

const settings = Type.Object({
  accountSid: Type.String({
    pattern: '^AC[0-9a-fA-F]{32}$',
    expected: 'a Twilio account SID, which begins with AC',
    description: 'The account that sends and pays.',
  }),
  authToken: secretText({ description: "The account's auth token." }),
  from: Type.Optional(
    Type.String({
      pattern: '^(?:\\+[1-9][0-9]{6,14}|[0-9]{3,8}|(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11})$',
      expected:
        'a phone number such as +33612345678, a short code, or a sender name of at most 11 letters and digits',
      description: 'Whom the message comes from. Either this or messagingServiceSid.',
    }),
  ),
  messagingServiceSid: Type.Optional(
    Type.String({
      pattern: '^MG[0-9a-fA-F]{32}$',
      expected: 'a Twilio messaging service SID, which begins with MG',
      description: 'The messaging service that picks the sender. Either this or from.',
    }),
  ),
  to: Type.String({
    pattern: PHONE,
    expected: 'a phone number such as +33612345678',
    description:
      'Whom to text. One number per target: each has a delivery of its own, tried until it arrives.',
  }),
  segmentsMax: Type.Integer({
    minimum: 1,
    maximum: 10,
    default: 3,
    description: 'A longer text is cut: each segment (160 plain or 70 other characters) is paid for.',
  }),
  baseUrl: Type.String({
    pattern: '^https?://[^\\s/]+$',
    default: 'https://api.twilio.com',
    description: "Twilio's API, without a path.",
  }),
});

export const sms = defineTarget({
  kind: 'sms',
  summary: 'Texts one phone number through Twilio.',
  settings,
  check: ({ from, messagingServiceSid }) =>
    (from === undefined) === (messagingServiceSid === undefined)
      ? [{ path: 'from', message: 'exactly one of from and messagingServiceSid must be set' }]
      : [],
  open(settings, context) {
    const { accountSid, authToken, from, messagingServiceSid, to, segmentsMax, baseUrl } = settings;
    const credentials = `${accountSid}:${authToken}`;
    const headers = {
      authorization: `Basic ${Buffer.from(credentials).toString('base64')}`,
      'content-type': 'application/x-www-form-urlencoded',
      accept: 'application/json',
    };
    const url = `${baseUrl}/2010-04-01/Accounts/${accountSid}/Messages.json`;
    const sender: Record<string, string> =
      messagingServiceSid === undefined ? { From: from ?? '' } : { MessagingServiceSid: messagingServiceSid };
    const text = answerText([authToken, credentials]);
    return {
      async send({ event }, signal) {
        const { subject, links } = eventText(event, context.publicUrl);
        // The link comes first among what is worth a segment: it leads to all the rest.
        const message = fitSms([subject, links[0]?.url ?? ''].join('\n').trim(), segmentsMax);
        const body = new URLSearchParams({ ...sender, To: to, Body: message }).toString();
        const answer = await context.http.request({
          url,
          headers,
          body,
          timeoutMs: context.timeoutMs,
          signal,
        });
        const rejects = isRefusal(answer) ? [400] : [];
        return httpOutcome(answer, { nowMs: context.clock.now(), text, rejects });
      },
      close: () => Promise.resolve(),
    };
  },
});

function isRefusal(answer: HttpAnswer): boolean {
  if (!answer.ok || answer.status !== 400) return false;
  const code = /"code"\s*:\s*([0-9]{5})\b/.exec(answer.body)?.[1];
  return code !== undefined && REFUSALS.has(Number(code));
}
