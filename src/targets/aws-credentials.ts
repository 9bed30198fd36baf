import { Type } from 'typebox';
import type { Fault } from '../kernel/fault.ts';
import { errorText, type Logger } from '../kernel/log.ts';
import { secretText } from '../kernel/schema.ts';
import type { AwsCredentials } from './aws-sign.ts';

/** The settings of a kind that calls AWS on how it proves itself there. */
export const awsCredentialSettings = {
  accessKeyId: Type.Optional(
    Type.String({
      pattern: '^[A-Za-z0-9_-]{3,128}$',
      description:
        "The id of an access key. Absent: the environment's credentials (variables, profile, web identity, container or instance role).",
    }),
  ),
  secretAccessKey: Type.Optional(secretText({ description: "The access key's secret." })),
  sessionToken: Type.Optional(
    secretText({ maxLength: 16_384, description: 'The token of an access key that ends.' }),
  ),
};

export interface AwsCredentialSettings {
  readonly accessKeyId?: string;
  readonly secretAccessKey?: string;
  readonly sessionToken?: string;
}

export function awsCredentialFaults(settings: AwsCredentialSettings): readonly Fault[] {
  const { accessKeyId, secretAccessKey, sessionToken } = settings;
  if ((accessKeyId === undefined) !== (secretAccessKey === undefined)) {
    const path = accessKeyId === undefined ? 'accessKeyId' : 'secretAccessKey';
    return [{ path, message: 'is missing: accessKeyId and secretAccessKey are set together or not at all' }];
  }
  if (sessionToken === undefined || accessKeyId !== undefined) return [];
  return [{ path: 'sessionToken', message: 'is of no use without accessKeyId' }];
}

/** Over the API nobody lends out who the machine is: a target made there brings a key of its own. */
export const ownCredentialFaults = ({ accessKeyId }: AwsCredentialSettings): readonly Fault[] =>
  accessKeyId === undefined
    ? [{ path: 'accessKeyId', message: "is missing: the machine's own identity is for the config file only" }]
    : [];

/** Where a target's credentials come from. */
export interface CredentialSource {
  /** Undefined when there are none. Cached, and renewed before they end. */
  get(): Promise<AwsCredentials | undefined>;
  /** Forgets what is cached: AWS said that it has ended. */
  renew(): void;
}

/** The credentials of the settings; else those of the environment, by the default chain of AWS's own clients. */
export function credentialSource(settings: AwsCredentialSettings, log: Logger): CredentialSource {
  const { accessKeyId, secretAccessKey, sessionToken } = settings;
  if (accessKeyId === undefined || secretAccessKey === undefined) return ofEnvironment(log);
  const fixed = { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) };
  return { get: () => Promise.resolve(fixed), renew: () => {} };
}

type Chain = (options: { forceRefresh: boolean }) => Promise<AwsCredentials>;

function ofEnvironment(log: Logger): CredentialSource {
  let chain: Chain | undefined;
  let forceRefresh = false;
  return {
    async get() {
      try {
        chain ??= (await import('@aws-sdk/credential-provider-node')).defaultProvider();
        const options = { forceRefresh };
        forceRefresh = false;
        return await chain(options);
      } catch (error) {
        // The deliveries wait; what the chain says of files and profiles is for the log alone.
        log.warn({ reason: errorText(error) }, 'no AWS credentials could be had');
        return undefined;
      }
    },
    renew() {
      forceRefresh = true;
    },
  };
}
