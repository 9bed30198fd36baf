import type { HttpAnswer } from '../kernel/http-client.ts';
import { sha256 } from '../kernel/secret.ts';
import { answerText } from './answer-text.ts';
import { type AwsCredentialSettings, credentialSource } from './aws-credentials.ts';
import { type AwsCredentials, signAws } from './aws-sign.ts';
import { httpOutcome } from './http-outcome.ts';
import { orTimeout } from './or-timeout.ts';
import type { Outcome, TargetContext } from './target.ts';

/** One call of an AWS service. */
export interface AwsCall {
  readonly method: 'POST' | 'PUT';
  readonly url: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
  /** Of the body, where it is known already. */
  readonly sha256?: Buffer;
}

export interface AwsService {
  /** The signing name: `s3`, `sns`. */
  readonly service: string;
  readonly region: string;
  readonly credentials: AwsCredentialSettings;
  /** Whether the service refuses this delivery for good with that error; else it is tried again. */
  rejects?(error: AwsError): boolean;
}

/** What AWS says when it refuses: `AccessDenied`, and a sentence. */
export interface AwsError {
  readonly code: string;
  readonly message: string;
}

/** The codes by which AWS asks for fewer requests; several come with a status that says otherwise. */
const THROTTLED: ReadonlySet<string> = new Set([
  'KMSThrottling',
  'KMSThrottlingException',
  'RequestLimitExceeded',
  'RequestThrottled',
  'RequestThrottledException',
  'SlowDown',
  'Throttled',
  'Throttling',
  'ThrottlingException',
  'TooManyRequestsException',
]);
/** The codes of credentials that have ended or been replaced: new ones may be there already. */
const ENDED: ReadonlySet<string> = new Set([
  'ExpiredToken',
  'ExpiredTokenException',
  'InvalidAccessKeyId',
  'InvalidClientTokenId',
  'InvalidToken',
  'TokenRefreshRequired',
]);

/** A service of AWS, or one that speaks as it does: signs, sends through the target's own client, reads errors. */
export function awsService(
  aws: AwsService,
  context: TargetContext,
): (call: AwsCall, signal: AbortSignal) => Promise<Outcome> {
  const source = credentialSource(aws.credentials, context.log);
  return async (call, signal) => {
    // What the chain looks for may hang: a metadata service that does not answer.
    const credentials = await orTimeout(source.get(), undefined, signal);
    if (signal.aborted) return { kind: 'retry', reason: 'timeout' };
    if (credentials === undefined) return noCredentials;
    const hash = call.sha256 ?? sha256(call.body);
    const headers = { ...call.headers, 'x-amz-content-sha256': hash.toString('hex') };
    const signed = await signAws({ ...aws, ...call, headers }, credentials, context.clock.now());
    const { method, url, body } = call;
    const answer = await context.http.request({
      method,
      url,
      headers: signed,
      body,
      timeoutMs: context.timeoutMs,
      signal,
    });
    const error = readAwsError(answer);
    if (error && ENDED.has(error.code)) source.renew();
    return awsOutcome(answer, error, aws, credentials, context.clock.now());
  };
}

const noCredentials: Outcome = {
  kind: 'retry',
  reason: 'credentials',
  answer:
    'no AWS credentials: set accessKeyId and secretAccessKey, or give the service an identity (see its log)',
};

function awsOutcome(
  answer: HttpAnswer,
  error: AwsError | undefined,
  { rejects }: AwsService,
  credentials: AwsCredentials,
  nowMs: number,
): Outcome {
  const { secretAccessKey, sessionToken } = credentials;
  const text = answerText([secretAccessKey, ...(sessionToken === undefined ? [] : [sessionToken])]);
  if (!answer.ok) return httpOutcome(answer, { nowMs, text });
  if (error === undefined) return httpOutcome({ ...answer, body: successOf(answer) }, { nowMs, text });
  const said = { ...answer, body: `${error.code}: ${error.message}` };
  const outcome = httpOutcome(said, { nowMs, text, rejects: rejects?.(error) ? [answer.status] : [] });
  return outcome.kind === 'retry' && THROTTLED.has(error.code)
    ? { ...outcome, reason: 'rate_limited' }
    : outcome;
}

/** The error in the XML of S3 and of the query services; undefined when the answer tells none. */
function readAwsError(answer: HttpAnswer): AwsError | undefined {
  if (!answer.ok || answer.status < 300) return undefined;
  const code = /<Code>([A-Za-z0-9._-]{1,100})<\/Code>/.exec(answer.body)?.[1];
  const message = /<Message>([^<]{0,1000})<\/Message>/.exec(answer.body)?.[1] ?? '';
  return code === undefined ? undefined : { code, message };
}

/** Of a success the id that SNS gave the message, which its support asks for; an answer without a code as it is. */
function successOf({ status, body }: Extract<HttpAnswer, { ok: true }>): string {
  return status < 300 ? (/<MessageId>([^<]{1,100})<\/MessageId>/.exec(body)?.[1] ?? '') : body;
}

/** Regions of AWS in China have a domain of their own. */
export function awsDomain(region: string): string {
  return region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
}
