import { type ApiRequest, httpTarget, numberIn } from './http-target.ts';
import type { Words } from './long-text.ts';
import type { Target, TargetContext } from './target.ts';

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

export interface TwilioOptions {
  readonly accountSid: string;
  readonly authToken: string;
  /** The sender, or else the service that picks one. */
  readonly from: string | undefined;
  readonly messagingServiceSid: string | undefined;
  readonly to: string;
  readonly baseUrl: string | undefined;
  readonly words: Words<string>;
}

/** Texts by Twilio's API (https://www.twilio.com/docs/messaging/api/message-resource). */
export function twilioSms(options: TwilioOptions, context: TargetContext): Target {
  const { accountSid, authToken, from = '', messagingServiceSid, to, words } = options;
  const credentials = `${accountSid}:${authToken}`;
  const headers = {
    authorization: `Basic ${Buffer.from(credentials).toString('base64')}`,
    accept: 'application/json',
  };
  const base = options.baseUrl ?? 'https://api.twilio.com';
  const url = `${base}/2010-04-01/Accounts/${accountSid}/Messages.json`;
  const sender: Record<string, string> =
    messagingServiceSid === undefined ? { From: from } : { MessagingServiceSid: messagingServiceSid };
  const requestOf = (message: string): ApiRequest => ({
    url,
    headers,
    mediaType: 'application/x-www-form-urlencoded',
    body: new URLSearchParams({ ...sender, To: to, Body: message }).toString(),
  });
  return httpTarget(context, {
    secrets: [authToken, credentials],
    request: (job) => requestOf(words.preview(job)),
    requestToSend: async (job, signal) => requestOf(await words.write(job, signal)),
    refuses: (status, body) => status === 400 && REFUSALS.has(numberIn(body, 'code') ?? 0),
  });
}
