import { Problem } from '../../kernel/problem.ts';
import type { Admission, RouteInput } from '../../kernel/route.ts';
import { CHALLENGE, type AskerKind } from '../answers/problem-of.ts';
import type { AccountName } from '../findings/standing.ts';
import type { Principal } from '../principal.ts';
import type { AwsSessions } from './aws-sessions.ts';

/** With whose rights a request is answered. */
export interface Asker {
  readonly kind: AskerKind;
  /** Whose answers are kept together, and never given to another one. */
  readonly owner: string;
  readonly principal: Principal;
  /** Where questions go that name no region. */
  readonly region: string;
  readonly account: AccountName;
  /** Whether it was ended since: nothing may be begun for it any more. */
  readonly isOver: () => boolean;
}

/** An account of the config, as far as somebody asks for it. */
export interface AskedAccount {
  readonly id: string;
  readonly principal: Principal;
  readonly region: string;
}

export interface AskersOptions {
  readonly sessions: AwsSessions;
  /** Those of the config in force. */
  readonly accounts: () => readonly AskedAccount[];
}

type Request = Pick<RouteInput<never, never, never>, 'headers' | 'secure' | 'actor'>;

/** Tells on whose behalf AWS is asked: the session's, or an operator's for a configured account. */
export class Askers {
  readonly #options: AskersOptions;

  constructor(options: AskersOptions) {
    this.#options = options;
  }

  /** For a row's `admit`. Problem: unauthorized, for who is neither logged in to AWS nor an operator. */
  async admit({ actor, headers, secure }: Pick<Admission, 'actor' | 'headers' | 'secure'>): Promise<void> {
    if (actor !== undefined || (await this.#options.sessions.has(headers, secure))) return;
    throw nobody();
  }

  /**
   * `account`: a configured one, by its id; otherwise the session's, or the only one that is configured. Problems:
   * unauthorized, bad_request (several accounts and none named), aws_no_account.
   */
  async of({ headers, secure, actor }: Request, account?: string): Promise<Asker> {
    if (account === undefined) {
      const session = await this.#options.sessions.find(headers, secure);
      if (session !== undefined) {
        const { owner, principal, identity } = session;
        const isOver = (): boolean => this.#options.sessions.isOver(owner);
        const account = { number: identity.accountId };
        return { kind: 'session', owner, principal, region: principal.region, account, isOver };
      }
    }
    if (actor === undefined) throw nobody(account);
    return askerFor(chosen(this.#options.accounts(), account));
  }
}

const askerFor = ({ id, principal, region }: AskedAccount): Asker => ({
  kind: 'account',
  owner: `account/${id}`,
  principal,
  region,
  account: { id },
  isOver: () => false,
});

function chosen(accounts: readonly AskedAccount[], id: string | undefined): AskedAccount {
  const [first, ...others] = accounts;
  if (first === undefined) {
    throw new Problem(
      'aws_no_account',
      'No AWS account is configured. Log in with keys (POST /api/v1/auth/login), or set `accounts` in tocsin.yaml.',
    );
  }
  const names = accounts.map((account) => account.id).join(', ');
  if (id === undefined && others.length > 0)
    throw new Problem('bad_request', `There are several accounts: name one with "account" (${names}).`);
  const found = id === undefined ? first : accounts.find((account) => account.id === id);
  if (found === undefined)
    throw new Problem('aws_no_account', `There is no account of that id. Configured are ${names}.`);
  return found;
}

function nobody(account?: string): Problem {
  const detail =
    account === undefined
      ? 'Log in with AWS keys (POST /api/v1/auth/login), or send an operators\' token as "Authorization: Bearer <token>".'
      : 'A configured account is for operators: send a token as "Authorization: Bearer <token>".';
  return new Problem('unauthorized', detail, { headers: CHALLENGE });
}
