import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at, textAt } from '../support/ask.ts';
import { anAccount } from '../support/aws/builders.ts';
import { FakeAws } from '../support/aws/fake-aws.ts';
import { aKey, aSessionKey } from '../support/aws/keys.ts';
import { AwsUser, cookieOf, logIn, loginBody } from '../support/aws-login.ts';
import { describeWith, redisUrl } from '../support/needs.ts';
import { createDatabase, type TestDatabase } from '../support/postgres.ts';
import { newDirectory } from '../support/service.ts';
import { tlsFixture } from '../support/tls-fixture.ts';
import { until } from '../support/until.ts';
import { endOfVisits, type Visit, visit } from '../support/visitor.ts';
import { secret } from '../support/witness.ts';

const MINUTE_MS = 60_000;
const BRIEF_MS = 10_000;
const HOUR_MS = 60 * MINUTE_MS;

const ID = anAccount().id;
const role = { name: 'Reader', trusts: [ID], externalId: 'harbour' };
const roleArn = `arn:aws:iam::${ID}:role/Reader`;
const account = anAccount({ roles: [role] });
const key = aKey(ID);
const temporary = aSessionKey(ID, 'Desk', 'somebody', 1);
for (const one of [key, temporary]) secret(one.secret);
secret(temporary.sessionToken ?? '');

const startAws = (): Promise<FakeAws> => FakeAws.start({ accounts: [account], keys: [key, temporary] });
const isIn = async (user: AwsUser): Promise<boolean> => (await user.get('/ecs/clusters')).status === 200;

describe('logging in to AWS', () => {
  let aws: FakeAws;
  let there: Visit;
  let brief: Visit;
  let soonOver: AwsUser;
  let overAt: number;
  const directory = newDirectory();

  beforeAll(async () => {
    aws = await startAws();
    const env = { TOCSIN_AWS_ENDPOINT: aws.url };
    there = await visit({ env, directory });
    brief = await visit({ env, config: 'aws:\n  sessionLength: 10s\n  sessionsMax: 1\n' });
  });
  afterAll(async () => {
    await endOfVisits();
    await aws.close();
  });

  it('with keys alone gives a cookie that scripts and other sites do not get, for an hour, in us-west-2', async () => {
    const before = Date.now();
    const answer = await logIn(there, loginBody(key));
    expect(answer.status).toBe(200);
    const expiresAt = textAt(answer.json, 'expires_at');
    expect(expiresAt).toMatch(/Z$/);
    expect(Date.parse(expiresAt) - before).toBeGreaterThan(HOUR_MS - 2_000);
    expect(Date.parse(expiresAt) - Date.now()).toBeLessThanOrEqual(HOUR_MS);
    expect(answer.json).toMatchObject({ account_id: ID, region: 'us-west-2', role_arn: null });
    const [cookie = '', ...others] = answer.headers['set-cookie'] ?? [];
    expect(others).toEqual([]);
    expect(cookie.split('; ').slice(1).sort()).toEqual([
      'HttpOnly',
      'Max-Age=3600',
      'Path=/',
      'SameSite=Strict',
    ]);
    expect(answer.headers['cache-control']).toContain('no-store');
    expect(aws.log.of('sts:GetCallerIdentity').length).toBeGreaterThan(0);
  });

  it('under TLS the cookie goes by no other way, and to this host only', async () => {
    const env = {
      TOCSIN_AWS_ENDPOINT: aws.url,
      TOCSIN_TLS_CERT: tlsFixture.certFile,
      TOCSIN_TLS_KEY: tlsFixture.keyFile,
    };
    const safe = await visit({ env });
    const answer = await logIn(safe, loginBody(key));
    const [cookie = ''] = answer.headers['set-cookie'] ?? [];
    expect(cookie).toMatch(/^__Host-/);
    expect(cookie.split('; ').slice(1).sort()).toEqual([
      'HttpOnly',
      'Max-Age=3600',
      'Path=/',
      'SameSite=Strict',
      'Secure',
    ]);
    expect(await isIn(new AwsUser(safe, cookieOf(answer)))).toBe(true);
  });

  it('with temporary keys takes their token too', async () => {
    expect(await isIn(await AwsUser.logIn(there, temporary))).toBe(true);
    expect((await logIn(there, loginBody(temporary, { aws_session_token: undefined }))).status).toBe(401);
  });

  it('by a role is that role from then on, and only with its external id', async () => {
    const asked = { role_arn: roleArn, external_id: 'harbour', aws_region: 'us-west-2' };
    const answer = await logIn(there, loginBody(key, asked));
    expect(answer.status, answer.text).toBe(200);
    expect(at(answer.json, 'role_arn')).toBe(roleArn);
    expect(at(answer.json, 'arn')).toContain(':assumed-role/Reader/');
    expect(await isIn(new AwsUser(there, cookieOf(answer)))).toBe(true);
    const wrong = await logIn(there, loginBody(key, { ...asked, external_id: 'elsewhere' }));
    expect(wrong.status).toBe(401);
  });

  it('with a wrong secret is 401, and so are keys that nobody has', async () => {
    for (const over of [
      { aws_secret_access_key: 'x'.repeat(40) },
      { aws_access_key_id: 'AKIAIOSFODNN7EXAMPLE' },
    ]) {
      const answer = await logIn(there, loginBody(key, over));
      expect([answer.status, answer.headers['set-cookie']]).toEqual([401, undefined]);
    }
  });

  it.each([
    ['no id', { aws_access_key_id: undefined }],
    ['no secret', { aws_secret_access_key: undefined }],
    ['an empty secret', { aws_secret_access_key: '' }],
    ['an endpoint', { endpoint: 'http://127.0.0.1:1' }],
    ['an external id without a role', { external_id: 'harbour' }],
  ])('with %s is 400, and AWS is not asked', async (_, over) => {
    aws.log.clear();
    expect((await logIn(there, loginBody(key, over))).status).toBe(400);
    expect(aws.log.calls).toEqual([]);
  });

  it('in a region that does not exist is 422', async () => {
    expect((await logIn(there, loginBody(key, { aws_region: 'us-west-9' }))).status).toBe(422);
  });

  it('while AWS is away is 502', async () => {
    const heal = aws.faults.add({ kind: 'cut' });
    const answer = await logIn(there, loginBody(key));
    heal();
    expect([answer.status, answer.headers['set-cookie']]).toEqual([502, undefined]);
  });

  it('is possible for several at once; who logs out is out, the others are not', async () => {
    const [one, other] = await Promise.all([AwsUser.logIn(there, key), AwsUser.logIn(there, temporary)]);
    expect([await isIn(one), await isIn(other)]).toEqual([true, true]);
    const out = await one.logOut();
    expect(out.status).toBe(204);
    expect(String(out.headers['set-cookie'])).toContain('Max-Age=0');
    expect((await one.get('/ecs/clusters')).status).toBe(401);
    expect(await isIn(other)).toBe(true);
    expect((await one.logOut()).status).toBe(204);
  });

  it('leaves nothing of a session in the store’s files', async () => {
    const user = await AwsUser.logIn(there, temporary);
    expect(await isIn(user)).toBe(true);
    const token = user.cookie.split('=')[1] ?? '';
    const bytes = Buffer.from(token, 'base64url');
    const texts = [token, bytes.toString('hex'), key.secret, temporary.secret, temporary.sessionToken ?? ''];
    const held = filesIn(join(directory, 'data')).map((path) => readFileSync(path, 'latin1'));
    // The witness of the search: the audit log tells who logged in.
    expect(held.some((text) => text.includes(temporary.principalArn))).toBe(true);
    for (const text of [...texts, bytes.toString('latin1')])
      expect(held.some((file) => file.includes(text))).toBe(false);
  });

  it('is 429 when as many are as there may be', async () => {
    overAt = Date.now() + BRIEF_MS;
    soonOver = await AwsUser.logIn(brief, key);
    const answer = await logIn(brief, loginBody(key));
    expect([answer.status, answer.headers['set-cookie']]).toEqual([429, undefined]);
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
  });

  it('is over when its time is', async () => {
    await until('its end', () => Date.now() > overAt + 1_000, BRIEF_MS + 2_000);
    expect((await soonOver.get('/ecs/clusters')).status).toBe(401);
    expect(await isIn(await AwsUser.logIn(brief, key))).toBe(true);
  });
});

