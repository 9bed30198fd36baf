import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, at, listAt, type Question, textAt } from '../support/ask.ts';
import type { Operation } from '../support/description.ts';
import { RawClient } from '../support/raw-client.ts';
import { TOKEN } from '../support/service.ts';
import { endOfVisits, type Visit, visit } from '../support/visitor.ts';
import { cookieOf, writeToken } from '../support/way-in.ts';
import { secret } from '../support/witness.ts';

const SCOPES = ['read', 'operate', 'admin'];
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND', 'QUERY'];
const UUID = '00000000-0000-7000-8000-000000000000';

type Headers = Readonly<Record<string, string>>;
/** One way to try: what it brings beside the bare request. */
interface Attempt {
  readonly headers: Headers;
  readonly query?: string;
}

const bearer = (token: string): Attempt => ({ headers: { authorization: `Bearer ${token}` } });
const nameOf = ({ method, path }: Operation): string => `${method} ${path}`;
const scopeOf = ({ json }: Operation): string | undefined => {
  const scope = at(json, 'x-scope');
  return typeof scope === 'string' ? scope : undefined;
};
const isSigned = ({ json, method }: Operation): boolean =>
  method === 'POST' &&
  ['Sources', 'Incidents'].includes(textAt(json, 'tags', 0)) &&
  listAt(json, 'security').length === 0;

/** A path that leads to the route whatever its parameter is called. */
const concrete = (path: string): string =>
  path
    .replace('/events/{id}', `/events/evt_${UUID}`)
    .replace('/deliveries/{id}', `/deliveries/dlv_${UUID}`)
    .replace('/sources/{id}', '/sources/sqreen')
    .replace('/incidents/feeds/{id}', '/incidents/feeds/pushed')
    .replace('/tokens/{id}', '/tokens/tok_nobody')
    .replace('{fingerprint}', '0'.repeat(64))
    .replaceAll(/\{\w+\}/g, 'nobody');

let clients = 0;
/** Each request is a client of its own, so that one's failures do not turn the next one away. */
const nextClient = (): Headers => {
  clients += 1;
  return { 'x-forwarded-for': `198.18.${clients >> 8}.${clients & 255}` };
};

