import type { Account } from './account.ts';
import { type AccessKey, aSessionKey } from './keys.ts';
import type { ServiceName } from './operation.ts';
import type { Parameters } from './parameters.ts';
import { Refusal } from './refusal.ts';
import { claimOf, type Claim, instantOf, isSignedBy, type SignedRequest } from './signature.ts';
import { refusalOf } from './words.ts';

/** As much as AWS lets a signature be older or newer. */
const SKEW_MS = 300_000;
const SESSION_SECONDS = 3_600;

/** All keys that are known, and what is made of them. */
export class KeyRing {
  readonly #keys = new Map<string, AccessKey>();
  readonly #now: () => number;
  #made = 0;

  constructor(keys: readonly AccessKey[], now: () => number) {
    this.#now = now;
    for (const key of keys) this.add(key);
  }

  add(key: AccessKey): void {
    this.#keys.set(key.id, key);
  }

  /** They are unknown from then on. */
  remove(id: string): void {
    this.#keys.delete(id);
  }

  /** Whose request it is; throws the refusal in the service's own words. */
  verify(service: ServiceName, request: SignedRequest): { readonly key: AccessKey; readonly claim: Claim } {
    const claim = claimOf(request.headers.authorization);
    if (claim === undefined) throw refusalOf(service, 'unsigned');
    const key = this.#keys.get(claim.accessKeyId);
    const token = request.headers['x-amz-security-token'];
    if (key === undefined || key.sessionToken !== token) throw refusalOf(service, 'unknownKey');
    if (!isSignedBy(key, claim, request)) throw refusalOf(service, 'wrongSignature');
    const signedAt = instantOf(String(request.headers['x-amz-date']));
    if (!(Math.abs(signedAt - this.#now()) <= SKEW_MS)) throw refusalOf(service, 'skewed');
    if (key.expiresAt !== undefined && key.expiresAt <= this.#now()) throw refusalOf(service, 'expired');
    return { key, claim };
  }

  /** Keys of a session of a role, if it trusts the caller and the external id is right. */
  assumeRole(
    caller: AccessKey,
    accounts: ReadonlyMap<string, Account>,
    roleArn: string,
    asked: Parameters,
  ): AccessKey {
    const [, , , , accountId = '', resource = ''] = roleArn.split(':');
    const name = resource.split('/').at(-1) ?? '';
    const role = accounts.get(accountId)?.roles.find((one) => one.name === name);
    const isTrusted =
      role?.trusts.some((one) => one === caller.principalArn || one === caller.accountId) ?? false;
    const isMeant = role?.externalId === undefined || role.externalId === asked.text('ExternalId');
    if (role === undefined || !isTrusted || !isMeant) {
      const message = `User: ${caller.principalArn} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`;
      throw new Refusal('AccessDenied', 403, message);
    }
    const seconds = asked.whole('DurationSeconds') ?? SESSION_SECONDS;
    if (seconds < 900 || seconds > 43_200)
      throw new Refusal('ValidationError', 400, 'DurationSeconds is out of its bounds');
    this.#made += 1;
    const key = aSessionKey(accountId, name, asked.text('RoleSessionName') ?? 'session', this.#made, {
      expiresAt: Math.floor(this.#now() / 1_000) * 1_000 + seconds * 1_000,
      ...(role.allows === undefined ? {} : { allows: role.allows }),
    });
    this.add(key);
    return key;
  }
}
