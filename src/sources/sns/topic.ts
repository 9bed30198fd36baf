/** A topic that messages are taken of, and who may speak for it. */
export interface Topic {
  readonly arn: string;
  /** The one host that its certificates and its confirmations are fetched from. */
  readonly host: string;
  /** Names, of which its signing certificate must bear one. */
  readonly certificateNames: readonly string[];
}

const ARN =
  /^arn:(aws|aws-cn|aws-us-gov|aws-eusc):sns:([a-z]{2,8}(?:-[a-z]{2,12}){1,3}-[0-9]{1,2}):[0-9]{12}:[A-Za-z0-9_-]{1,256}$/;

const SUFFIXES: Readonly<Record<string, string>> = {
  aws: 'amazonaws.com',
  'aws-us-gov': 'amazonaws.com',
  'aws-cn': 'amazonaws.com.cn',
  'aws-eusc': 'amazonaws.eu',
};

/**
 * The topic of an ARN (`arn:aws:sns:eu-west-1:123456789012:alerts`), or undefined. FIFO topics send to no URL. The host
 * comes out of the config and not out of the message: others' hosts look alike (`sns.s3-eu-west-1.amazonaws.com`
 * was anybody's bucket). The names are those that the AWS SDK for Java expects by region.
 */
export function topicOf(arn: string): Topic | undefined {
  const [, partition = '', region = ''] = ARN.exec(arn) ?? [];
  const suffix = SUFFIXES[partition];
  if (suffix === undefined) return undefined;
  const host = `sns.${region}.${suffix}`;
  const certificateNames = [
    host,
    `sns.${suffix}`,
    `sns-signing.${region}.${suffix}`,
    `sns-${region}.${suffix}`,
    ...(partition === 'aws-us-gov' ? ['sns-us-gov-west-1.amazonaws.com'] : []),
  ];
  return { arn, host, certificateNames };
}

/** Where the topic's host keeps a certificate; undefined for any other place. */
export function certificateUrl(text: string, topic: Topic): string | undefined {
  const url = urlAt(topic.host, text);
  const isPlain = url?.href === text && url.search === '';
  return isPlain && /^\/[A-Za-z0-9_-]{1,128}\.pem$/.test(url.pathname) ? text : undefined;
}

/** Where the topic's host takes the confirmation of a subscription to it; undefined for any other place. */
export function confirmationUrl(text: string, topic: Topic): string | undefined {
  const url = urlAt(topic.host, text);
  const asks = (name: string): readonly string[] => url?.searchParams.getAll(name) ?? [];
  const isConfirmation =
    url?.pathname === '/' &&
    String(asks('Action')) === 'ConfirmSubscription' &&
    String(asks('TopicArn')) === topic.arn &&
    /^[0-9a-f]{1,1024}$/i.test(String(asks('Token')));
  return isConfirmation ? url.href : undefined;
}

const URL_LENGTH_MAX = 2_048;

/** An https URL of this very host, without port, credentials or fragment. */
function urlAt(host: string, text: string): URL | undefined {
  if (text.length > URL_LENGTH_MAX || !text.startsWith(`https://${host}/`) || !URL.canParse(text))
    return undefined;
  const url = new URL(text);
  return url.host === host && url.hash === '' ? url : undefined;
}
