import type { AssumedRole, CredentialSource, Principal } from '../principal.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { OpenedSts } from './clients.ts';
import { failureOf, KnownFailure } from './failure.ts';

/** Keys with the time at which they end. */
export interface HeldKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
}
export type CredentialProvider = () => Promise<HeldKeys>;

export interface CredentialsParts {
  readonly principal: Principal;
  /** A client of STS that signs with what it is given. */
  readonly openSts: (credentials: CredentialProvider) => Promise<OpenedSts>;
  readonly clock: Clock;
  readonly environment: NodeJS.ProcessEnv;
}

/** Keys are renewed so long before they end. */
const RENEW_MS = 5 * 60_000;
const ROLE_SECONDS = 3_600;
const SESSION_NAME = 'tocsin';

/** The keys of one principal, its role assumed where it has one; got once for all clients, and renewed in time. */
export class Credentials {
  #get: CredentialProvider | undefined;
  #held: Promise<HeldKeys> | undefined;
  #endsAt = Number.POSITIVE_INFINITY;
  readonly #clock: Clock;

  constructor(parts: CredentialsParts) {
    this.#clock = parts.clock;
    this.#get = providerOf(parts);
  }

  readonly provide: CredentialProvider = async () => {
    const get = this.#get;
    if (get === undefined) throw new KnownFailure({ kind: 'unreachable', code: 'Aborted' });
    const isDue = this.#endsAt - this.#clock.now() < RENEW_MS;
    if (this.#held === undefined || isDue) this.#renew(get);
    return this.#held ?? get();
  };

  /** They cannot be had from here any more. */
  forget(): void {
    this.#get = undefined;
    this.#held = undefined;
  }

  /** All who ask meanwhile wait for the same answer; a failure is not kept. */
  #renew(get: CredentialProvider): void {
    const coming = get().then((keys) => {
      this.#endsAt = keys.expiration?.getTime() ?? Number.POSITIVE_INFINITY;
      return keys;
    });
    this.#held = coming;
    this.#endsAt = Number.POSITIVE_INFINITY;
    coming.catch(() => {
      if (this.#held === coming) this.#held = undefined;
    });
  }
}

function providerOf({ principal, openSts, environment }: CredentialsParts): CredentialProvider {
  const own = ownProvider(principal, openSts, environment);
  const { role } = principal;
  if (role === undefined) return own;
  let sts: Promise<OpenedSts> | undefined;
  return async () => {
    sts ??= openSts(own);
    return assume(await sts, role, principal.region);
  };
}

function ownProvider(
  principal: Principal,
  openSts: CredentialsParts['openSts'],
  environment: NodeJS.ProcessEnv,
): CredentialProvider {
  if (principal.kind === 'keys') {
    const { keys } = principal;
    return () => Promise.resolve(keys);
  }
  const { source, profile, region } = principal;
  let provider: Promise<CredentialProvider> | undefined;
  return async () => {
    provider ??= sourceProvider(source, { profile, region, openSts, environment });
    return (await provider)();
  };
}

interface SourceContext extends Pick<CredentialsParts, 'openSts' | 'environment'> {
  readonly profile: string | undefined;
  readonly region: string;
}

/** Where the machine has them. A source that is named is the only one: keys from elsewhere would be another principal. */
async function sourceProvider(source: CredentialSource, context: SourceContext): Promise<CredentialProvider> {
  const { region, profile, environment } = context;
  const clientConfig = { region };
  const roleAssumer = profileAssumer(context);
  switch (source) {
    case 'default': {
      const { defaultProvider } = await import('@aws-sdk/credential-provider-node');
      return defaultProvider({ clientConfig, roleAssumer, ...(profile !== undefined && { profile }) });
    }
    case 'environment':
      return () => fromEnvironment(environment);
    case 'profile': {
      const { fromIni } = await import('@aws-sdk/credential-provider-ini');
      return fromIni({ clientConfig, roleAssumer, ...(profile !== undefined && { profile }) });
    }
    case 'container': {
      const { fromHttp } = await import('@aws-sdk/credential-provider-http');
      return fromHttp();
    }
    case 'instance': {
      const { fromInstanceMetadata } = await import('@smithy/credential-provider-imds');
      return fromInstanceMetadata({ timeout: 2_000, maxRetries: 2 });
    }
  }
}

async function fromEnvironment(environment: NodeJS.ProcessEnv): Promise<HeldKeys> {
  const accessKeyId = environment['AWS_ACCESS_KEY_ID'];
  const secretAccessKey = environment['AWS_SECRET_ACCESS_KEY'];
  const sessionToken = environment['AWS_SESSION_TOKEN'];
  if (!accessKeyId || !secretAccessKey) throw new KnownFailure({ kind: 'refused', code: 'NoCredentials' });
  return { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) };
}

/** How a profile's own role is assumed: at our endpoint of STS, not at whichever a shared file names. */
const profileAssumer =
  ({ openSts, region }: SourceContext) =>
  async (
    keys: HeldKeys,
    asked: { readonly RoleArn: string; readonly ExternalId?: string | undefined },
  ): Promise<HeldKeys> => {
    const role = {
      arn: asked.RoleArn,
      ...(asked.ExternalId !== undefined && { externalId: asked.ExternalId }),
    };
    return assume(await openSts(() => Promise.resolve(keys)), role, region);
  };

async function assume({ sdk, client }: OpenedSts, role: AssumedRole, region: string): Promise<HeldKeys> {
  const answer = await client
    .send(
      new sdk.AssumeRoleCommand({
        RoleArn: role.arn,
        RoleSessionName: SESSION_NAME,
        DurationSeconds: ROLE_SECONDS,
        ...(role.externalId !== undefined && { ExternalId: role.externalId }),
      }),
    )
    .catch((error: unknown) => {
      throw new KnownFailure(failureOf(error, { action: 'sts:AssumeRole', region }));
    });
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = answer.Credentials ?? {};
  if (!AccessKeyId || !SecretAccessKey || !SessionToken)
    throw new KnownFailure({ kind: 'failed', action: 'sts:AssumeRole', code: 'NoCredentials' });
  return {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: SessionToken,
    ...(Expiration !== undefined && { expiration: Expiration }),
  };
}
