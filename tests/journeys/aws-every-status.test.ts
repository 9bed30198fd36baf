import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aDemoAccount } from '../support/aws/demo-account.ts';
import { FakeAws } from '../support/aws/fake-aws.ts';
import type { FaultMatch } from '../support/aws/faults.ts';
import { aKey } from '../support/aws/keys.ts';
import { type Answer, at, type Question, textAt } from '../support/ask.ts';
import { nameOf, type Operation, promisesOf } from '../support/description.ts';
import { describeWith } from '../support/needs.ts';
import { createDatabase } from '../support/postgres.ts';
import { TOKEN } from '../support/service.ts';
import { tlsFixture } from '../support/tls-fixture.ts';
import { until } from '../support/until.ts';
import { endOfVisits, type Visit, visit } from '../support/visitor.ts';
import { cookieOf, writeToken } from '../support/way-in.ts';
import { secret } from '../support/witness.ts';

const MAIN = fileURLToPath(new URL('absent-store.js', import.meta.url));
const LOGIN = 'POST /api/v1/auth/login';
const LOGOUT = 'POST /api/v1/auth/logout';
const REQUEST = 'POST /api/v1/scans';
const CANCEL = 'POST /api/v1/scans/{id}/cancel';
const MUTE = 'POST /api/v1/findings/{id}/mute';
const WHO = 'GET /api/v1/auth/session';
const UNKNOWN = '00000000-0000-7000-8000-000000000000';

const account = aDemoAccount();
const auditor = aKey(account.id);
const leaver = aKey(account.id, 'leaver');
for (const key of [auditor, leaver]) secret(key.secret);

/** So many scans can be asked for, and so many cancelled, each of an account of its own. */
const SPARES = 8;
const SLOW = 4;
const named = (word: string, many: number): string[] =>
  Array.from({ length: many }, (_, index) => `${word}-${index}`);
const role = `roleArn: arn:aws:iam::${account.id}:role/TocsinReadOnly, externalId: harbour`;
const CONFIG = [
  'http:',
  '  trustedProxies: [127.0.0.1]',
  '  unverifiedPerMinute: 1',
  '  requestsPerMinute: 150',
  'accounts:',
  ...['prod', ...named('spare', SPARES)].map(
    (id) => `  - {id: ${id}, credentials: environment, scanEvery: 0s}`,
  ),
  ...named('slow', SLOW).map((id) => `  - {id: ${id}, credentials: environment, scanEvery: 0s, ${role}}`),
].join('\n');

let clients = 0;
/** Each request is a client of its own, so that one's failures do not turn the next one away. */
const nextClient = () => ({ 'x-forwarded-for': `198.18.${++clients >> 8}.${clients & 255}` });
const spent = { 'x-forwarded-for': '192.0.2.66' };
const asJson = { 'content-type': 'application/json' };

const isOperators = ({ json }: Operation): boolean => at(json, 'x-scope') !== undefined;
/** Asked of AWS, by a session or for a configured account. */
const isRead = (operation: Operation): boolean =>
  JSON.stringify(at(operation.json, 'security')).includes('awsSession') && nameOf(operation) !== WHO;
const told = ({ status, json }: Answer): string => (status < 300 ? String(status) : textAt(json, 'code'));

