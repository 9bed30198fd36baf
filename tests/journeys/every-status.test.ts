import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sha256, sha256Hex } from '../../src/kernel/secret.ts';
import { Database } from '../../src/storage/sqlite/database.ts';
import { type Answer, at, listAt, type Question, textAt } from '../support/ask.ts';
import { nameOf, type Operation, promisesOf } from '../support/description.ts';
import { IncidentUpstream } from '../support/incident-upstream.ts';
import { RawClient } from '../support/raw-client.ts';
import { sign, TOKEN } from '../support/service.ts';
import { until } from '../support/until.ts';
import { endOfVisits, type Visit, visit } from '../support/visitor.ts';
import { secret } from '../support/witness.ts';

const MAIN = fileURLToPath(new URL('absent-store.js', import.meta.url));
const READER = secret('a-token-that-may-only-read');
const SETTINGS =
  'http:\n  trustedProxies: [127.0.0.1]\n  unverifiedPerMinute: 1\n  requestsPerMinute: 150\n  webhookBytesMax: 4096\nmessages:\n  bytesMax: 4096\nfeeds:\n  - {id: pushed, kind: push, scheme: sqreen, key: "${SIGNATURE_KEY}"}\n';
const EXTRA =
  'targets:\n  - {id: extra, kind: log, file: extra.log}\n  - {id: operated, kind: log, file: operated.log}\ndefault: [log, extra]\nrules:\n  - {id: filed, when: {type: never-seen}, targets: [extra]}\n';
const ASKED = 'sources:\n  - {id: asked, kind: cloudevents, scheme: bearer, key: "${ASKED_KEY}"}\n';
const TOPIC = 'arn:aws:sns:xx-nowhere-1:123456789012:alerts';
const UNKNOWN = '00000000-0000-7000-8000-000000000000';
const UNKNOWN_INCIDENT = `inc_${'0'.repeat(40)}`;

let pushes = 0;
let clients = 0;
/** Each request is a client of its own, so that one's failures do not turn the next one away. */
const nextClient = () => ({ 'x-forwarded-for': `198.18.${++clients >> 8}.${clients & 255}` });
const spent = { 'x-forwarded-for': '192.0.2.66' };

/** What a request must carry to succeed, where a bare one does not. */
const bodies: Readonly<Record<string, object>> = {
  'POST /api/v1/rules/test': { event: { source: 'sqreen', type: 'test' } },
  'POST /api/v1/rules/order': { rules: ['kept'] },
  'PUT /api/v1/rules/{id}': { when: { type: 'never-seen' }, targets: ['log'] },
  'PUT /api/v1/sources/{id}': { kind: 'sqreen', key: 'a-key-of-a-source-that-is-made' },
  'PUT /api/v1/targets/{id}': { kind: 'log' },
  'POST /api/v1/targets/test': { target: { kind: 'log' } },
  'POST /api/v1/targets/preview': { target: { kind: 'log' } },
  'POST /api/v1/replay': { dryRun: true },
  'POST /api/v1/events/{id}/replay': { targets: ['log'] },
  'POST /api/v1/events/{id}/notes': { text: 'a note' },
  'POST /api/v1/tokens': { name: 'made', scope: 'read' },
  'POST /api/v1/acknowledge': { source: 'sqreen', dryRun: true },
  'POST /': { message: 'a text' },
  'POST /api/v1/messages': { message: 'a text' },
};

const OBJECTS = /^\/api\/v1\/(?:sources|targets|rules)\/\{id\}$/;
/** What makes, changes and removes an object of the store. */
const changesObject = ({ method, path }: Operation): boolean =>
  OBJECTS.test(path) && (method === 'PUT' || method === 'DELETE');

/** What is not there is made, or has had no matches: only a path that is none is not found. */
const isNeverMissed = ({ method, path }: Operation): boolean => method === 'PUT' || path.endsWith('/matches');

const isSigned = ({ method, json }: Operation): boolean =>
  method === 'POST' &&
  ['Sources', 'Incidents'].includes(textAt(json, 'tags', 0)) &&
  listAt(json, 'security').length === 0;
