import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sourceKinds } from '../../src/sources/kinds/index.ts';
import { at, listAt, textAt } from '../support/ask.ts';
import { TOKEN } from '../support/service.ts';
import { endOfVisits, type Visit, visit } from '../support/visitor.ts';
import { mangled } from './mangled.ts';
import { samplesOf } from './samples.ts';

const KEY = 'a-bearers-token-for-the-door-000';
const UNKNOWN_MESSAGE = '00000000-0000-4000-8000-000000000000';
const incidentBodies = [
  '[{"type": "misuse", "employee_id": 891871, "priority": "high", "timestamp": 1629858056.4256294}]',
  '[{"type": "probing", "ip": "17.130.78.57", "priority": "low", "timestamp": 1}, {"type": "other", "identifier": "x"}]',
  '{"type": "intrusion", "internal_ip": "17.35.17.249", "source_ip": "140.27.156.151", "priority": "critical", "timestamp": 2e9}',
];
const config = JSON.stringify({
  http: { unverifiedPerMinute: 100_000, requestsPerMinute: 0 },
  messages: { createdPerMinute: 0 },
  sources: sourceKinds.map(({ kind }) => ({ id: kind, kind, scheme: 'bearer', key: '${DOOR_KEY}' })),
  feeds: [{ id: 'pushed', kind: 'push', scheme: 'bearer', key: '${DOOR_KEY}' }],
});

describe('through the real door', () => {
  let there: Visit;
  beforeAll(async () => {
    there = await visit({ config, env: { DOOR_KEY: KEY } });
  });
  afterAll(endOfVisits);

  it.each(sourceKinds.map(({ kind }) => kind))('mangled bodies for %s are taken or refused', async (kind) => {
    const headers = { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' };
    await fc.assert(
      fc.asyncProperty(mangled(samplesOf(kind)), async (body) => {
        const answer = await there.ask({
          method: 'POST',
          path: `/api/v1/sources/${kind}`,
          headers,
          body,
        });
        expect([200, 422]).toContain(answer.status);
      }),
      { numRuns: 80 },
    );
  });

  it('mangled incidents for a feed are taken, one by one or not at all, and GET /incidents holds', async () => {
    const headers = { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' };
    await fc.assert(
      fc.asyncProperty(mangled(incidentBodies), async (body) => {
        const answer = await there.ask({
          method: 'POST',
          path: '/api/v1/incidents/feeds/pushed',
          headers,
          body,
        });
        expect([200, 422]).toContain(answer.status);
        const document = await there.operator('GET', '/incidents');
        expect(document.status).toBe(200);
      }),
      { numRuns: 120 },
    );
    for (const list of ['', '/unresolved', '/invalid', '/employees', '/status'])
      expect((await there.operator('GET', `/api/v1/incidents${list}`)).status, list).toBe(200);
  });

  it('any filter of incidents is answered or refused', async () => {
    const text = mangled(['17.35.17.249', '891871', '2026-01-01', 'critical', `inc_${'0'.repeat(40)}`, '1h']);
    const asked = fc.constantFrom(
      ...there.description.operations
        .filter(({ method, path }) => method === 'GET' && path.startsWith('/api/v1/incidents'))
        .flatMap(({ path, json }) =>
          listAt(json, 'parameters').map((one) => ({
            path,
            name: textAt(one, 'name'),
            isInPath: at(one, 'in') === 'path',
          })),
        ),
    );
    await fc.assert(
      fc.asyncProperty(asked, text, async ({ path, name, isInPath }, value) => {
        const hostile = encodeURIComponent(value.toString('utf8').slice(0, 600).toWellFormed());
        const whole = isInPath ? path.replace(`{${name}}`, hostile) : `${path}?${name}=${hostile}`;
        const answer = await there.operator('GET', whole.replaceAll(/\{\w+\}/g, '1'));
        expect([200, 400, 404, 431]).toContain(answer.status);
      }),
      { numRuns: 400 },
    );
  });

  it('any search, cursor and period is answered or refused', async () => {
    const text = mangled([
      'auth tor "a phrase" begin*',
      'evt_01a1ff99-325d-7000-96c2-022fe708f3e0',
      '2026-01-01',
    ]);
    const name = fc.constantFrom(
      'search',
      'cursor',
      'from',
      'until',
      'type',
      'subject',
      'fingerprint',
      'limit',
    );
    await fc.assert(
      fc.asyncProperty(name, text, async (parameter, value) => {
        const query = encodeURIComponent(value.toString('utf8').slice(0, 600).toWellFormed());
        const answer = await there.operator('GET', `/api/v1/events?${parameter}=${query}`);
        expect([200, 400, 431]).toContain(answer.status);
      }),
      { numRuns: 250 },
    );
  });

  it('mangled messages and claims are taken or refused', async () => {
    const hash = 'A'.repeat(43);
    const samples = [
      '{"message": "a text", "expires_in": 3600, "max_reads": 3}',
      `{"sealed": {"version": 1, "ciphertext": "AAAA", "claim_hash": "${hash}"}, "max_reads": 1}`,
      `{"claim_token": "${hash}"}`,
    ];
    const path = fc.constantFrom('/', '/api/v1/messages', `/api/v1/messages/${UNKNOWN_MESSAGE}/claim`);
    const headers = { 'content-type': 'application/json' };
    await fc.assert(
      fc.asyncProperty(path, mangled(samples), async (to, body) => {
        const answer = await there.ask({ method: 'POST', path: to, headers, body });
        expect([200, 201, 400, 404, 429]).toContain(answer.status);
      }),
      { numRuns: 250 },
    );
  });

  it('any text comes back equal, or is refused because half a character is in it', async () => {
    const anything = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 500 }),
      fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)) }),
    );
    const headers = { 'content-type': 'application/json' };
    await fc.assert(
      fc.asyncProperty(anything, async (message) => {
        const body = JSON.stringify({ message });
        const made = await there.ask({ method: 'POST', path: '/', headers, body });
        expect(made.status).toBe(message.isWellFormed() ? 200 : 400);
        if (made.status !== 200) return;
        const read = await there.ask({ path: `/msg/${textAt(made.json, 'message_id')}` });
        expect(read.json).toEqual({ message, status: 200 });
      }),
      { numRuns: 150 },
    );
  });

  it('any Last-Event-ID opens the stream', async () => {
    const visible = fc.string({
      unit: fc.integer({ min: 0x20, max: 0xff }).filter((code) => code !== 0x7f).map((code) => String.fromCharCode(code)),
      maxLength: 200,
    }); // prettier-ignore
    const id = fc.oneof(
      visible,
      fc.uuid().map((uuid) => `evt_${uuid}`),
      fc.constantFrom('evt_', 'evt_01a1ff99-325d-7000-96c2-022fe708f3e0,x', 'x'.repeat(4_000)),
    );
    await fc.assert(
      fc.asyncProperty(id, async (last) => {
        const answer = await there.ask({
          path: '/api/v1/events/stream',
          headers: { authorization: `Bearer ${TOKEN}`, 'last-event-id': last },
        });
        // Ten streams at most: the one before may not be gone yet.
        expect([200, 429]).toContain(answer.status);
      }),
      { numRuns: 60 },
    );
  });

  it('leaves the service alive, with no error in its log', async () => {
    expect((await there.ask({ path: '/readyz' })).status).toBe(200);
    expect(await there.service.stop()).toBe(0);
    expect(there.service.stdout()).not.toMatch(/"log.level":"error","@timestamp"|unexpected fault/);
  });
});
