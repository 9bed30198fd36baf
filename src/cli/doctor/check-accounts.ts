import { accountsOf, endpointsOf } from '../../app/aws-services.ts';
import type { Config } from '../../app/settings.ts';
import { openReader } from '../../aws/collect/open-reader.ts';
import type { CallerIdentity } from '../../aws/inventory/account.ts';
import type { FailureKind, ReadFailure } from '../../aws/inventory/reading.ts';
import { ASSUME_ROLE } from '../../aws/inventory/reads.ts';
import type { AwsEndpoints, CredentialSource } from '../../aws/principal.ts';
import type { ConfiguredAccount } from '../../aws/scan/accounts.ts';
import { isExposed } from '../service-url.ts';
import { type Finding, fail, ok, warn } from './finding.ts';

/** A machine's own role is looked for over the network: so long, all tries together. */
const TIMEOUT_MS = 15_000;
const ATTEMPT_TIMEOUT_MS = 5_000;
const AT_ONCE_MAX = 8;

/** Whether AWS takes the credentials of each configured account, and whose they are. */
export async function checkAccounts(config: Config, isOffline: boolean): Promise<readonly Finding[]> {
  const accounts = accountsOf(config);
  if (accounts.length === 0) return [];
  const endpoints = endpointsOf(config);
  const asked = isOffline ? [] : await identifyAll(accounts, endpoints);
  return [...judgeWay(endpoints), ...asked.map(judge), ...judgeTwice(asked)];
}

async function identifyAll(
  accounts: readonly ConfiguredAccount[],
  endpoints: AwsEndpoints,
): Promise<readonly Asked[]> {
  const asked: Asked[] = [];
  for (let at = 0; at < accounts.length; at += AT_ONCE_MAX) {
    const some = accounts.slice(at, at + AT_ONCE_MAX);
    asked.push(...(await Promise.all(some.map((account) => identify(account, endpoints)))));
  }
  return asked;
}

interface Asked {
  readonly account: ConfiguredAccount;
  readonly identity: CallerIdentity | undefined;
  /** Undefined when AWS has said who it is. */
  readonly failure: ReadFailure | undefined;
}

async function identify(account: ConfiguredAccount, endpoints: AwsEndpoints): Promise<Asked> {
  const reader = openReader(account.principal, {
    endpoints,
    attemptTimeoutMs: ATTEMPT_TIMEOUT_MS,
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  try {
    const answer = await reader.identity();
    return answer.kind === 'read'
      ? { account, identity: answer.value, failure: undefined }
      : { account, identity: undefined, failure: answer.failure };
  } finally {
    reader.close();
  }
}

const checkOf = ({ id }: ConfiguredAccount): string => `account ${id}`;

function judge({ account, identity, failure }: Asked): Finding {
  if (identity !== undefined)
    return ok(checkOf(account), `AWS account ${identity.accountId}, as ${identity.arn}`);
  if (failure === undefined) throw new TypeError(`nothing was asked for the account ${account.id}`);
  const { kind, action, code } = failure;
  if (action === ASSUME_ROLE && (kind === 'denied' || kind === 'failed'))
    return fail(checkOf(account), `its role cannot be assumed (${action}: ${code})`, TRUST);
  const [words, todo] = wordsOf[kind];
  const what = `${words} (${action}: ${code})`;
  if (kind === 'throttled') return warn(checkOf(account), what, todo);
  return fail(checkOf(account), what, kind === 'refused' ? sources[account.principal.source] : todo);
}

const TRUST =
  "Both must allow it: the policy of whoever these credentials are (sts:AssumeRole), and the role's trust policy, which may ask for externalId: tocsin aws policy --trust.";

const OTHER = 'Try again; if it stays so, look at aws.endpoint.';

const wordsOf: Readonly<Record<FailureKind, readonly [string, string]>> = {
  denied: [
    'AWS denies to say whose credentials these are',
    "That takes no right of its own: look for a policy of the organisation's, or of a VPC endpoint for STS.",
  ],
  refused: ['there are no credentials, or AWS does not take them', ''],
  throttled: ['AWS would not let it be asked so often', 'Try again in a minute.'],
  unreachable: [
    'AWS cannot be reached',
    "Open the way to sts.<region>.amazonaws.com, or mend aws.endpoint, aws.endpoints.sts or the account's region.",
  ],
  missing: ['AWS does not know what was asked', OTHER],
  failed: ['AWS answers with an error', OTHER],
};

/** What to do about credentials that are not there, or not taken. */
const sources: Readonly<Record<CredentialSource, string>> = {
  default:
    'Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, make a profile, or give the machine a role; or say with credentials: where they come from.',
  environment:
    'Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment itself, not in .env; with temporary keys AWS_SESSION_TOKEN too, which ends.',
  profile: "Look at the profile in ~/.aws of the service's user; a login of IAM Identity Center ends.",
  container: 'Give the task or pod a role, and run this within it.',
  instance: 'Give the instance a profile with a role, and let it reach the metadata service.',
};

/** Signed, a request cannot be changed on the way; what is answered can be read, and made up. */
function judgeWay(endpoints: AwsEndpoints): readonly Finding[] {
  const hosts = Object.values(endpoints)
    .flatMap((url) => (typeof url === 'string' ? [new URL(url)] : []))
    .filter(isExposed)
    .map(({ host }) => host);
  return [...new Set(hosts)].map((host) =>
    warn('aws.endpoint', `${host} is asked unencrypted`, 'Use https: answers could be read and made up.'),
  );
}

/** Findings are of AWS's number: two names for one only scan it twice. */
function judgeTwice(asked: readonly Asked[]): readonly Finding[] {
  return asked.flatMap(({ account, identity }, index) => {
    const first = asked
      .slice(0, index)
      .find((one) => identity !== undefined && one.identity?.accountId === identity.accountId);
    if (first === undefined) return [];
    const what = `it is the AWS account ${identity?.accountId}, as ${first.account.id} is`;
    return [warn(checkOf(account), what, 'Take one away, unless each scans other regions.')];
  });
}