describe('whoever walks along every route', () => {
  let there: Visit;
  let another: Visit;
  let operations: readonly Operation[];
  let ways: Readonly<Record<string, Attempt>>;
  let tokens: Readonly<Record<'read' | 'operate' | 'expired' | 'revoked', string>>;
  beforeAll(async () => {
    const config =
      'http:\n  trustedProxies: [127.0.0.1]\n  unverifiedPerMinute: 100000\nfeeds:\n  - {id: pushed, kind: push, scheme: sqreen, key: "${SIGNATURE_KEY}"}\n';
    there = await visit({ config });
    another = await visit({
      env: { TOCSIN_TOKEN: secret('a-token-of-another-service'), TOCSIN_MASTER_KEY: 'another-master-key' },
    });
    operations = there.description.operations;
    const { directory } = there.service;
    tokens = {
      read: writeToken(directory, { scope: 'read' }),
      operate: writeToken(directory, { scope: 'operate' }),
      expired: writeToken(directory, { scope: 'admin', expiresAt: Date.now() - 1 }),
      revoked: writeToken(directory, { scope: 'admin', revokedAt: Date.now() - 1 }),
    };
    ways = await waysOfNobody();
  });
  afterAll(endOfVisits);

  /** What opens nothing, nowhere. */
  async function waysOfNobody(): Promise<Record<string, Attempt>> {
    const foreign = writeToken(another.service.directory, { scope: 'admin' });
    const foreignSession = await another.ask({
      method: 'POST',
      path: '/api/v1/session',
      headers: { authorization: `Bearer ${foreign}` },
    });
    expect(foreignSession.status).toBe(200);
    const ended = await signIn();
    const end = { ...nextClient(), cookie: ended, 'sec-fetch-site': 'same-origin' };
    expect((await there.ask({ method: 'DELETE', path: '/api/v1/session', headers: end })).status).toBe(204);
    const own = { 'sec-fetch-site': 'same-origin' };
    return {
      'no token': { headers: {} },
      'an empty token': { headers: { authorization: 'Bearer ' } },
      'a token without its scheme': { headers: { authorization: TOKEN } },
      'another scheme': {
        headers: { authorization: `Basic ${Buffer.from(`a:${TOKEN}`).toString('base64')}` },
      },
      'a malformed token': bearer(`${TOKEN} ${TOKEN}`),
      'a wrong token': bearer('tocsin_wrong'),
      'an expired token': bearer(tokens.expired),
      'a revoked token': bearer(tokens.revoked),
      'a token of another service': bearer(foreign),
      'a session of another service': { headers: { ...own, cookie: cookieOf(foreignSession) } },
      'a session that was ended': { headers: { ...own, cookie: ended } },
      'a token for a session': { headers: { ...own, cookie: `tocsin_session=${TOKEN}` } },
      'a token in the query': {
        headers: {},
        query: `?token=${TOKEN}&access_token=${TOKEN}&authorization=${TOKEN}`,
      },
      'a token in other headers': {
        headers: { 'x-api-key': TOKEN, 'x-auth-token': TOKEN, 'proxy-authorization': `Bearer ${TOKEN}` },
      },
      'headers that a proxy might believe': {
        headers: { 'x-forwarded-user': 'admin', 'x-remote-user': 'admin', 'x-original-url': '/livez' },
      },
      'a method in a header': { headers: { 'x-http-method-override': 'GET', 'x-method-override': 'GET' } },
    };
  }

  async function signIn(): Promise<string> {
    const headers = { ...nextClient(), authorization: `Bearer ${TOKEN}` };
    return cookieOf(await there.ask({ method: 'POST', path: '/api/v1/session', headers }));
  }

  const asked = ({ method, path }: Operation, { headers, query = '' }: Attempt): Question => ({
    method,
    path: concrete(path) + query,
    headers: { ...nextClient(), accept: 'application/json', ...headers },
    ...(method === 'GET' ? {} : { body: '{}' }),
  });
  const guarded = (): Operation[] => operations.filter((one) => scopeOf(one) !== undefined);
  const code = ({ json }: Answer): unknown => at(json, 'code');

  it('finds enough of them to be worth the walk', () => {
    expect(guarded().length).toBeGreaterThan(25);
    expect(operations.filter(isSigned).length).toBeGreaterThan(2);
    for (const one of guarded()) expect(SCOPES, nameOf(one)).toContain(scopeOf(one));
  });

  it('is nobody to an operator’s route, whatever is tried, and learns nothing from how', async () => {
    for (const operation of guarded()) {
      const answers = new Set<string>();
      for (const [way, attempt] of Object.entries(ways)) {
        const answer = await there.ask(asked(operation, attempt));
        const name = `${nameOf(operation)} with ${way}`;
        expect([answer.status, code(answer)], name).toEqual([401, 'unauthorized']);
        expect(answer.headers['set-cookie'], name).toBeUndefined();
        answers.add(answer.text);
      }
      expect(answers.size, nameOf(operation)).toBe(1);
      if (operation.method !== 'GET') continue;
      const head = { ...asked(operation, { headers: {} }), method: 'HEAD' };
      expect((await there.ask(head)).status, nameOf(operation)).toBe(401);
    }
  }, 120_000);

  it('is nobody to what is asked of AWS, with somebody else’s session neither', async () => {
    const asking = operations.filter(({ json }) => JSON.stringify(json).includes('"awsSession"'));
    expect(asking.length).toBeGreaterThan(20);
    const forged = Buffer.alloc(32, 7).toString('base64url');
    const names = ['tocsin_aws_session', '__Host-tocsin_aws_session'];
    const more = names.map((name): [string, Attempt] => [
      `a forged ${name}`,
      { headers: { cookie: `${name}=${forged}` } },
    ]);
    for (const operation of asking) {
      for (const [way, attempt] of [...Object.entries(ways), ...more]) {
        const answer = await there.ask(asked(operation, attempt));
        const name = `${nameOf(operation)} with ${way}`;
        expect([answer.status, code(answer)], name).toEqual([401, 'unauthorized']);
        expect(answer.headers['set-cookie'], name).toBeUndefined();
      }
    }
  }, 120_000);

  it('with a token of a smaller scope is told so, and nothing else', async () => {
    for (const operation of guarded()) {
      for (const scope of ['read', 'operate'] as const) {
        const isEnough = SCOPES.indexOf(scope) >= SCOPES.indexOf(scopeOf(operation) ?? '');
        const question = asked(operation, bearer(tokens[scope]));
        const name = `${nameOf(operation)} as ${scope}`;
        if (!isEnough) expect(code(await there.ask(question)), name).toBe('forbidden');
        // A look that changes nothing: what goes on and on is only begun.
        else if (operation.method === 'GET')
          expect([401, 403, 500], name).not.toContain(
            (await there.ask({ ...question, method: 'HEAD' })).status,
          );
      }
    }
  }, 120_000);

  it('from another site changes nothing with an operator’s own session', async () => {
    const cookie = await signIn();
    const own = new URL(there.url).host;
    const places: readonly Headers[] = [
      {},
      { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' },
      { 'sec-fetch-site': 'same-site', origin: `https://neighbour.${own}` },
      { 'sec-fetch-site': 'none' },
      { 'sec-fetch-site': 'cross-site', origin: `http://${own}` },
      { origin: 'null' },
      { referer: `http://${own}/` },
    ];
    for (const operation of guarded().filter(({ method }) => method !== 'GET')) {
      for (const place of places) {
        const answer = await there.ask(asked(operation, { headers: { cookie, ...place } }));
        expect(code(answer), `${nameOf(operation)} from ${JSON.stringify(place)}`).toBe('forbidden');
      }
    }
    for (const operation of guarded().filter(({ method }) => method === 'GET')) {
      for (const site of ['cross-site', 'same-site']) {
        const answer = await there.ask(asked(operation, { headers: { cookie, 'sec-fetch-site': site } }));
        expect(answer.status, `${nameOf(operation)} from ${site}`).toBe(401);
      }
    }
  }, 120_000);

  it('is let in by no browser on another site’s behalf: no route allows other origins', async () => {
    for (const operation of operations) {
      const headers = {
        ...nextClient(),
        origin: 'https://evil.example',
        'access-control-request-method': operation.method,
        'access-control-request-headers': 'authorization',
      };
      const answer = await there.ask({ method: 'OPTIONS', path: concrete(operation.path), headers });
      expect([404, 405], nameOf(operation)).toContain(answer.status);
      const allowing = Object.keys(answer.headers).filter((name) => name.startsWith('access-control-'));
      expect(allowing, nameOf(operation)).toEqual([]);
    }
  });

  it('is nobody to a signed route without a signature, an operator neither', async () => {
    for (const operation of operations.filter(isSigned)) {
      for (const [way, attempt] of Object.entries({ ...ways, 'the right token': bearer(TOKEN) })) {
        const answer = await there.ask({ ...asked(operation, attempt), body: '[{}]' });
        expect([answer.status, code(answer)], `${nameOf(operation)} with ${way}`).toEqual([
          401,
          'signature_invalid',
        ]);
      }
    }
  });

  it('is anybody to a public route, whatever is brought along', async () => {
    const open = operations.filter(
      (one) => listAt(one.json, 'security').length === 0 && one.method === 'GET',
    );
    for (const operation of open) {
      const plain = await there.ask(asked(operation, { headers: {} }));
      for (const attempt of [bearer('tocsin_wrong'), bearer(tokens.revoked), bearer(TOKEN)]) {
        const answer = await there.ask(asked(operation, attempt));
        expect([answer.status, answer.text], nameOf(operation)).toEqual([plain.status, plain.text]);
      }
    }
  });

  it('finds no other method at any path, with a token neither', async () => {
    for (const path of new Set(operations.map((one) => concrete(one.path)))) {
      // Of all rows that lead there: a path can be another one's with a parameter.
      const isTaken = (method: string): boolean =>
        there.description.operationOf(method === 'HEAD' ? 'GET' : method, path) !== undefined;
      for (const method of METHODS.filter((one) => !isTaken(one))) {
        const client = await there.raw(
          `${method} ${path} HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: ${nextClient()['x-forwarded-for']}\r\nAuthorization: Bearer ${TOKEN}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`,
        );
        // Node's parser does not know some methods: 400.
        expect([400, 405], `${method} ${path}`).toContain(client.statuses[0]);
        if (client.statuses[0] === 405) expect(client.received).toMatch(/^allow: [A-Z, ]+$/m);
      }
    }
  }, 120_000);

  it('is refused before the body was sent: nobody reads what nobody may send', async () => {
    for (const operation of guarded().filter(({ method }) => method !== 'GET')) {
      const client = await RawClient.connect(there.url);
      const address = nextClient()['x-forwarded-for'];
      client.send(
        `${operation.method} ${concrete(operation.path)} HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: ${address}\r\nAuthorization: Bearer tocsin_wrong\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n\r\n{`,
      );
      await client.answered(1);
      expect(client.statuses, nameOf(operation)).toEqual([401]);
      client.close();
    }
  });

  it('changed nothing, left no error in the log, and filled neither it nor the audit log', async () => {
    const audit = await there.operator('GET', '/api/v1/audit');
    expect(listAt(audit.json, 'items')).toEqual([]);
    const events = await there.operator('GET', '/api/v1/events');
    expect(listAt(events.json, 'items')).toEqual([]);
    expect(await there.service.stop()).toBe(0);
    const lines = there.service.stdout().split('\n');
    expect(lines.filter((line) => /"log.level":"error"|unexpected fault/.test(line))).toEqual([]);
    const told = lines
      .filter((line) => line.includes('was not let in'))
      .map((line): unknown => JSON.parse(line));
    expect(told.length).toBeGreaterThan(0);
    expect(told.length).toBeLessThan(500);
    expect(new Set(told.map((line) => textAt(line, 'log.level')))).toEqual(new Set(['warn']));
  });
});
