import { read, type Reading, unread } from '../inventory/reading.ts';
import type { Action } from '../inventory/reads.ts';
import type { Bucket, BucketName, BucketPart } from '../inventory/s3.ts';
import { aclOf, encryptionOf, lifecycleOf, loggingOf, versioningOf } from './bucket-shapes.ts';
import type { Caller, CallOptions } from './call.ts';
import type { OpenedS3 } from './clients.ts';
import { list, textOrNull } from './fields.ts';
import { blockOf, noBlock, orNone } from './s3.ts';

export type CalledPart = Exclude<BucketPart, 'storage'>;
const POLICY_MAX = 20 * 1_024;

type Parts = { [P in CalledPart]?: Bucket[P] };
type Partly = BucketName & Parts;

const hasParts = <P extends CalledPart>(
  found: Partly,
  parts: readonly P[],
): found is Partly & Pick<Bucket, P> => parts.every((part) => found[part] !== undefined);

/** Reads parts of one bucket, all at once. */
export class BucketReader {
  readonly #caller: Caller;
  readonly #bucket: BucketName;
  readonly #wanted: readonly CalledPart[];
  /** The policy is asked for once, whoever needs it. */
  #policy: Promise<Reading<string | null>> | undefined;
  /** And so are the ownership controls. */
  #ownership: Promise<Reading<string | null>> | undefined;

  constructor(caller: Caller, bucket: BucketName, wanted: readonly CalledPart[]) {
    this.#caller = caller;
    this.#bucket = bucket;
    this.#wanted = wanted;
  }