describe('every answer that the description names, of AWS', () => {
  let there: Visit;
  let aws: FakeAws;
  let operations: readonly Operation[];
  let ids: Readonly<Record<string, string>>;
  let readers: string;
  /** Of an operator. */
  let operatorCookie: string;
  /** Of AWS, each for one logout; the last one stays. */
  const cookies: string[] = [];
  const spares = named('spare', SPARES);
  const cancellable: string[] = [];
  const kept = new Set<string>();

  beforeAll(async () => {
    aws = await FakeAws.start({ accounts: [account], keys: [auditor, leaver] });
    there = await visit({
      main: MAIN,
      config: CONFIG,
      env: {
        TOCSIN_AWS_ENDPOINT: aws.url,
        AWS_ACCESS_KEY_ID: auditor.id,
        AWS_SECRET_ACCESS_KEY: auditor.secret,
        TOCSIN_TLS_CERT: tlsFixture.certFile,
        TOCSIN_TLS_KEY: tlsFixture.keyFile,
      },
    });
    operations = there.description.operations.filter(({ json }) => at(json, 'tags', 0) === 'AWS');
    readers = writeToken(there.service.directory, { scope: 'read' });
    const session = await there.operator('POST', '/api/v1/session');
    operatorCookie = cookieOf(session);
    const scan = await scanned();
    ids = { scan, ...(await namesOf()) };
    aws.faults.add({ kind: 'hang' }, { action: 'sts:AssumeRole' });
    for (const id of named('slow', SLOW)) {
      const { json } = await there.operator('POST', '/api/v1/scans', { account: id });
      cancellable.unshift(textAt(json, 'id'));
    }
    for (let n = 0; n < 5; n++) cookies.push(await logIn());
  }, 120_000);
  afterAll(async () => {
    await endOfVisits();
    await aws.close();
  });

  async function scanned(): Promise<string> {
    const { json } = await there.operator('POST', '/api/v1/scans', { account: 'prod' });
    const id = textAt(json, 'id');
    await until(
      'a scan to be done',
      async () => at((await there.operator('GET', `/api/v1/scans/${id}`)).json, 'state') === 'done',
      60_000,
    );
    return id;
  }

  /** One of each of what paths name. */
  async function namesOf(): Promise<Record<string, string>> {
    const first = async (path: string, list: string, member: string): Promise<string> => {
      const answer = await there.operator('GET', path);
      return textAt(answer.json, list, 0, member);
    };
    const cluster = await first('/api/v1/ecs/clusters?account=prod&q=production', 'clusters', 'cluster_name');
    const services = `/api/v1/ecs/clusters/${cluster}/services?account=prod`;
    return {
      cluster,
      service: await first(services, 'services', 'service_name'),
      bucket: await first('/api/v1/s3/buckets?account=prod', 'buckets', 'name'),
      volume: await first('/api/v1/ebs/volumes?account=prod', 'volumes', 'volume_id'),
      vpc: await first('/api/v1/network/vpcs?account=prod', 'vpcs', 'vpc_id'),
      finding: await first('/api/v1/findings', 'items', 'id'),
      check: await first('/api/v1/checks', 'items', 'id'),
      framework: await first('/api/v1/findings/frameworks', 'items', 'framework'),
      version: await first('/api/v1/findings/frameworks', 'items', 'version'),
    };
  }

  async function logIn(key = auditor): Promise<string> {
    const answer = await there.ask(loginWith({ aws_secret_access_key: key.secret }, key.id));
    expect(answer.status, answer.text).toBe(200);
    return cookieOf(answer);
  }

  const loginWith = (more: object, id = auditor.id): Question => ({
    method: 'POST',
    path: '/api/v1/auth/login',
    headers: { ...nextClient(), ...asJson },
    body: JSON.stringify({ aws_access_key_id: id, aws_secret_access_key: auditor.secret, ...more }),
  });

  const filled = (path: string): string =>
    path
      .replace('{cluster_name}', String(ids['cluster']))
      .replace('{service_name}', String(ids['service']))
      .replace('{bucket_name}', String(ids['bucket']))
      .replace('{volume_id}', String(ids['volume']))
      .replace('{vpc_id}', String(ids['vpc']))
      .replace('/findings/{id}', `/findings/${ids['finding']}`)
      .replace('/checks/{id}', `/checks/${ids['check']}`)
      .replace('/scans/{id}/cancel', `/scans/${cancellable[0] ?? 'none-left'}/cancel`)
      .replace('/scans/{id}', `/scans/${ids['scan']}`)
      .replace('{framework}/{version}', `${ids['framework']}/${ids['version']}`);
  const unknown = (path: string): string =>
    path
      .replace('{cluster_name}', 'nobody')
      .replace('{service_name}', 'nobody')
      .replace('{bucket_name}', 'nobodys-bucket')
      .replace('{volume_id}', 'vol-00000000000000000')
      .replace('{vpc_id}', 'vpc-00000000000000000')
      .replace('/findings/{id}', `/findings/fnd_${'0'.repeat(32)}`)
      .replace('/checks/{id}', '/checks/s3.nothing')
      .replace('/scans/{id}', `/scans/scn_${UNKNOWN}`)
      .replace('{framework}/{version}', 'nothing/1');
  const withQuery = (operation: Operation, path: string): string =>
    isRead(operation) ? `${path}?account=prod` : path;

  /** A request that succeeds while all is well. */
  function right(operation: Operation): Question {
    const name = nameOf(operation);
    const { method, path } = operation;
    if (name === LOGIN) return loginWith({});
    if (name === LOGOUT) return { method, path, headers: { ...nextClient(), cookie: cookies[0] } };
    if (name === WHO) return { method, path, headers: { ...nextClient(), cookie: cookies.at(-1) } };
    const headers = { ...nextClient(), authorization: `Bearer ${TOKEN}`, 'cache-control': 'no-cache' };
    const question = { method, path: withQuery(operation, filled(path)), headers };
    const body = { [REQUEST]: { account: spares[0] }, [MUTE]: { why: 'meant to be so' } }[name];
    return body === undefined
      ? question
      : { ...question, headers: { ...headers, ...asJson }, body: JSON.stringify(body) };
  }

  const changed = (operation: Operation, more: Partial<Question>): Question => {
    const question = right(operation);
    return { ...question, ...more, headers: { ...question.headers, ...more.headers } };
  };

  /** A right request with an operator's session in the token's place. */
  function withSession(operation: Operation, from: Question['headers'] = {}): Question {
    if (!(isOperators(operation) || isRead(operation) || nameOf(operation) === WHO)) return right(operation);
    const { headers: { authorization: _, ...headers } = {}, ...question } = right(operation);
    return { ...question, headers: { ...headers, cookie: operatorCookie, ...from } };
  }

  /** What succeeded once does not a second time. */
  function used(operation: Operation): void {
    const name = nameOf(operation);
    if (name === LOGOUT && cookies.length > 1) cookies.shift();
    if (name === CANCEL) cancellable.shift();
    if (name === REQUEST) spares.shift();
  }

  async function asked(operation: Operation, question: Question): Promise<Answer> {
    const answer = await there.ask(question);
    if (answer.status < 300) used(operation);
    return answer;
  }

  async function promised(operation: Operation, promise: string, question: Question): Promise<void> {
    let answer = await asked(operation, question);
    // A place may have become free a moment ago: now it is taken.
    const triesMax = promise === 'too_many_requests' ? 3 : 0;
    for (let tries = 0; tries < triesMax && told(answer) !== promise; tries++)
      answer = await asked(operation, question);
    const name = `${nameOf(operation)} ${promise}: ${answer.status} ${answer.text.slice(0, 300)}`;
    expect(told(answer), name).toBe(promise);
    kept.add(`${nameOf(operation)} ${promise}`);
  }
  const those = (promise: string): Operation[] =>
    operations.filter((operation) => promisesOf(operation).includes(promise));

  async function turnedAway(operation: Operation): Promise<Question> {
    const headers = { ...spent, ...(nameOf(operation) === LOGIN ? {} : { authorization: 'Bearer wrong' }) };
    const refused = changed(operation, { headers: { ...headers, cookie: 'none=1' } });
    await until('a client to be turned away', async () => {
      const answers = await Promise.all([1, 2, 3, 4].map(() => there.ask(refused)));
      return answers.every(({ status }) => status === 429);
    });
    return changed(operation, { headers: spent });
  }

  const provoke: Readonly<Record<string, (operation: Operation) => Question | Promise<Question>>> = {
    bad_request: (one) =>
      at(one.json, 'requestBody') === undefined
        ? changed(one, { path: `${filled(one.path)}?account=!&accountId=!&limit=none` })
        : changed(one, { body: '[]' }),
    unauthorized: ({ method, path }) => ({ method, path: filled(path), headers: nextClient() }),
    forbidden: (one) =>
      isOperators(one) ? withSession(one) : changed(one, { headers: { 'sec-fetch-site': 'cross-site' } }),
    not_found: (one) =>
      nameOf(one) === REQUEST
        ? changed(one, { body: '{"account":"nobody"}' })
        : changed(one, { path: withQuery(one, unknown(one.path)) }),
    body_too_large: (one) => changed(one, { body: 'x', headers: { ...asJson, 'content-length': 1_100_000 } }),
    media_type_unsupported: (one) => changed(one, { body: 'a', headers: { 'content-type': 'text/plain' } }),
    conflict: (one) =>
      nameOf(one) === CANCEL
        ? changed(one, { path: one.path.replace('{id}', String(ids['scan'])) })
        : changed(one, { body: '{"account":"slow-0"}' }),
    too_many_requests: turnedAway,
    aws_no_account: (one) =>
      isRead(one) ? changed(one, { path: `${filled(one.path)}?account=nobody` }) : withSession(one),
    region_unknown: () => loginWith({ aws_region: 'moon-east-1' }),
  };

  it('is a success that fits its schema, for every route', async () => {
    expect(operations.length).toBeGreaterThan(40);
    for (const operation of operations) {
      const status = promisesOf(operation).find((promise) => promise.startsWith('2')) ?? 'none';
      await promised(operation, status, right(operation));
    }
  }, 120_000);

  it.each(Object.entries(provoke))('is a problem of the code %s', async (code, questionFor) => {
    expect(those(code).length).toBeGreaterThan(0);
    for (const operation of those(code)) await promised(operation, code, await questionFor(operation));
  });

  it('is forbidden to a token of a smaller scope, and not to read with it', async () => {
    const authorization = `Bearer ${readers}`;
    for (const operation of operations.filter((one) => isOperators(one) || isRead(one))) {
      const answer = await asked(operation, changed(operation, { headers: { authorization } }));
      const mayRead = isRead(operation) || at(operation.json, 'x-scope') === 'read';
      expect(told(answer), nameOf(operation)).toEqual(mayRead ? expect.stringMatching(/^2/) : 'forbidden');
    }
  }, 120_000);

  it.each([
    ['aws_denied', 'deny'],
    ['aws_throttled', 'throttle'],
    ['aws_failed', 'internal'],
    ['aws_unreachable', 'cut'],
  ] as const)(
    'is %s where AWS answers so',
    async (code, kind) => {
      const match: FaultMatch = { accountId: account.id };
      const takeOut = aws.faults.add({ kind }, match);
      try {
        await Promise.all(those(code).map((operation) => promised(operation, code, right(operation))));
      } finally {
        takeOut();
      }
    },
    120_000,
  );

  it('is aws_refused for keys that AWS does not take, and for those of a session that it takes no more', async () => {
    const reads = those('aws_refused').filter((one) => nameOf(one) !== LOGIN);
    const sessions: string[] = [];
    for (let n = 0; n < reads.length; n++) sessions.push(await logIn(leaver));
    aws.keys.remove(leaver.id);
    for (const operation of reads) {
      const headers = { ...nextClient(), cookie: sessions.shift() };
      const { method, path } = operation;
      await promised(operation, 'aws_refused', { method, path: filled(path), headers });
    }
    for (const operation of those('aws_refused').filter((one) => nameOf(one) === LOGIN))
      await promised(operation, 'aws_refused', loginWith({ aws_secret_access_key: 'x'.repeat(40) }));
  }, 120_000);

  it('is tls_needed for keys that others could read on their way', async () => {
    const plain = await visit({ config: 'http:\n  trustedProxies: [127.0.0.1]\n' });
    for (const operation of those('tls_needed')) {
      expect(told(await plain.ask(right(operation)))).toBe('tls_needed');
      kept.add(`${nameOf(operation)} tls_needed`);
    }
  });

  it('is store_unavailable while the store is away, with the time to come again; and all is well when it is back', async () => {
    const away = join(there.service.directory, 'store-is-away');
    writeFileSync(away, '');
    for (const operation of those('store_unavailable')) {
      const question = withSession(operation, { 'sec-fetch-site': 'same-origin' });
      const answer = await there.ask(question);
      expect(Number(answer.headers['retry-after']), `${nameOf(operation)}: ${answer.text}`).toBeGreaterThan(
        0,
      );
      expect(told(answer), nameOf(operation)).toBe('store_unavailable');
      kept.add(`${nameOf(operation)} store_unavailable`);
    }
    rmSync(away);
    for (const operation of those('store_unavailable'))
      expect((await asked(operation, right(operation))).status, nameOf(operation)).toBeLessThan(300);
  }, 120_000);

  it('was seen: there is no promise that is not kept', () => {
    const made = operations.flatMap((one) => promisesOf(one).map((promise) => `${nameOf(one)} ${promise}`));
    // It takes several replicas over PostgreSQL: below.
    expect(made.filter((promise) => !kept.has(promise) && !promise.endsWith(' aws_off'))).toEqual([]);
  });
});

await describeWith('postgres', 'a login to AWS', () => {
  it('is aws_off where several replicas share a store that may not hold keys', async () => {
    const database = await createDatabase();
    const there = await visit({ env: { DATABASE_URL: database.url } });
    const answer = await there.ask({
      method: 'POST',
      path: '/api/v1/auth/login',
      headers: asJson,
      body: JSON.stringify({ aws_access_key_id: auditor.id, aws_secret_access_key: auditor.secret }),
    });
    expect(told(answer)).toBe('aws_off');
    await endOfVisits();
    await database.drop();
  });
});
