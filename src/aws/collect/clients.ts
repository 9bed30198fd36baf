import type * as CloudWatch from '@aws-sdk/client-cloudwatch';
import type * as Ec2 from '@aws-sdk/client-ec2';
import type * as Ecs from '@aws-sdk/client-ecs';
import type * as S3 from '@aws-sdk/client-s3';
import type * as S3Control from '@aws-sdk/client-s3-control';
import type * as Sts from '@aws-sdk/client-sts';
import type { AwsEndpoints } from '../principal.ts';
import type { CredentialProvider } from './credentials.ts';
import { endpointOf } from './endpoint.ts';
import { ForgetfulSigner } from './forgetful-signer.ts';
import type { Gate } from './gate.ts';
import type { AwsService } from './rates.ts';
import { ATTEMPTS_MAX, type Retries } from './retries.ts';
import type { Wire } from './wire.ts';

/** Which Node the SDK will want next year is no operator's concern: its version is pinned. Read when it is loaded. */
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

/** A client with its library, which is loaded with the first one. */
export interface Opened<Library, Client> {
  readonly sdk: Library;
  readonly client: Client;
}
export type OpenedEc2 = Opened<typeof Ec2, Ec2.EC2Client>;
export type OpenedEcs = Opened<typeof Ecs, Ecs.ECSClient>;
export type OpenedS3 = Opened<typeof S3, S3.S3Client>;
export type OpenedS3Control = Opened<typeof S3Control, S3Control.S3ControlClient>;
export type OpenedCloudWatch = Opened<typeof CloudWatch, CloudWatch.CloudWatchClient>;
export type OpenedSts = Opened<typeof Sts, Sts.STSClient>;

export interface ClientsParts {
  readonly endpoints: AwsEndpoints;
  readonly credentials: CredentialProvider;
  readonly wire: Wire;
  readonly gate: Gate;
  readonly retries: Retries;
}

/** The clients of one principal, one per service and region, each opened when it is first asked for. */
export interface Clients {
  ec2(region: string): Promise<OpenedEc2>;
  ecs(region: string): Promise<OpenedEcs>;
  cloudwatch(region: string): Promise<OpenedCloudWatch>;
  sts(region: string): Promise<OpenedSts>;
  s3(region: string): Promise<OpenedS3>;
  s3control(region: string): Promise<OpenedS3Control>;
  close(): void;
}

export function openClients(parts: ClientsParts): Clients {
  const settings = (service: AwsService, region: string) => settingsOf(parts, service, region);
  const around = (service: AwsService, region: string) => parts.gate.around(service, region);
  const ec2 = perRegion(async (region) => {
    const sdk = await import('@aws-sdk/client-ec2');
    const client = new sdk.EC2Client(settings('ec2', region));
    client.middlewareStack.addRelativeTo(around('ec2', region), beforeSigning);
    client.middlewareStack.remove(LOGGING);
    return { sdk, client };
  });
  const ecs = perRegion(async (region) => {
    const sdk = await import('@aws-sdk/client-ecs');
    const client = new sdk.ECSClient(settings('ecs', region));
    client.middlewareStack.addRelativeTo(around('ecs', region), beforeSigning);
    client.middlewareStack.remove(LOGGING);
    return { sdk, client };
  });
  const cloudwatch = perRegion(async (region) => {
    const sdk = await import('@aws-sdk/client-cloudwatch');
    const client = new sdk.CloudWatchClient(settings('cloudwatch', region));
    client.middlewareStack.addRelativeTo(around('cloudwatch', region), beforeSigning);
    client.middlewareStack.remove(LOGGING);
    return { sdk, client };
  });
  const sts = perRegion(async (region) => {
    const sdk = await import('@aws-sdk/client-sts');
    const client = new sdk.STSClient(settings('sts', region));
    client.middlewareStack.addRelativeTo(around('sts', region), beforeSigning);
    client.middlewareStack.remove(LOGGING);
    return { sdk, client };
  });
  const s3 = perRegion((region) => openS3(parts, region));
  const s3control = perRegion((region) => openS3Control(parts, region));
  const all = [ec2, ecs, cloudwatch, sts, s3, s3control];
  return {
    ec2: ec2.get,
    ecs: ecs.get,
    cloudwatch: cloudwatch.get,
    sts: sts.get,
    s3: s3.get,
    s3control: s3control.get,
    close: () => all.forEach((clients) => clients.close()),
  };
}