  /** The bucket with the parts, all asked for at once. */
  async read<P extends CalledPart>(parts: readonly P[]): Promise<BucketName & Pick<Bucket, P>> {
    const { name, region, createdAt } = this.#bucket;
    const found: Partly = { name, region, createdAt };
    await Promise.all(parts.map((part) => this.#fill(found, part)));
    if (!hasParts(found, parts)) throw new Error('a part is missing');
    return found;
  }

  async #fill<P extends CalledPart>(found: Partly, part: P): Promise<void> {
    const parts: Parts = found;
    parts[part] = await this.parts[part]();
  }

  readonly parts: { readonly [P in CalledPart]: () => Promise<Bucket[P]> } = {
    publicAccessBlock: async () =>
      orNone(
        await this.#ask('s3:GetBucketPublicAccessBlock', async ({ sdk, client }, asked, options) => {
          const answer = await client.send(new sdk.GetPublicAccessBlockCommand(asked), options);
          return blockOf(answer.PublicAccessBlockConfiguration);
        }),
        noBlock,
      ),
    policy: () => this.#policyOnce(),
    isPolicyPublic: () => this.#status(),
    acl: () => this.#acl(),
    ownership: () => this.#ownershipOnce(),
    versioning: () =>
      this.#ask('s3:GetBucketVersioning', async ({ sdk, client }, asked, options) =>
        versioningOf(await client.send(new sdk.GetBucketVersioningCommand(asked), options)),
      ),
    encryption: async () =>
      orNone<ReturnType<typeof encryptionOf>>(
        await this.#ask('s3:GetEncryptionConfiguration', async ({ sdk, client }, asked, options) =>
          encryptionOf(await client.send(new sdk.GetBucketEncryptionCommand(asked), options)),
        ),
        { ServerSideEncryptionConfigurationNotFoundError: null },
      ),
    lifecycle: async () =>
      orNone(
        await this.#ask('s3:GetLifecycleConfiguration', async ({ sdk, client }, asked, options) =>
          lifecycleOf(await client.send(new sdk.GetBucketLifecycleConfigurationCommand(asked), options)),
        ),
        { NoSuchLifecycleConfiguration: [] },
      ),
    logging: () =>
      this.#ask('s3:GetBucketLogging', async ({ sdk, client }, asked, options) =>
        loggingOf(await client.send(new sdk.GetBucketLoggingCommand(asked), options)),
      ),
  };

  #ask<T>(
    action: Action,
    ask: (s3: OpenedS3, asked: { readonly Bucket: string }, options: CallOptions) => Promise<T>,
  ): Promise<Reading<T>> {
    const { name, region } = this.#bucket;
    return this.#caller.call({ action, region }, this.#caller.clients.s3(region), (s3, options) =>
      ask(s3, { Bucket: name }, options),
    );
  }

  /** Not asked for where the bucket has none: its owner owns all, by that setting. */
  async #acl(): Promise<Bucket['acl']> {
    if (this.#wanted.includes('ownership')) {
      const ownership = await this.#ownershipOnce();
      if (ownership.kind === 'read' && ownership.value === 'BucketOwnerEnforced')
        return read({ ownerId: null, grants: [] });
    }
    return this.#ask('s3:GetBucketAcl', async ({ sdk, client }, asked, options) =>
      aclOf(await client.send(new sdk.GetBucketAclCommand(asked), options)),
    );
  }

  #ownershipOnce(): Promise<Reading<string | null>> {
    this.#ownership ??= this.#readOwnership();
    return this.#ownership;
  }

  async #readOwnership(): Promise<Reading<string | null>> {
    return orNone<string | null>(
      await this.#ask('s3:GetBucketOwnershipControls', async ({ sdk, client }, asked, options) => {
        const answer = await client.send(new sdk.GetBucketOwnershipControlsCommand(asked), options);
        return textOrNull(list(answer.OwnershipControls?.Rules)[0]?.ObjectOwnership);
      }),
      { OwnershipControlsNotFoundError: null },
    );
  }

  #policyOnce(): Promise<Reading<string | null>> {
    this.#policy ??= this.#readPolicy();
    return this.#policy;
  }

  async #readPolicy(): Promise<Reading<string | null>> {
    const attempted = { action: 's3:GetBucketPolicy', region: this.#bucket.region } as const;
    const answer = orNone<string | null>(
      await this.#ask('s3:GetBucketPolicy', async ({ sdk, client }, asked, options) => {
        const { Policy } = await client.send(new sdk.GetBucketPolicyCommand(asked), options);
        return typeof Policy === 'string' && Policy !== '' ? Policy : null;
      }),
      { NoSuchBucketPolicy: null },
    );
    const isTooLong = answer.kind === 'read' && (answer.value?.length ?? 0) > POLICY_MAX;
    // Half a policy says something else than the whole.
    return isTooLong ? unread({ kind: 'failed', ...attempted, code: 'TooLarge' }) : answer;
  }

  /** Asked where the policy does not say it: one that allows nothing makes nothing public, nor does none. */
  async #status(): Promise<Reading<boolean | null>> {
    if (this.#wanted.includes('policy')) {
      const policy = await this.#policyOnce();
      if (policy.kind === 'read' && policy.value === null) return read(null);
      if (policy.kind === 'read' && policy.value !== null && onlyDenies(policy.value)) return read(false);
    }
    return orNone<boolean | null>(
      await this.#ask('s3:GetBucketPolicyStatus', async ({ sdk, client }, asked, options) => {
        const { PolicyStatus } = await client.send(new sdk.GetBucketPolicyStatusCommand(asked), options);
        return PolicyStatus?.IsPublic ?? null;
      }),
      { NoSuchBucketPolicy: null },
    );
  }
}

/** Whether every statement of a policy is one that denies. What cannot be read may do anything. */
function onlyDenies(policy: string): boolean {
  const statements = statementsOf(policy);
  return (
    statements.length > 0 &&
    statements.every(
      (one) => typeof one === 'object' && one !== null && 'Effect' in one && one.Effect === 'Deny',
    )
  );
}

function statementsOf(policy: string): readonly unknown[] {
  try {
    const document: unknown = JSON.parse(policy);
    if (typeof document !== 'object' || document === null || !('Statement' in document)) return [];
    const { Statement } = document;
    return Array.isArray(Statement) ? Statement : [Statement];
  } catch {
    return [];
  }
}
