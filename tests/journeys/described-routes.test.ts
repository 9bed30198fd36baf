import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at, listAt, textAt } from '../support/ask.ts';
import { entries, type Operation } from '../support/description.ts';
import { TOKEN } from '../support/service.ts';
import { endOfVisits, type Visit, visit } from '../support/visitor.ts';
import { hostileBodies, hostileValues } from './hostile-input.ts';

describe('the description at /api/v1/openapi.json', () => {
  let there: Visit;
  beforeAll(async () => {
    there = await visit({
      config:
        'http:\n  trustedProxies: [127.0.0.1]\n  unverifiedPerMinute: 100000\n  requestsPerMinute: 0\nfeeds:\n  - {id: pushed, kind: push, scheme: sqreen, key: "${SIGNATURE_KEY}"}\n',
    });
  });
  afterAll(endOfVisits);

  let clients = 0;
  const nextClient = (): Record<string, string> => {
    clients += 1;
    return { 'x-forwarded-for': `198.18.${clients >> 8}.${clients & 255}` };
  };
  const concrete = (path: string, value = 'evt_00000000-0000-7000-8000-000000000000'): string =>
    path.replaceAll(/\{\w+\}/g, value);
  const isOpen = ({ json }: Operation): boolean => listAt(json, 'security').length === 0;
  /** Open to all, and telling operators apart. */
  const knowsOperators = ({ json }: Operation): boolean =>
    listAt(json, 'security').some((one) => Object.keys(Object(one)).length === 0);
  const isSigned = ({ json }: Operation): boolean =>
    ['Sources', 'Incidents'].includes(textAt(json, 'tags', 0));

  it('is OpenAPI 3.1 as far as its own words go', () => {
    const { json, operations } = there.description;
    expect(textAt(json, 'openapi')).toMatch(/^3\.1\.\d+$/);
    expect(textAt(json, 'info', 'title')).not.toBe('');
    expect(textAt(json, 'info', 'version')).toMatch(/^\d+\.\d+\.\d+/);
    expect(operations.length).toBeGreaterThan(15);
    const ids = operations.map((operation) => textAt(operation.json, 'operationId'));
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[a-zA-Z]\w*$/);
  });

  it('points only to what is there', () => {
    const { json } = there.description;
    const references = [...JSON.stringify(json).matchAll(/"\$ref":"([^"]+)"/g)].map(
      ([, reference = '']) => reference,
    );
    expect(references.length).toBeGreaterThan(0);
    for (const reference of new Set(references)) {
      expect(reference).toMatch(/^#\//);
      expect(at(json, ...reference.slice(2).split('/')), reference).toBeDefined();
    }
    const schemes = Object.keys(Object(at(json, 'components', 'securitySchemes')));
    for (const { json: operation } of there.description.operations) {
      const named = listAt(operation, 'security').flatMap((one) => Object.keys(Object(one)));
      expect(schemes).toEqual(expect.arrayContaining(named));
    }
  });

  it('gives every operation its parameters, its answers and their schemas', () => {
    for (const { method, path, json } of there.description.operations) {
      const name = `${method} ${path}`;
      expect(textAt(json, 'summary'), name).not.toBe('');
      const parameters = listAt(json, 'parameters');
      const inPath = parameters.filter((one) => at(one, 'in') === 'path');
      const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => parameter);
      expect(inPath.map((one) => at(one, 'name')).sort(), name).toEqual(names.sort());
      for (const one of inPath) expect(at(one, 'required'), name).toBe(true);
      for (const one of parameters) expect(at(one, 'schema'), name).toBeTypeOf('object');
      const answers = entries(at(json, 'responses'));
      expect(
        answers.filter(([status]) => Number(status) < 300),
        name,
      ).toHaveLength(1);
      for (const [status, answer] of answers) {
        expect(status, name).toMatch(/^[2-5]\d\d$/);
        expect(textAt(answer, 'description'), `${name} ${status}`).not.toBe('');
      }
    }
  });

  it('is cacheable, and has no secret in it', async () => {
    const answer = await there.ask({ path: '/api/v1/openapi.json' });
    expect(answer.headers['cache-control']).toMatch(/max-age=/);
  });

  it('names no route that is open to nobody in particular but those of the contract', () => {
    const open = there.description.operations.filter(isOpen).map(({ method, path }) => `${method} ${path}`);
    const contracted =
      /^(GET (\/api)?\/v1\/countries|GET \/livez|GET \/readyz|GET \/api\/v1\/openapi\.json|POST \/v1\/webhook|(POST|OPTIONS) \/api\/v1\/sources\/\{id\}|POST \/api\/v1\/incidents\/feeds\/\{id\}|GET \/|GET \/events\/\{id\}|GET \/m(\/\{id\})?|GET \/page\/[\w./]+)$/;
    const logins = /^POST \/api\/v1\/auth\/(login|logout)$/;
    const messages = /^GET \/msg\/\{id\}$|^(GET|POST) \/api\/v1\/messages\/(limits|\{id\}|\{id\}\/claim)$/;
    const known = [contracted, messages, logins];
    expect(open.filter((name) => !known.some((one) => one.test(name)))).toEqual([]);
    const knowing = there.description.operations.filter(knowsOperators);
    expect(knowing.map(({ method, path }) => `${method} ${path}`).sort()).toEqual([
      'DELETE /api/v1/messages/{id}',
      'POST /',
      'POST /api/v1/messages',
    ]);
  });

  it('every route of an operator answers 401 without a token, whatever else is wrong with the request', async () => {
    const guarded = there.description.operations.filter((one) => !isOpen(one) && !knowsOperators(one));
    expect(guarded.length).toBeGreaterThan(10);
    for (const { method, path } of guarded) {
      for (const value of [undefined, 'x', '%00']) {
        const asked = {
          method,
          path: concrete(path, value),
          headers: { ...nextClient(), 'content-type': ';;;' },
        };
        expect((await there.ask(asked)).status, `${method} ${path}`).toBe(401);
        const head = { ...asked, method: 'HEAD', headers: nextClient() };
        if (method === 'GET') expect((await there.ask(head)).status, path).toBe(401);
      }
    }
  });

  it('every signed route answers 401 without a signature', async () => {
    const signed = there.description.operations.filter(
      (one) => isOpen(one) && one.method === 'POST' && isSigned(one),
    );
    for (const { method, path } of signed) {
      const id = path.includes('/feeds/') ? 'pushed' : 'sqreen';
      const asked = { method, path: concrete(path, id), headers: nextClient(), body: '[{}]' };
      expect((await there.ask(asked)).status, path).toBe(401);
    }
  });

  it('no value of a declared parameter is too much for its route', async () => {
    for (const { method, path, json } of there.description.operations) {
      const query = listAt(json, 'parameters').filter((one) => at(one, 'in') === 'query');
      const inPath = path.includes('{') ? hostileValues.filter((value) => value !== '') : [];
      const paths = [
        ...inPath.map((value) => concrete(path, value)),
        ...query.flatMap((one) =>
          hostileValues.map((value) => `${concrete(path)}?${textAt(one, 'name')}=${value}`),
        ),
        ...query.map((one) => `${concrete(path)}?${textAt(one, 'name')}=1&${textAt(one, 'name')}=2`),
      ];
      for (const hostile of paths) {
        const answer = await there.operator(method, hostile);
        expect(answer.status, `${method} ${hostile}`).toBeLessThan(500);
      }
    }
  }, 60_000);

  it('no body is too much for its route', async () => {
    for (const { method, path } of there.description.operations.filter((one) => one.method !== 'GET')) {
      for (const body of hostileBodies) {
        for (const type of ['application/json', 'text/plain', 'application/vnd.api+json; charset=x']) {
          const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': type };
          const answer = await there.ask({ method, path: concrete(path), headers, body });
          expect(answer.status, `${method} ${path} ${String(body).slice(0, 80)}`).toBeLessThan(500);
        }
      }
    }
  });

  it('HEAD is served wherever GET is, with the same headers and no body', async () => {
    for (const { path } of there.description.operations.filter((one) => one.method === 'GET')) {
      const asked = concrete(path);
      const [got, head] = [await there.operator('GET', asked), await there.operator('HEAD', asked)];
      expect(head.status, asked).toBe(got.status);
      expect(head.headers['content-type'], asked).toBe(got.headers['content-type']);
      // What is counted has grown by the request before.
      if (path !== '/metrics')
        expect(head.headers['content-length'], asked).toBe(got.headers['content-length']);
    }
  });

  it('another method is 405, and Allow names what the path takes', async () => {
    const { operations } = there.description;
    for (const path of new Set(operations.map((one) => one.path))) {
      // `/rules/test` is also a rule called "test".
      const own = operations
        .filter((one) => new RegExp(`^${one.path.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(concrete(path)))
        .map(({ method }) => method);
      const allowed = [...new Set([...own, ...(own.includes('GET') ? ['HEAD'] : [])])].sort();
      for (const method of ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'].filter(
        (one) => !allowed.includes(one),
      )) {
        const answer = await there.ask({ method, path: concrete(path), headers: nextClient() });
        expect(answer.status, `${method} ${path}`).toBe(405);
        expect(answer.headers['allow']).toBe(allowed.join(', '));
      }
    }
  });

  it('leaves no error in the log', async () => {
    expect(await there.service.stop()).toBe(0);
    expect(there.service.stdout()).not.toMatch(/"log.level":"error"|unexpected fault/);
  });
});
