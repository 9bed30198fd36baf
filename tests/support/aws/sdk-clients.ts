import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { EC2Client } from '@aws-sdk/client-ec2';
import { ECSClient } from '@aws-sdk/client-ecs';
import { S3Client } from '@aws-sdk/client-s3';
import { S3ControlClient } from '@aws-sdk/client-s3-control';
import { STSClient } from '@aws-sdk/client-sts';
import { here } from './builders.ts';
import type { FakeAws } from './fake-aws.ts';
import type { AccessKey } from './keys.ts';

export interface SdkClients {
  readonly sts: STSClient;
  readonly ec2: EC2Client;
  readonly ecs: ECSClient;
  readonly s3: S3Client;
  readonly s3control: S3ControlClient;
  readonly cloudwatch: CloudWatchClient;
}

export interface SdkOptions {
  readonly region?: string;
  /** 1: a failure is seen as it came. */
  readonly maxAttempts?: number;
}

/** The real clients of the SDK, with a key, turned to the fake. */
export function sdkClients(aws: FakeAws, key: AccessKey, options: SdkOptions = {}): SdkClients {
  const settings = {
    endpoint: aws.url,
    region: options.region ?? here.region,
    maxAttempts: options.maxAttempts ?? 1,
    credentials: {
      accessKeyId: key.id,
      secretAccessKey: key.secret,
      ...(key.sessionToken === undefined ? {} : { sessionToken: key.sessionToken }),
    },
  };
  return {
    sts: new STSClient(settings),
    ec2: new EC2Client(settings),
    ecs: new ECSClient(settings),
    s3: new S3Client({ ...settings, forcePathStyle: true }),
    // Its own rules put the account in front of the host, whatever the endpoint.
    s3control: new S3ControlClient({ ...settings, endpointProvider: () => ({ url: new URL(aws.url) }) }),
    cloudwatch: new CloudWatchClient(settings),
  };
}

/** What a call was refused with: AWS's code and the status; undefined if it was answered. */
export async function refusalOfCall(call: Promise<unknown>): Promise<string | undefined> {
  try {
    await call;
    return undefined;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const metadata: unknown = Reflect.get(error, '$metadata');
    const status: unknown =
      typeof metadata === 'object' && metadata !== null ? Reflect.get(metadata, 'httpStatusCode') : undefined;
    return `${error.name} ${status === undefined ? String(Reflect.get(error, 'code')) : String(status)}`;
  }
}
