import type { AwsCredentialSettings } from './aws-credentials.ts';
import type { AwsError } from './aws-request.ts';
import type { Words } from './long-text.ts';
import { snsPublisher } from './sns-publish.ts';
import type { Target, TargetContext } from './target.ts';

export interface SnsSmsOptions {
  readonly region: string;
  readonly credentials: AwsCredentialSettings;
  /** A sender name or a number of ours; what the account is set to when absent. */
  readonly from: string | undefined;
  readonly to: string;
  readonly baseUrl: string | undefined;
  readonly words: Words<string>;
}

/** Texts by Amazon SNS (https://docs.aws.amazon.com/sns/latest/dg/sms_publish-to-phone.html). */
export function snsSms(options: SnsSmsOptions, context: TargetContext): Target {
  const { region, credentials, from = '', to, baseUrl: endpoint, words } = options;
  const publish = snsPublisher({ region, endpoint, credentials, rejects: isAboutNumber }, context);
  const isNumber = /^\+?[0-9]+$/.test(from);
  const attributes = {
    'AWS.SNS.SMS.SMSType': 'Transactional',
    'AWS.SNS.SMS.SenderID': isNumber ? '' : from,
    'AWS.MM.SMS.OriginationNumber': isNumber ? from : '',
  };
  return {
    send: async (job, signal) =>
      publish({ PhoneNumber: to, Message: await words.write(job, signal) }, attributes, signal),
    preview: (job) => ({ mediaType: 'text/plain; charset=utf-8', text: words.preview(job) }),
    close: () => Promise.resolve(),
  };
}

/** The number is none, or its owner has opted out. Other parameters are ours: the operator may put them right. */
function isAboutNumber({ code, message }: AwsError): boolean {
  return /^InvalidParameter(?:Value)?$/.test(code) && /phone ?number|opted out/i.test(message);
}
