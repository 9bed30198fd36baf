import { createHash } from 'node:crypto';

/** A pair of keys and whose they are. */
export interface AccessKey {
  readonly id: string;
  readonly secret: string;
  /** Of temporary keys: a request without it is refused. */
  readonly sessionToken?: string;
  readonly accountId: string;
  /** `arn:aws:iam::123456789012:user/auditor`. */
  readonly principalArn: string;
  readonly userId: string;
  /** Unix ms. */
  readonly expiresAt?: number;
  /** IAM actions it has; all without it. */
  readonly allows?: readonly string[];
}

/** Keys of a user of that account, the same for the same name. */
export function aKey(accountId: string, user = 'auditor', overrides: Partial<AccessKey> = {}): AccessKey {
  const made = createHash('sha256').update(`${accountId}/${user}`).digest('hex').toUpperCase();
  return {
    id: `AKIA${made.slice(0, 16)}`,
    secret: createHash('sha256').update(`secret of ${accountId}/${user}`).digest('base64').slice(0, 40),
    accountId,
    principalArn: `arn:aws:iam::${accountId}:user/${user}`,
    userId: `AIDA${made.slice(16, 33)}`,
    ...overrides,
  };
}

/** Temporary keys of a session, as `AssumeRole` gives them. `number` makes them its own. */
export function aSessionKey(
  accountId: string,
  role: string,
  session: string,
  number: number,
  overrides: Partial<AccessKey> = {},
): AccessKey {
  const key = aKey(accountId, `${role}/${session}/${number}`);
  return {
    ...key,
    id: `ASIA${key.id.slice(4)}`,
    sessionToken: createHash('sha512').update(key.secret).digest('base64'),
    principalArn: `arn:aws:sts::${accountId}:assumed-role/${role}/${session}`,
    userId: `AROA${key.userId.slice(4)}:${session}`,
    ...overrides,
  };
}
