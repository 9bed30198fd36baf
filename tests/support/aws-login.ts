import { type Answer, at } from './ask.ts';
import type { AccessKey } from './aws/keys.ts';
import type { Visit } from './visitor.ts';

const LOGIN = '/api/v1/auth/login';

/** The contract's body of a login; `over` replaces members, and takes away what is undefined. */
export const loginBody = ({ id, secret, sessionToken }: AccessKey, over: object = {}): object => ({
  aws_access_key_id: id,
  aws_secret_access_key: secret,
  ...(sessionToken === undefined ? {} : { aws_session_token: sessionToken }),
  ...over,
});

export const logIn = (there: Visit, body: object): Promise<Answer> =>
  there.ask({
    method: 'POST',
    path: LOGIN,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

/** `name=value` of what a login sets. */
export const cookieOf = ({ headers }: Answer): string => headers['set-cookie']?.[0]?.split(';', 1)[0] ?? '';

/** Somebody who is logged in with keys. */
export class AwsUser {
  readonly cookie: string;
  readonly #there: Visit;

  constructor(there: Visit, cookie: string) {
    this.#there = there;
    this.cookie = cookie;
  }

  static async logIn(there: Visit, key: AccessKey, over: object = {}): Promise<AwsUser> {
    const answer = await logIn(there, loginBody(key, over));
    if (answer.status !== 200) throw new Error(`a login was refused: ${answer.text}`);
    return new AwsUser(there, cookieOf(answer));
  }

  /** The same session at another service. */
  at(there: Visit): AwsUser {
    return new AwsUser(there, this.cookie);
  }

  get(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return this.#there.ask({ path: `/api/v1${path}`, headers: { cookie: this.cookie, ...headers } });
  }

  /** Whatever is kept: asks AWS. */
  fresh(path: string): Promise<Answer> {
    return this.get(path, { 'cache-control': 'no-cache' });
  }

  logOut(): Promise<Answer> {
    return this.#there.ask({
      method: 'POST',
      path: '/api/v1/auth/logout',
      headers: { cookie: this.cookie },
    });
  }

  /** All pages of a list. */
  async all(path: string, member: string, limit: number): Promise<readonly unknown[]> {
    const items: unknown[] = [];
    for (let next = ''; ;) {
      const { json } = await this.get(`${path}${path.includes('?') ? '&' : '?'}limit=${limit}${next}`);
      const page = at(json, member);
      if (!Array.isArray(page)) throw new TypeError(`no ${member} in ${JSON.stringify(json)}`);
      items.push(...page);
      const cursor = at(json, 'next_cursor');
      if (typeof cursor !== 'string') return items;
      next = `&cursor=${cursor}`;
    }
  }
}
