import { Type } from 'typebox';
import type { Fault } from '../../kernel/fault.ts';
import { oneOf, secretText, type Static } from '../../kernel/schema.ts';
import { awsCredentialFaults, awsCredentialSettings, ownCredentialFaults } from '../aws-credentials.ts';
import { type Fitted, longTextSettings, longTextWriter } from '../long-text.ts';
import { snsSms } from '../sms-sns.ts';
import { fitSms } from '../sms-text.ts';
import { twilioSms } from '../sms-twilio.ts';
import { defineTarget } from '../target.ts';
import { textFaults, textSettings } from '../templated-text.ts';
import type { EventText, Link } from '../text.ts';
import { tokenFaults, urlFaults } from '../url-faults.ts';

const settings = Type.Object({
  provider: oneOf(['twilio', 'sns'], {
    default: 'twilio',
    description: 'Who carries the message: Twilio, or Amazon SNS.',
  }),
  accountSid: Type.Optional(
    Type.String({
      pattern: '^AC[0-9a-fA-F]{32}$',
      expected: 'a Twilio account SID, which begins with AC',
      description: 'Twilio: the account that sends and pays.',
    }),
  ),
  authToken: Type.Optional(secretText({ description: "Twilio: the account's auth token." })),
  from: Type.Optional(
    Type.String({
      pattern: '^(?:\\+[1-9][0-9]{6,14}|[0-9]{3,8}|(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11})$',
      expected:
        'a phone number such as +33612345678, a short code, or a sender name of at most 11 letters and digits',
      description:
        'Whom the message comes from. Twilio: either this or messagingServiceSid. SNS: what the account is set to when absent.',
    }),
  ),
  messagingServiceSid: Type.Optional(
    Type.String({
      pattern: '^MG[0-9a-fA-F]{32}$',
      expected: 'a Twilio messaging service SID, which begins with MG',
      description: 'Twilio: the messaging service that picks the sender. Either this or from.',
    }),
  ),
  region: Type.Optional(
    Type.String({
      pattern: '^[a-z0-9-]{3,40}$',
      expected: 'a region such as eu-west-1',
      description: 'SNS: the region that sends.',
    }),
  ),
  ...awsCredentialSettings,
  to: Type.String({
    pattern: '^\\+[1-9][0-9]{6,14}$',
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
  baseUrl: Type.Optional(
    Type.String({
      pattern: '^https?://[^\\s/]+$',
      description: "Where the provider's API is, without a path. Absent: where the provider has it.",
    }),
  ),
  ...textSettings,
  ...longTextSettings,
});
type Settings = Static<typeof settings>;

export const sms = defineTarget({
  kind: 'sms',
  summary: 'Texts one phone number through Twilio or Amazon SNS.',
  settings,
  checkStored: (settings) => (settings.provider === 'sns' ? ownCredentialFaults(settings) : []),
  check: (settings) => [
    ...(settings.provider === 'twilio' ? twilioFaults(settings) : snsFaults(settings)),
    ...(settings.baseUrl === undefined ? [] : urlFaults('baseUrl', settings.baseUrl)),
    ...textFaults(settings),
  ],
  open(settings, context) {
    const { provider, from, messagingServiceSid, to, baseUrl, segmentsMax } = settings;
    // What the provider needs is there: `check` refuses settings without it.
    const { accountSid = '', authToken = '', region = '' } = settings;
    const words = longTextWriter(settings, context, {
      fit: (text, whole) => fitted(text, whole, segmentsMax),
      shows: ({ subject, body = '' }) => `${subject}\n${body}`,
      secrets: [authToken, settings.secretAccessKey ?? '', settings.sessionToken ?? ''],
    });
    const common = { from, to, baseUrl, words };
    if (provider === 'sns') return snsSms({ ...common, region, credentials: settings }, context);
    return twilioSms({ ...common, accountSid, authToken, messagingServiceSid }, context);
  },
});

/** The first link alone is worth a segment: it leads to all the rest. The operator's own words stand in its place. */
function fitted(
  { subject, body, links }: EventText,
  whole: Link | undefined,
  segmentsMax: number,
): Fitted<string> {
  const text = [subject, body ?? ''].join('\n').trim();
  const link = whole ?? (body === undefined ? links[0] : undefined);
  const tail = link === undefined ? '' : `\n${link.url}`;
  const message = fitSms(text, segmentsMax, tail);
  return { message, isCut: message !== text + tail };
}

function twilioFaults(settings: Settings): readonly Fault[] {
  const { from, messagingServiceSid, authToken } = settings;
  return [
    ...missing(settings, ['accountSid', 'authToken']),
    ...strangers(settings, ['region', 'accessKeyId', 'secretAccessKey', 'sessionToken']),
    ...tokenFaults('authToken', authToken),
    ...((from === undefined) === (messagingServiceSid === undefined)
      ? [{ path: 'from', message: 'exactly one of from and messagingServiceSid must be set' }]
      : []),
  ];
}

function snsFaults(settings: Settings): readonly Fault[] {
  return [
    ...missing(settings, ['region']),
    ...strangers(settings, ['accountSid', 'authToken', 'messagingServiceSid']),
    ...awsCredentialFaults(settings),
  ];
}

function missing(settings: Settings, names: readonly (keyof Settings)[]): readonly Fault[] {
  return names
    .filter((name) => settings[name] === undefined)
    .map((path) => ({ path, message: `is missing: the provider ${settings.provider} needs it` }));
}

function strangers(settings: Settings, names: readonly (keyof Settings)[]): readonly Fault[] {
  return names
    .filter((name) => settings[name] !== undefined)
    .map((path) => ({ path, message: `is of no use with the provider ${settings.provider}` }));
}
