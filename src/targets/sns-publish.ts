import type { AwsCredentialSettings } from './aws-credentials.ts';
import { awsDomain, type AwsError, awsService } from './aws-request.ts';
import type { Outcome, TargetContext } from './target.ts';

export interface SnsOptions {
  readonly region: string;
  /** Without a path; that of AWS when absent. */
  readonly endpoint: string | undefined;
  readonly credentials: AwsCredentialSettings;
  /** Whether SNS refuses this message for good with that error. */
  rejects?(error: AwsError): boolean;
}

/** Publishes one message of Amazon SNS (https://docs.aws.amazon.com/sns/latest/api/API_Publish.html). */
export type SnsPublish = (
  fields: Readonly<Record<string, string>>,
  /** Texts by name; the empty ones are left out, for SNS takes none. */
  attributes: Readonly<Record<string, string>>,
  signal: AbortSignal,
) => Promise<Outcome>;

export function snsPublisher(options: SnsOptions, context: TargetContext): SnsPublish {
  const { region, endpoint, credentials, rejects } = options;
  const call = awsService({ service: 'sns', region, credentials, ...(rejects ? { rejects } : {}) }, context);
  const url = `${endpoint?.replace(/\/$/, '') ?? `https://sns.${region}.${awsDomain(region)}`}/`;
  const headers = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };
  return (fields, attributes, signal) => {
    const form = new URLSearchParams({ Action: 'Publish', Version: '2010-03-31', ...fields });
    const given = Object.entries(attributes).filter(([, value]) => value !== '');
    for (const [index, [name, value]] of given.entries()) {
      const entry = `MessageAttributes.entry.${index + 1}`;
      form.set(`${entry}.Name`, name);
      form.set(`${entry}.Value.DataType`, 'String');
      form.set(`${entry}.Value.StringValue`, value);
    }
    return call({ method: 'POST', url, headers, body: form.toString() }, signal);
  };
}
