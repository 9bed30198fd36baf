import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at, listAt, textAt } from '../support/ask.ts';
import { HttpReceiver } from '../support/http-receiver.ts';
import { asked, pathsOf } from '../support/object-requests.ts';
import { endOfVisits, refusedStart, type Visit, visit } from '../support/visitor.ts';
import { leaks, secret } from '../support/witness.ts';

const HEADER = secret('Bearer the-secret-header-of-a-made-target');
const SIGNING = secret(`whsec_${Buffer.from('another thirty-two bytes of a key').toString('base64')}`);
const KEY = secret('the-key-of-a-made-source');

async function take(there: Visit, source: string, type: string, id = type): Promise<number> {
  const body = JSON.stringify([{ sqreen_payload_type: type, id }]);
  const sent = await there.webhook(body, { path: `/api/v1/sources/${source}`, key: KEY });
  return sent.status;
}

describe('sources, targets and rules over the API', () => {
  let receiver: HttpReceiver;
  let there: Visit;
  const hook = () => ({
    kind: 'http',
    url: receiver.url('/hook'),
    secretHeaders: { Authorization: HEADER },
    secrets: [SIGNING],
  });
  beforeAll(async () => {
    receiver = await HttpReceiver.start();
    there = await visit({
      env: { FILED_HOST: secret('from-the-environment.example.org'), TOCSIN_LOG_LEVEL: 'debug' },
      config: `
egress: {allow: ['127.0.0.1:${receiver.port}']}
targets:
  - {id: filed, kind: http, url: "https://\${FILED_HOST}/x"}
rules:
  - {id: first, when: {type: never}, targets: [filed]}
default: []
`,
    });
  });
  afterAll(async () => {
    await endOfVisits();
    await receiver.close();
  });

  it('are made, and used at once: an event flows from the new source by the new rule to the new target', async () => {
    expect(await take(there, 'made', 'alarm')).toBe(404);
    const source = await there.operator('PUT', '/api/v1/sources/made', { kind: 'sqreen', key: KEY });
    expect(source.json).toMatchObject({
      id: 'made',
      origin: 'store',
      scheme: 'sqreen',
      path: '/api/v1/sources/made',
      settings: { kind: 'sqreen', key: '[secret]' },
    });
    expect((await there.operator('PUT', '/api/v1/targets/hook', hook())).status).toBe(200);
    const rule = await there.operator('PUT', '/api/v1/rules/alarms', {
      when: { type: 'alarm' },
      targets: ['hook'],
    });
    expect(rule.json).toMatchObject({ id: 'alarms', origin: 'store', position: 2 });
    expect(await take(there, 'made', 'alarm')).toBe(200);
    await receiver.received(1);
    expect(receiver.requests[0]?.headers['authorization']).toBe(HEADER);
    expect(receiver.requests[0]?.headers['webhook-signature']).toMatch(/^v1,/);
  });

  it('are listed beside those of the file, in the order in which rules are asked, with what they took', async () => {
    const rules = await there.operator('GET', '/api/v1/rules');
    expect(listAt(rules.json, 'items').map((one) => [at(one, 'id'), at(one, 'origin')])).toEqual([
      ['first', 'file'],
      ['alarms', 'store'],
    ]);
    expect(at(rules.json, 'items', 1, 'matches')).toEqual({ lastHour: 1, lastDay: 1 });
    const matches = await there.operator('GET', '/api/v1/rules/alarms/matches');
    expect(listAt(matches.json, 'items')).toMatchObject([{ type: 'alarm', source: 'made' }]);
    const sources = await there.operator('GET', '/api/v1/sources');
    expect(listAt(sources.json, 'items').map((one) => at(one, 'id'))).toEqual(['sqreen', 'made']);
  });

  it('are shown as the file has them, without what came from the environment', async () => {
    const { json } = await there.operator('GET', '/api/v1/targets/filed');
    expect(at(json, 'settings', 'url')).toBe('https://${FILED_HOST}/x');
    expect(leaks()).toEqual([]);
  });

  it('are changed: the next event goes by the change, and a mask keeps the secret', async () => {
    const { json, headers } = await there.operator('GET', '/api/v1/targets/hook');
    const settings = { ...Object(at(json, 'settings')), method: 'PUT' };
    expect(settings).toMatchObject({
      secretHeaders: { Authorization: '[secret]' },
      secrets: ['[secret]'],
    });
    const match = { 'if-match': headers.etag };
    const put = await asked(there, 'PUT', '/api/v1/targets/hook', match, settings);
    expect([put.status, put.headers.etag === headers.etag]).toEqual([200, false]);
    expect((await asked(there, 'PUT', '/api/v1/targets/hook', match, settings)).status).toBe(412);
    await take(there, 'made', 'alarm', 'second');
    await receiver.received(2);
    expect(receiver.requests[1]).toMatchObject({ method: 'PUT', headers: { authorization: HEADER } });
  });

  it('can be tried: a target, saved or not, with the real answer and as a test', async () => {
    const before = receiver.requests.length;
    const { json } = await there.operator('POST', '/api/v1/targets/hook/test', { severity: 'high' });
    expect(json).toMatchObject({ outcome: 'delivered', status: 200, event: { severity: 'high' } });
    expect(textAt(json, 'event', 'title')).toMatch(/^\[Test\] /);
    expect(receiver.requests[before]?.body).toContain('[Test] ');
    expect(receiver.requests[before]?.headers['webhook-id']).toBe(at(json, 'deliveryId'));
    receiver.answer = (response, request) =>
      void response.writeHead(500).end(`no ${JSON.stringify(request.headers)}`);
    const unsaved = { ...hook(), method: 'PUT' };
    const tried = await there.operator('POST', '/api/v1/targets/test', { target: unsaved });
    expect(tried.json).toMatchObject({ outcome: 'retry', reason: 'http_status', status: 500 });
    expect(textAt(tried.json, 'answer')).toContain('[secret]');
    receiver.answer = (response) => void response.writeHead(200).end();
    const deliveries = await there.operator('GET', '/api/v1/deliveries?target=hook');
    expect(listAt(deliveries.json, 'items').map((one) => at(one, 'id'))).not.toContain(
      at(json, 'deliveryId'),
    );
    expect(leaks()).toEqual([]);
  });

  it('can be previewed: what is shown is what is sent', async () => {
    const events = await there.operator('GET', '/api/v1/events?limit=1');
    const event = textAt(events.json, 'items', 0, 'id');
    const { json } = await there.operator('POST', '/api/v1/targets/hook/preview', { event });
    expect(JSON.parse(textAt(json, 'preview', 'text'))).toMatchObject({ id: event, specversion: '1.0' });
    const words = {
      kind: 'slack',
      url: 'https://hooks.slack.com/services/T0/B0/x',
      title: 'Seen: {{ event.type }}',
    };
    const shown = await there.operator('POST', '/api/v1/targets/preview', { event, target: words });
    expect(textAt(shown.json, 'preview', 'text')).toContain('Seen: alarm');
  });

  it('rules can be tried before they are saved, on one event and on those that came', async () => {
    const rules = [{ id: 'other', when: { source: 'made' }, targets: ['filed'] }];
    const event = { source: 'made', type: 'x' };
    const tried = await there.operator('POST', '/api/v1/rules/test', { event, rules });
    expect(tried.json).toMatchObject({ targets: ['filed'], matched: [{ rule: 'other' }] });
    const run = await there.operator('POST', '/api/v1/rules/dry-run', { rules });
    expect(run.json).toMatchObject({
      looked: 2,
      rules: [{ rule: 'other', events: 2 }],
      changed: 2,
      examples: [
        { before: ['hook'], after: ['filed'] },
        { before: ['hook'], after: ['filed'] },
      ],
    });
    const faulty = await there.operator('POST', '/api/v1/rules/dry-run', {
      rules: [{ id: 'a' }, { id: 'b', targets: [], when: { severty: 1 } }],
    });
    expect([faulty.status, pathsOf(faulty)]).toEqual([422, ['rules[0].targets']]);
    const after = await there.operator('GET', '/api/v1/rules');
    expect(listAt(after.json, 'items')).toHaveLength(2);
  });

  it('hide their settings from who is no admin, and are for no other to change', async () => {
    const made = await there.operator('POST', '/api/v1/tokens', { name: 'reader', scope: 'operate' });
    const authorization = `Bearer ${secret(textAt(made.json, 'secret'))}`;
    for (const path of ['/api/v1/sources/made', '/api/v1/targets/hook']) {
      const { json } = await asked(there, 'GET', path, { authorization });
      expect(at(json, 'settings'), path).toBeNull();
    }
    const body = { target: hook() };
    expect((await asked(there, 'POST', '/api/v1/targets/test', { authorization }, body)).status).toBe(403);
    const rules = { event: { source: 'a', type: 'b' }, rules: [] };
    expect((await asked(there, 'POST', '/api/v1/rules/test', { authorization }, rules)).status).toBe(403);
    expect((await asked(there, 'DELETE', '/api/v1/rules/alarms', { authorization })).status).toBe(403);
  });

  it('are removed: first who names a target, then the target', async () => {
    const early = await there.operator('DELETE', '/api/v1/targets/hook');
    expect([early.status, at(early.json, 'namedBy')]).toEqual([409, ['the rule "alarms"']]);
    for (const path of ['/api/v1/rules/alarms', '/api/v1/targets/hook', '/api/v1/sources/made'])
      expect((await there.operator('DELETE', path)).status).toBe(204);
    expect(await take(there, 'made', 'alarm', 'third')).toBe(404);
    expect((await there.operator('GET', '/api/v1/targets/hook')).status).toBe(404);
  });

  it('are all in the audit log, without a secret', async () => {
    const { json, text } = await there.operator('GET', '/api/v1/audit?limit=200');
    const actions = listAt(json, 'items').map((entry) => at(entry, 'action'));
    expect(actions.filter((action) => /^(source|target|rule)\./.test(String(action))).toReversed()).toEqual([
      'source.create',
      'target.create',
      'rule.create',
      'target.change',
      'target.test',
      'target.test',
      'rule.delete',
      'target.delete',
      'source.delete',
    ]);
    expect(text).toContain('[secret]');
    expect(leaks()).toEqual([]);
  });

  it('outlive a restart; another master key is refused; no secret is in the store', async () => {
    await there.operator('PUT', '/api/v1/targets/kept', hook());
    const { directory } = there.service;
    expect(await there.service.stop()).toBe(0);
    const kept = ['tocsin.db', 'tocsin.db-wal'].map((name) => {
      try {
        return readFileSync(join(directory, 'data', name), 'latin1');
      } catch {
        // Checkpointed and gone.
        return '';
      }
    });
    expect(kept.join('')).toContain('kept');
    expect(kept.join('')).not.toContain(HEADER);
    const env = { FILED_HOST: 'example.org' };
    const refused = await refusedStart({
      directory,
      env: { ...env, TOCSIN_MASTER_KEY: secret('another-master-key-for-tests') },
    });
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('TOCSIN_MASTER_KEY')]);
    const again = await visit({ directory, env });
    expect((await again.operator('GET', '/api/v1/targets/kept')).json).toMatchObject({
      origin: 'store',
      settings: { secretHeaders: { Authorization: '[secret]' } },
    });
  });
});