const filesIn = (directory: string): string[] =>
  readdirSync(directory, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

/** A database of the server's that no other test uses. */
function ownRedis(): string {
  const url = new URL(redisUrl);
  url.pathname = '/8';
  return url.href;
}

await describeWith('postgres', 'logging in to AWS with a store that replicas share', async () => {
  let aws: FakeAws;
  let database: TestDatabase;
  beforeAll(async () => {
    aws = await startAws();
    database = await createDatabase();
  });
  afterAll(async () => {
    await endOfVisits();
    await aws.close();
    await database.drop();
  });
  const start = (env: Readonly<Record<string, string>>): Promise<Visit> =>
    visit({ env: { TOCSIN_AWS_ENDPOINT: aws.url, DATABASE_URL: database.url, ...env } });

  it('is 503 without Redis, which it names, and AWS gets no key to see', async () => {
    const there = await start({});
    const answer = await logIn(there, loginBody(key));
    expect(answer.status).toBe(503);
    expect(at(answer.json, 'detail')).toContain('REDIS_URL');
    expect(aws.log.calls).toEqual([]);
  });

  await describeWith('redis', 'with Redis', () => {
    it('counts at each of them, and so does its end', async () => {
      const [one, other] = [await start({ REDIS_URL: ownRedis() }), await start({ REDIS_URL: ownRedis() })];
      const user = await AwsUser.logIn(one, temporary);
      expect([await isIn(user), await isIn(user.at(other))]).toEqual([true, true]);
      expect((await user.at(other).logOut()).status).toBe(204);
      expect((await user.get('/ecs/clusters')).status).toBe(401);
      expect((await user.at(other).get('/ecs/clusters')).status).toBe(401);
    });
  });
});
