import type { AwsCredentialSettings } from './aws-credentials.ts';
import type { AwsError } from './aws-request.ts';
import { snsPublisher } from './sns-publish.ts';
import type { Job, Target, TargetContext } from './target.ts';

export interface SnsSmsOptions {
  readonly region: string;
  readonly credentials: AwsCredentialSettings;
  /** A sender name or a number of ours; what the account is set to when absent. */
  readonly from: string | undefined;
  readonly to: string;
  readonly baseUrl: string | undefined;
  messageOf(job: Job): string;
}

/** Texts by Amazon SNS (https://docs.aws.amazon.com/sns/latest/dg/sms_publish-to-phone.html). */
export function snsSms(options: SnsSmsOptions, context: TargetContext): Target {
  const { region, credentials, from = '', to, baseUrl: endpoint, messageOf } = options;
  const publish = snsPublisher({ region, endpoint, credentials, rejects: isAboutNumber }, context);
  const isNumber = /^\+?[0-9]+$/.test(from);
  const attributes = {
    'AWS.SNS.SMS.SMSType': 'Transactional',
    'AWS.SNS.SMS.SenderID': isNumber ? '' : from,
    'AWS.MM.SMS.OriginationNumber': isNumber ? from : '',
  };
  return {
    send: (job, signal) => publish({ PhoneNumber: to, Message: messageOf(job) }, attributes, signal),
    preview: (job) => ({ mediaType: 'text/plain; charset=utf-8', text: messageOf(job) }),
    close: () => Promise.resolve(),
  };
}

/** The number is none, or its owner has opted out. Other parameters are ours: the operator may put them right. */
function isAboutNumber({ code, message }: AwsError): boolean {
  return /^InvalidParameter(?:Value)?$/.test(code) && /phone ?number|opted out/i.test(message);
}