async function openS3(parts: ClientsParts, region: string): Promise<OpenedS3> {
  const sdk = await import('@aws-sdk/client-s3');
  const client = new sdk.S3Client({
    ...settingsOf(parts, 's3', region),
    forcePathStyle: parts.endpoints.pathStyle,
    // Each bucket is asked in its own region; what answers with another one is not to be trusted with a signature.
    followRegionRedirects: false,
    disableMultiregionAccessPoints: true,
    disableS3ExpressSessionAuth: true,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    useArnRegion: false,
  });
  client.middlewareStack.addRelativeTo(parts.gate.around('s3', region), beforeSigning);
  client.middlewareStack.remove(LOGGING);
  return { sdk, client };
}

async function openS3Control(parts: ClientsParts, region: string): Promise<OpenedS3Control> {
  const sdk = await import('@aws-sdk/client-s3-control');
  const { endpoint, ...settings } = settingsOf(parts, 's3control', region);
  const client = new sdk.S3ControlClient({
    ...settings,
    useArnRegion: false,
    // AWS's own rules put the account's id before the host name, whichever it is; an address has no such names. The
    // account is in a header as well, which is all that other stores look at.
    ...(endpoint !== undefined && { endpointProvider: () => ({ url: new URL(endpoint) }) }),
  });
  client.middlewareStack.addRelativeTo(parts.gate.around('s3control', region), beforeSigning);
  client.middlewareStack.remove(LOGGING);
  return { sdk, client };
}

/** It makes a copy of all that is sent and answered, for a logger that nobody gave it. */
const LOGGING = 'loggerMiddleware';

/** Within the SDK's retries, so that each attempt passes. */
const beforeSigning = {
  name: 'tocsinGate',
  relation: 'before',
  toMiddleware: 'httpSigningMiddleware',
} as const;

/**
 * All that the SDK would look up in the environment or in shared files is said: what a reader does is decided by its
 * principal and the configuration alone.
 */
function settingsOf(
  { endpoints, credentials, wire, retries }: ClientsParts,
  service: AwsService,
  region: string,
) {
  const endpoint = endpointOf(service, endpoints, process.env);
  return {
    region,
    credentials,
    requestHandler: wire.handler(),
    signerConstructor: ForgetfulSigner,
    retryStrategy: retries,
    maxAttempts: ATTEMPTS_MAX,
    defaultsMode: 'standard',
    useDualstackEndpoint: false,
    useFipsEndpoint: false,
    userAgentAppId: 'tocsin',
    authSchemePreference: noPreference,
    disableClockSkewCorrection: false,
    ignoreConfiguredEndpointUrls: true,
    ...(endpoint !== undefined && { endpoint }),
  } as const;
}

const noPreference = (): Promise<string[]> => Promise.resolve([]);

interface PerRegion<T> {
  readonly get: (region: string) => Promise<T>;
  close(): void;
}

function perRegion<T extends { readonly client: { destroy(): void } }>(
  open: (region: string) => Promise<T>,
): PerRegion<T> {
  const opened = new Map<string, Promise<T>>();
  return {
    get(region) {
      let one = opened.get(region);
      if (one === undefined) {
        one = open(region);
        opened.set(region, one);
      }
      return one;
    },
    close() {
      // One that is still being opened, or could not be, has nothing to end.
      for (const one of opened.values()) one.then(({ client }) => client.destroy()).catch(() => undefined);
      opened.clear();
    },
  };
}