const isOperators = ({ json }: Operation): boolean => at(json, 'x-scope') !== undefined;
describe('every answer that the description names', () => {
  let there: Visit;
  let ids: Readonly<Record<string, string>>;
  /** Ids of messages, each for one deletion. */
  const deletable: string[] = [];
  const kept = new Set<string>();
  let upstream: IncidentUpstream;
  /** Those of AWS are in a file of their own, with an AWS. */
  const operations = (): Operation[] =>
    there.description.operations.filter(({ json }) => at(json, 'tags', 0) !== 'AWS');
  const inDirectory = (name: string): string => join(there.service.directory, name);

  beforeAll(async () => {
    upstream = await IncidentUpstream.start();
    there = await visit({
      main: MAIN,
      config: SETTINGS + EXTRA + ASKED,
      env: {
        ASKED_KEY: secret('a-key-of-a-source-that-is-asked'),
        TOCSIN_INCIDENTS_URL: upstream.url,
        ELEVATE_API_USER: upstream.user,
        ELEVATE_API_PASSWORD: secret(upstream.password),
      },
    });
    addReader();
    const rule = { when: { type: 'never-seen' }, targets: ['log'] };
    expect((await there.operator('PUT', '/api/v1/rules/kept', rule)).status).toBe(200);
    await there.webhook(
      '[{"sqreen_payload_type": "pulse", "id": "p", "date_started": "2026-01-01T00:00:00Z"}]',
    );
    await there.webhook('[{"id": "known"}]');
    const { json } = await there.operator('GET', '/api/v1/deliveries?target=extra');
    const matters = await there.operator('GET', '/api/v1/matters');
    const incident = await until('an incident to be stored', async () => {
      const found = await there.operator('GET', '/api/v1/incidents?attributed=true&limit=1');
      return listAt(found.json, 'items')[0];
    });
    ids = {
      event: textAt(json, 'items', 0, 'event'),
      delivery: textAt(json, 'items', 0, 'id'),
      matter: textAt(matters.json, 'items', 0, 'fingerprint'),
      incident: textAt(incident, 'id'),
      employee: textAt(incident, 'employee'),
      message: await message({ message: 'for all' }),
      counted: await message({ message: 'for one', max_reads: 1 }),
      sealed: await message({
        sealed: {
          version: 1,
          ciphertext: 'AAAA',
          claim_hash: sha256(Buffer.alloc(32)).toString('base64url'),
        },
      }),
    };
    for (let n = 0; n < 12; n++) deletable.push(await message({ message: 'to be deleted' }));
  });
  afterAll(async () => {
    await endOfVisits();
    await upstream.close();
  });

  async function message(body: object): Promise<string> {
    const { json } = await there.operator('POST', '/api/v1/messages', body);
    return textAt(json, 'message_id');
  }

  function addReader(): void {
    const database = new Database(inDirectory('data/tocsin.db'), [], { readOnly: false });
    for (const [id, token] of [
      ['tok_reader', READER],
      ['tok_spare', 'a token to rotate'],
      ['tok_gone', 'a token to revoke'],
    ] as const) {
      const row = [id, 'a token', sha256Hex(token), 'read', Date.now()];
      database.query('INSERT INTO tokens (id, name, hash, scope, created_at) VALUES (?, ?, ?, ?, ?)', row);
    }
    database.close();
  }

  const filled = (path: string): string =>
    path
      .replace(/^\/v1\/countries$/, '$&?target=source')
      .replace('/rules/{id}', '/rules/kept')
      .replace('/sources/{id}', '/sources/sqreen')
      .replace('/targets/{id}', '/targets/operated')
      .replace('/tokens/{id}/', '/tokens/tok_spare/')
      .replace('/tokens/{id}', '/tokens/tok_gone')
      .replace('/events/{id}', `/events/${ids['event']}`)
      .replace('/messages/{id}', `/messages/${ids['message']}`)
      .replace('/msg/{id}', `/msg/${ids['message']}`)
      .replace('/incidents/{id}', `/incidents/${ids['incident']}`)
      .replace('/employees/{employee}', `/employees/${ids['employee']}`)
      .replace('/feeds/{id}', '/feeds/pushed')
      .replace('{fingerprint}', String(ids['matter']))
      .replace('/deliveries/{id}', `/deliveries/${ids['delivery']}`);
  const unknown = (path: string): string =>
    path
      .replace('/rules/{id}', '/rules/nobody')
      .replace('/sources/{id}', '/sources/nobody')
      .replace('/targets/{id}', '/targets/nobody')
      .replace('/tokens/{id}', '/tokens/tok_nobody')
      .replace('/events/{id}', `/events/evt_${UNKNOWN}`)
      .replace('/messages/{id}', `/messages/${UNKNOWN}`)
      .replace('/msg/{id}', `/msg/${UNKNOWN}`)
      .replace('/incidents/{id}', `/incidents/${UNKNOWN_INCIDENT}`)
      .replace('/employees/{employee}', '/employees/00')
      .replace('/feeds/{id}', '/feeds/nobody')
      .replace('{fingerprint}', '0'.repeat(64))
      .replace('/deliveries/{id}', `/deliveries/dlv_${UNKNOWN}`);

  /** A request that succeeds while all is well. */
  function right(operation: Operation): Question {
    const { method, path, json } = operation;
    // What a feed lists already is a repeat: the store need not be there for it.
    if (path.includes('/feeds/')) return signed(filled(path), `[{"n": ${++pushes}}]`);
    if (isSigned(operation)) return signed(filled(path), '[{}]');
    if (method === 'OPTIONS') return preflight(path.replace('{id}', 'asked'));
    if (method === 'DELETE' && path.includes('/messages/')) return deletion(path, deletable.pop());
    const accept = /^\/(?:events\/|m$|m\/)/.test(path) ? 'text/html' : '*/*';
    const headers = { ...nextClient(), authorization: `Bearer ${TOKEN}`, accept };
    const body =
      at(json, 'requestBody') === undefined ? undefined : JSON.stringify(bodies[nameOf(operation)] ?? {});
    const withType =
      body === undefined
        ? { headers }
        : { headers: { ...headers, 'content-type': 'application/json' }, body };
    const isChange = changesObject(operation);
    return { method, path: isChange ? path.replace('{id}', 'made') : filled(path), ...withType };
  }

  const signed = (path: string, body: string): Question => ({
    method: 'POST',
    path,
    body,
    headers: { ...nextClient(), 'content-type': 'application/json', 'x-sqreen-integrity': sign(body) },
  });
  const preflight = (path: string): Question => ({
    method: 'OPTIONS',
    path,
    headers: { ...nextClient(), 'webhook-request-origin': 'sender.example' },
  });
  const deletion = (path: string, id = UNKNOWN): Question => ({
    method: 'DELETE',
    path: path.replace('{id}', id),
    headers: { ...nextClient(), authorization: `Bearer ${TOKEN}` },
  });
  const changed = (operation: Operation, more: Partial<Question>): Question => {
    const question = right(operation);
    return { ...question, ...more, headers: { ...question.headers, ...more.headers } };
  };

  /** One path, query or body that its schema refuses. */
  function misshapen(operation: Operation): Question {
    const { path, json } = operation;
    if (path.endsWith('/claim')) return changed(operation, { body: '[]' });
    if (path.includes('{'))
      return changed(operation, { path: path.replace(/\{\w+\}/, `X${'x'.repeat(100)}`) });
    const [query] = listAt(json, 'parameters');
    if (query !== undefined) return changed(operation, { path: `${path}?limit=none` });
    return changed(operation, { body: '[]' });
  }

  async function forbidden(operation: Operation): Promise<Question> {
    if (operation.method === 'GET')
      return changed(operation, { headers: { authorization: `Bearer ${READER}` } });
    return withSession(operation);
  }

  /** A right request with a session in the token's place. */
  async function withSession(operation: Operation, from: Question['headers'] = {}): Promise<Question> {
    const { headers: { authorization, ...headers } = {}, ...question } = right(operation);
    const session = await there.ask({
      method: 'POST',
      path: '/api/v1/session',
      headers: { ...nextClient(), authorization },
    });
    const cookie = session.headers['set-cookie']?.[0]?.split(';', 1)[0] ?? '';
    return { ...question, headers: { ...headers, cookie, ...from } };
  }

  /** A right request of a client that sent wrong ones until it was turned away. */
  async function turnedAway(operation: Operation): Promise<Question> {
    const wrong = { ...spent, authorization: 'Bearer wrong', 'x-sqreen-integrity': '0' };
    const refused = changed(operation, { headers: wrong });
    // Several at once: those let in together are paid for afterwards, so that no place is free a moment later.
    await until('a client to be turned away', async () => {
      const answers = await Promise.all([1, 2, 3, 4].map(() => there.ask(refused)));
      return answers.every(({ status }) => status === 429);
    });
    return changed(operation, { headers: spent });
  }

  function large(operation: Operation): Question {
    // Announced, not sent: who is refused while still sending may not get to read the answer.
    return changed(operation, {
      body: 'x',
      headers: { 'content-type': 'application/json', 'content-length': 1_100_000 },
    });
  }

  /** By code, a request that is answered so. */
  const provoke: Readonly<Record<string, (operation: Operation) => Question | Promise<Question>>> = {
    bad_request: misshapen,
    unauthorized: (one) => ({
      method: one.method,
      path: filled(one.path),
      headers: { ...nextClient(), ...(isOperators(one) ? {} : { authorization: 'Bearer wrong' }) },
    }),
    wrong_key: ({ method, path }) => ({
      method,
      path: path.replace('{id}', String(ids['sealed'])),
      headers: { ...nextClient(), 'tocsin-delete-token': 'wrong' },
    }),
    signature_invalid: (one) => changed(one, { headers: { 'x-sqreen-integrity': '0'.repeat(64) } }),
    forbidden,
    not_found: (one) =>
      changed(one, {
        path: isNeverMissed(one) ? one.path.replace('{id}', 'x'.repeat(300)) : unknown(one.path),
        headers: { accept: 'application/json' },
        ...(/\/targets\/(?:test|preview)$/.test(one.path)
          ? { body: JSON.stringify({ target: { kind: 'log' }, event: `evt_${UNKNOWN}` }) }
          : {}),
      }),
    body_too_large: large,
    media_type_unsupported: (one) => changed(one, { body: 'a', headers: { 'content-type': 'text/plain' } }),
    body_invalid: ({ path }) => signed(filled(path), '{'),
    too_many_requests: turnedAway,
  };

  async function promised(operation: Operation, promise: string, question: Question): Promise<void> {
    let answer = await there.ask(question);
    // A place may have become free a moment ago: now it is taken.
    const triesMax = promise === 'too_many_requests' ? 3 : 0;
    for (let tries = 0; tries < triesMax && told(answer) !== promise; tries++)
      answer = await there.ask(question);
    const name = `${nameOf(operation)} ${promise}: ${answer.status} ${answer.text.slice(0, 300)}`;
    expect(told(answer), name).toBe(promise);
    kept.add(`${nameOf(operation)} ${promise}`);
  }
  const told = ({ status, json }: Answer): string => (status < 300 ? String(status) : textAt(json, 'code'));
  const those = (promise: string): Operation[] =>
    operations().filter((operation) => promisesOf(operation).includes(promise));

  it('is a success that fits its schema, for every route', async () => {
    for (const operation of operations()) {
      const status = promisesOf(operation).find((promise) => promise.startsWith('2')) ?? 'none';
      await promised(operation, status, right(operation));
    }
  });

  it.each(Object.entries(provoke))('is a problem of the code %s', async (code, questionFor) => {
    expect(those(code).length).toBeGreaterThan(0);
    for (const operation of those(code)) await promised(operation, code, await questionFor(operation));
  });

  it('is forbidden to a token of a smaller scope, and not to read with it', async () => {
    const authorization = `Bearer ${READER}`;
    const guarded = operations().filter(({ json }) => at(json, 'x-scope') !== undefined);
    for (const operation of guarded) {
      const answer = await there.ask(changed(operation, { headers: { authorization } }));
      const isRead = at(operation.json, 'x-scope') === 'read';
      expect(told(answer), nameOf(operation)).toEqual(isRead ? expect.stringMatching(/^2/) : 'forbidden');
    }
  });

  it('is store_unavailable while the store is away, with the time to come again; and all is well when it is back', async () => {
    writeFileSync(inDirectory('store-is-away'), '');
    for (const operation of those('store_unavailable')) {
      // A token of the settings and what is in memory need no store; a session always does.
      expect(told(await there.ask(right(operation))), nameOf(operation)).toMatch(
        /^(2\d\d|store_unavailable)$/,
      );
      const question = isOperators(operation)
        ? await withSession(operation, { 'sec-fetch-site': 'same-origin' })
        : right(operation);
      const answer = await there.ask(question);
      expect(Number(answer.headers['retry-after']), nameOf(operation)).toBeGreaterThan(0);
      await promised(operation, 'store_unavailable', question);
    }
    rmSync(inDirectory('store-is-away'));
    for (const operation of those('store_unavailable')) {
      expect((await there.ask(right(operation))).status, nameOf(operation)).toBeLessThan(300);
    }
  });

  it('is config_faulty for a config with faults, which then changes nothing', async () => {
    writeFileSync(inDirectory('tocsin.yaml'), `${SETTINGS}defualt: [log]\n`);
    for (const operation of those('config_faulty')) {
      const event = { source: 's', type: 't' };
      const body = JSON.stringify(
        operation.path.includes('{')
          ? { nonsense: 1 }
          : operation.path.includes('/rules/test')
            ? { event, rules: [{}] }
            : operation.path.includes('/rules/')
              ? { rules: [{}] }
              : { target: {} },
      );
      const isReload = operation.path.endsWith('/reload');
      await promised(operation, 'config_faulty', isReload ? right(operation) : changed(operation, { body }));
    }
  });

  it('is precondition_failed for an object that is in another state', async () => {
    for (const operation of those('precondition_failed')) {
      const path = operation.path.replace('{id}', 'made');
      const put = await there.operator('PUT', path, bodies[`PUT ${operation.path}`]);
      expect(put.status).toBe(200);
      const question = changed(operation, { headers: { 'if-match': '"another"' } });
      await promised(operation, 'precondition_failed', question);
      expect((await there.operator('DELETE', path)).status).toBe(204);
    }
  });

  it('is conflict for an object of the file, and for an order that is none', async () => {
    for (const operation of those('conflict').filter(changesObject)) {
      const path = operation.path
        .replace('/rules/{id}', '/rules/filed')
        .replace('/targets/{id}', '/targets/extra');
      await promised(operation, 'conflict', changed(operation, { path: filled(path) }));
    }
    const orders = those('conflict').filter(({ path }) => path.endsWith('/rules/order'));
    for (const operation of orders)
      await promised(operation, 'conflict', changed(operation, { body: '{"rules": []}' }));
  });

  it('is conflict for a message that is to be claimed', async () => {
    const reads = those('conflict').filter(({ path }) => path.startsWith('/msg/'));
    expect(reads).toHaveLength(1);
    for (const operation of reads)
      await promised(operation, 'conflict', changed(operation, { path: `/msg/${ids['counted']}` }));
  });

  it('is store_full for one message or one pushed incident more than are kept at once', async () => {
    const feed =
      'feeds:\n  - {id: pushed, kind: push, scheme: sqreen, key: "${SIGNATURE_KEY}", listedMax: 1}\n';
    const full = await visit({ config: `messages:\n  messagesMax: 1\n${feed}` });
    expect((await full.operator('POST', '/', { message: 'the one' })).status).toBe(200);
    expect((await full.ask(signed('/api/v1/incidents/feeds/pushed', '[{"n": 0}]'))).status).toBe(200);
    for (const operation of those('store_full')) {
      const answer = await full.ask(right(operation));
      expect(told(answer)).toBe('store_full');
      kept.add(`${nameOf(operation)} store_full`);
    }
  });

  it('is conflict for one note more than an event takes', async () => {
    const notes = those('conflict').filter(({ path }) => path.endsWith('/notes'));
    expect(notes).toHaveLength(1);
    for (const operation of notes) {
      await until(
        'no further note to be taken',
        async () => (await there.ask(right(operation))).status === 409,
      );
      await promised(operation, 'conflict', right(operation));
    }
  });

  it('is conflict for the token of the settings, and for one token too many', async () => {
    const session = await there.operator('GET', '/api/v1/session');
    const path = `/api/v1/tokens/${textAt(session.json, 'id')}`;
    const database = new Database(inDirectory('data/tocsin.db'), [], { readOnly: false });
    database.query(
      `WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 1000)
      INSERT INTO tokens (id, name, hash, scope, created_at) SELECT 'tok_many_' || n, 'n', n, 'read', 0 FROM n`,
      [],
    );
    database.close();
    for (const operation of those('conflict').filter((one) => one.path.includes('/tokens'))) {
      const own = { path: operation.path.replace('/api/v1/tokens/{id}', path) };
      await promised(operation, 'conflict', changed(operation, own));
    }
  });

  it('is conflict for a pause of a target that is disabled', async () => {
    const disabled = await there.operator('POST', '/api/v1/targets/operated/disable', {});
    expect(disabled.status).toBe(200);
    for (const operation of those('conflict').filter(({ path }) => /\/(?:pause|resume)$/.test(path)))
      await promised(operation, 'conflict', right(operation));
  });

  it('is conflict for a replay to a target that is gone', async () => {
    writeFileSync(inDirectory('tocsin.yaml'), SETTINGS);
    expect((await there.operator('POST', '/api/v1/config/reload')).status).toBe(200);
    for (const operation of those('conflict').filter(({ path }) => path.endsWith('/replay'))) {
      const body = JSON.stringify(operation.path.includes('/events/') ? { targets: ['extra'] } : {});
      await promised(operation, 'conflict', changed(operation, { body }));
    }
  });

  it('is source_off without a key', async () => {
    const keyless = await visit({ env: { SIGNATURE_KEY: '' } });
    for (const operation of those('source_off')) {
      const answer = await keyless.ask(right(operation));
      expect(told(answer)).toBe('source_off');
      kept.add(`${nameOf(operation)} source_off`);
    }
  });

  it('is feed_off without a feed, and feed_cold while none has answered', async () => {
    const without = await visit();
    for (const operation of those('feed_off')) {
      expect(told(await without.ask(right(operation)))).toBe('feed_off');
      kept.add(`${nameOf(operation)} feed_off`);
    }
    const cold = await visit({ env: { TOCSIN_INCIDENTS_URL: 'http://127.0.0.1:9' } });
    for (const operation of those('feed_cold')) {
      const answer = await cold.ask(right(operation));
      expect(told(answer)).toBe('feed_cold');
      expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
      kept.add(`${nameOf(operation)} feed_cold`);
    }
  });

  it('is proof_unavailable where the proof cannot be fetched', async () => {
    const proof = `scheme: sns, topics: ["${TOPIC}"]`;
    const config = `sources:\n  - {id: sqreen, kind: json, ${proof}}\nfeeds:\n  - {id: pushed, kind: push, ${proof}}\n`;
    const offline = await visit({ config });
    const body = JSON.stringify({
      Type: 'Notification',
      MessageId: UNKNOWN,
      TopicArn: TOPIC,
      Message: '{}',
      Timestamp: new Date().toISOString(),
      SignatureVersion: '2',
      Signature: 'AAAA',
      SigningCertURL: 'https://sns.xx-nowhere-1.amazonaws.com/a.pem',
    });
    for (const operation of those('proof_unavailable')) {
      const answer = await offline.ask(signed(filled(operation.path), body));
      expect(told(answer)).toBe('proof_unavailable');
      kept.add(`${nameOf(operation)} proof_unavailable`);
    }
  });

  it('is stopping while the service stops; what came before is still answered', async () => {
    const last = '[{"id": "the last one"}]';
    const client = await RawClient.connect(there.url);
    client.send(
      `POST /v1/webhook HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nX-Sqreen-Integrity: ${sign(last)}\r\nContent-Length: ${last.length}\r\n\r\n[`,
    );
    await until(
      'the request to be under way',
      async () => (await there.ask({ path: '/livez' })).status === 200,
    );
    const claims = await slowedClaims();
    there.service.process.kill('SIGTERM');
    await until('the stop to begin', () => there.service.stdout().includes('"stopping"'));
    client.send(`${last.slice(1)}GET /readyz HTTP/1.1\r\nHost: x\r\n\r\n`);
    await client.ended();
    expect(client.statuses).toEqual([200, 503]);
    expect(client.received).toContain('"code":"stopping"');
    expect(client.received.match(/^content-security-policy/gm)).toHaveLength(2);
    kept.add('GET /readyz stopping');
    for (const claim of claims) {
      const answer = await claim;
      expect(told(answer)).toBe('stopping');
      expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    }
    kept.add('POST /api/v1/messages/{id}/claim stopping');
    expect(await there.service.exited).toBe(0);
  });

  /** Claims that wait for their turn, because their client was wrong too often. */
  async function slowedClaims(): Promise<readonly Promise<Answer>[]> {
    const claim = {
      method: 'POST',
      path: `/api/v1/messages/${ids['sealed']}/claim`,
      headers: { ...nextClient(), 'content-type': 'application/json' },
      body: '{"claim_token":"wrong"}',
    };
    const wrong = await Promise.all(Array.from({ length: 11 }, () => there.ask(claim)));
    expect(new Set(wrong.map(told))).toEqual(new Set(['wrong_key']));
    const waiting = [there.ask(claim), there.ask(claim)];
    // In line as soon as the server has taken in what came after them.
    expect((await there.ask({ path: '/livez' })).status).toBe(200);
    return waiting;
  }

  it('was seen: there is no promise that is not kept', () => {
    const made = operations().flatMap((one) => promisesOf(one).map((promise) => `${nameOf(one)} ${promise}`));
    expect(made.filter((promise) => !kept.has(promise))).toEqual([]);
  });
});
