import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at, listAt } from '../support/ask.ts';
import { expectedDocument } from '../support/incident-document.ts';
import {
  AUTHORIZATION,
  endOfUpstreams,
  type IncidentStage,
  stageIncidents,
} from '../support/incident-stage.ts';
import { until } from '../support/until.ts';
import { endOfVisits, refusedStart, visit } from '../support/visitor.ts';

afterAll(async () => {
  await endOfVisits();
  await endOfUpstreams();
});

const answered = (stage: IncidentStage) =>
  until('the first document', async () => {
    const answer = await stage.document();
    return answer.status === 200 && answer;
  });

const isIncident = (event: unknown): boolean => /^incident\.(?!backlog)/.test(String(at(event, 'type')));
const newIncidents = async (stage: IncidentStage) => (await stage.events()).filter(isIncident);

describe('the incident feed', () => {
  /** For what leaves it as it is. */
  let steady: IncidentStage;
  beforeAll(async () => {
    steady = await stageIncidents();
  });

  it('answers every captured incident by employee and priority, in order, field by field', async () => {
    const stage = steady;
    const answer = await answered(stage);
    expect(answer.json).toEqual(expectedDocument(stage.upstream));
    expect(answer.headers['tocsin-incidents-unresolved']).toBe('0');
    expect(Number(answer.headers['age'])).toBeLessThan(5);
    await stage.refreshed();
    // Counts that doubled with every poll were a fault of others.
    expect((await stage.document()).text).toBe(answer.text);
  });

  it('answers from ready bytes: compressed for who takes it, 304 for who has it', async () => {
    const stage = steady;
    const plain = await answered(stage);
    const ask = (headers: Record<string, string>) =>
      fetch(`${stage.there.url}/incidents`, { headers: { authorization: AUTHORIZATION, ...headers } });
    const compressed = await ask({ 'accept-encoding': 'br' });
    expect(compressed.headers.get('content-encoding')).toBe('br');
    expect(await compressed.text()).toBe(plain.text);
    const known = await ask({ 'if-none-match': String(plain.headers['etag']) });
    expect([known.status, await known.text()]).toEqual([304, '']);
  });

  it('is cold until something was listed, and says so rather than answer that there is nothing', async () => {
    const stage = await stageIncidents({ upstream: { factor: 1 } });
    const cold = await stage.document();
    expect([cold.status, at(cold.json, 'code')]).toEqual([503, 'feed_cold']);
    expect(Number(cold.headers['retry-after'])).toBeGreaterThan(0);
  });

  it('is for operators unless it is made public', async () => {
    expect((await steady.there.ask({ path: '/incidents' })).status).toBe(401);
    const open = await stageIncidents({ env: { TOCSIN_INCIDENTS_PUBLIC: 'true' } });
    await answered(open);
    expect((await open.there.ask({ path: '/incidents' })).status).toBe(200);
  });

  it('tells of what was there before with one event, and of each new incident with one', async () => {
    const stage = await stageIncidents();
    await answered(stage);
    await stage.refreshed();
    const first = await stage.events();
    expect(first.map((event) => at(event, 'type'))).toEqual(['incident.backlog']);
    expect(at(first[0], 'labels', 'incidents')).toBe('2100');
    // Two at one instant are two, and so are two that are wholly equal.
    const twin = { priority: 'high', employee_id: 4711, timestamp: 1_700_000_000.5 };
    stage.upstream.add('misuse', twin, { ...twin, employee_id: 4712 });
    stage.upstream.add('unauthorized', twin, twin);
    await stage.refreshed();
    const events = await newIncidents(stage);
    expect(events.map((event) => at(event, 'type')).toSorted()).toEqual([
      'incident.misuse',
      'incident.misuse',
      'incident.unauthorized',
      'incident.unauthorized',
    ]);
    expect(events.map((event) => at(event, 'subject', 'id')).toSorted()).toEqual([
      '4711',
      '4711',
      '4711',
      '4712',
    ]);
    expect(new Set(events.map((event) => at(event, 'severity')))).toEqual(new Set(['high']));
    await stage.refreshed();
    expect(await newIncidents(stage)).toHaveLength(4);
    expect((await stage.document()).json).toEqual(expectedDocument(stage.upstream));
  });

  it('goes on after a restart as if there had been none: served at once, nothing told again, nothing missed', async () => {
    const before = await stageIncidents();
    await answered(before);
    before.upstream.add('misuse', { priority: 'low', employee_id: 1, timestamp: 1_700_000_001 });
    await before.refreshed();
    const last = await before.document();
    before.upstream.fail('*', { kind: 'drop', at: 'before' });
    const after = await before.again(({ service }) => service.kill());
    const snapshot = await after.document();
    expect([snapshot.status, snapshot.text]).toEqual([200, last.text]);
    expect(snapshot.headers['last-modified']).toBe(last.headers['last-modified']);
    after.upstream.add('misuse', { priority: 'low', employee_id: 2, timestamp: 1_700_000_002 });
    after.upstream.heal();
    await until('the one that came meanwhile', async () => (await newIncidents(after)).length > 1);
    await after.refreshed();
    const subjects = (await newIncidents(after)).map((event) => at(event, 'subject', 'id'));
    expect(subjects.toSorted()).toEqual(['1', '2']);
    expect(await after.events('source=elevate&type=incident.backlog')).toHaveLength(1);
  });

  it('leads from an event to its incident, its employee and back', async () => {
    const stage = steady;
    await answered(stage);
    await stage.refreshed();
    const record = {
      priority: 'critical',
      internal_ip: '17.1.2.3',
      source_ip: '203.0.113.9',
      timestamp: 1_700_000_003.25,
    };
    stage.upstream.identify('17.1.2.3', 77);
    stage.upstream.add('intrusion', record);
    const [event] = await until('its event', async () => {
      const found = await newIncidents(stage);
      return found.length > 0 && found;
    });
    const id = String(at(event, 'labels', 'incident'));
    const incident = (await stage.there.operator('GET', `/api/v1/incidents/${id}`)).json;
    expect(incident).toMatchObject({
      id,
      employee: '77',
      identity: 'current',
      eventId: at(event, 'id'),
      listed: true,
      record,
    });
    const page = await stage.there.operator('GET', '/api/v1/incidents?employee=77');
    expect(listAt(page.json, 'items').map((one) => at(one, 'id'))).toEqual([id]);
    const employee = await stage.there.operator('GET', '/api/v1/incidents/employees/77');
    expect(at(employee.json, 'counts', 'critical')).toBe(1);
    // The attacker is who it came from, and nobody's address.
    expect(at(event, 'geo', 'destination')).toBeDefined();
  });

  it('refuses to start with credentials of a feed that is nowhere', async () => {
    const refused = await refusedStart({
      env: { ELEVATE_API_USER: 'somebody', ELEVATE_API_PASSWORD: 'a password' },
    });
    expect(refused.code).not.toBe(0);
    expect(refused.stderr).toContain('TOCSIN_INCIDENTS_URL');
  });

  it('says how to configure a feed when there is none', async () => {
    const there = await visit();
    const answer = await there.operator('GET', '/incidents');
    expect([answer.status, at(answer.json, 'code')]).toEqual([503, 'feed_off']);
    expect(String(at(answer.json, 'detail'))).toContain('TOCSIN_INCIDENTS_URL');
  });
});
