import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at, listAt, textAt } from '../support/ask.ts';
import { answers } from '../support/http-receiver.ts';
import { attempted, deliverTo, readDelivery, settled, StagedTargets } from '../support/staged-targets.ts';
import { until } from '../support/until.ts';
import { endOfVisits, refusedStart, type Visit, visit } from '../support/visitor.ts';
import { secret } from '../support/witness.ts';

/** Every way in which a target is not simply sent to, as an operator meets it. */
describe('a target', () => {
  let staged: StagedTargets;
  let there: Visit;
  beforeAll(async () => {
    staged = await StagedTargets.start([
      { id: 'paused' },
      { id: 'switched', settings: 'fallback: stand-in' },
      { id: 'stand-in' },
      { id: 'fails', settings: 'retryAttempts: 1, fallback: stand-in' },
      { id: 'breaks', settings: 'breakerFailures: 3, breakerPause: 1h, concurrency: 1' },
      { id: 'gone', behaviour: answers.status(410, 'moved away') },
      { id: 'limited', settings: 'rateLimit: 2/h' },
      { id: 'short', settings: 'retryAttempts: 1, breakerFailures: 0, disableAfter: 1s' },
    ]);
    there = await visit({ config: staged.config });
  });
  afterAll(async () => {
    await endOfVisits();
    await staged.close();
  });

  const target = async (id: string): Promise<unknown> =>
    (await there.operator('GET', `/api/v1/targets/${id}`)).json;
  const change = async (id: string, action: string, body?: object): Promise<unknown> => {
    const { status, json } = await there.operator('POST', `/api/v1/targets/${id}/${action}`, body);
    expect(status, JSON.stringify(json)).toBe(200);
    return json;
  };

  it('is listed with its kind, origin, state and health, and without its settings', async () => {
    const { json, text } = await there.operator('GET', '/api/v1/targets');
    const ids = listAt(json, 'items').map((one) => at(one, 'id'));
    expect(ids).toEqual(expect.arrayContaining(['paused', 'switched', 'log']));
    const one = await target('switched');
    expect(one).toMatchObject({ kind: 'http', origin: 'file', state: 'enabled', fallback: 'stand-in' });
    expect(text).not.toContain(staged.of('paused').url());
  });

  it('that is paused gets nothing; each delivery says why; at the end all of it arrives', async () => {
    const paused = await change('paused', 'pause', { reason: 'maintenance', for: '1h' });
    expect(paused).toMatchObject({
      state: 'paused',
      reason: 'maintenance',
      held: { reason: 'target_paused' },
    });
    const id = await deliverTo(there, 'paused');
    expect(await readDelivery(there, id)).toMatchObject({
      status: 'pending',
      attempts: 0,
      held: { reason: 'target_paused', until: at(paused, 'until') },
    });
    expect(at(await target('paused'), 'health', 'pending', 'count')).toBe(1);
    expect(staged.of('paused').requests).toHaveLength(0);
    await change('paused', 'resume');
    expect(at(await settled(there, id), 'status')).toBe('delivered');
    expect(at(await readDelivery(there, id), 'held')).toBeNull();
  });

  it.each([
    [{ for: '1h', until: '2100-01-01T00:00:00Z' }],
    [{ until: '2020-01-01T00:00:00Z' }],
    [{ until: '2300-01-01T00:00:00Z' }],
    [{ for: '0s' }],
    [{ for: 'a while' }],
    [{ reason: 'x'.repeat(501) }],
    [{ enable: true }],
  ])('is not paused by %j', async (body) => {
    expect((await there.operator('POST', '/api/v1/targets/paused/pause', body)).status).toBe(400);
    expect(at(await target('paused'), 'state')).toBe('enabled');
  });

  it('that is disabled has new deliveries skipped and given to its fallback; enabled it gets them by a replay', async () => {
    await change('switched', 'disable', { reason: 'moving house' });
    const skipped = await deliverTo(there, 'switched');
    const delivery = await readDelivery(there, skipped);
    expect(delivery).toMatchObject({ status: 'skipped', reason: 'target_disabled', attempts: 0 });
    const event = textAt(delivery, 'event');
    const instead = await until('the fallback to be told', async () => {
      const { json } = await there.operator('GET', `/api/v1/events/${event}`);
      return listAt(json, 'deliveries').find(
        (one) => at(one, 'target') === 'stand-in' && at(one, 'status') === 'delivered',
      );
    });
    expect(at(instead, 'fallbackOf')).toBe(skipped);
    const refused = await there.operator('POST', `/api/v1/deliveries/${skipped}/replay`);
    expect([refused.status, textAt(refused.json, 'detail')]).toEqual([
      409,
      expect.stringContaining('Enable'),
    ]);

    const enabled = await change('switched', 'enable');
    expect(at(enabled, 'health', 'skipped', 'count')).toBe(1);
    const filter = { status: 'skipped', target: 'switched' };
    const { json } = await there.operator('POST', '/api/v1/replay', filter);
    expect(json).toEqual({ matched: 1, replayed: 1 });
    await staged.of('switched').received(1);
    expect(at(await target('switched'), 'health', 'skipped', 'count')).toBe(0);
  });

  it('that gives a delivery up hands it to its fallback, once', async () => {
    staged.of('fails').answer = answers.status(500);
    const id = await deliverTo(there, 'fails');
    const dead = await settled(there, id);
    expect(at(dead, 'status')).toBe('dead');
    const { json } = await there.operator('GET', '/api/v1/deliveries?target=stand-in&limit=1');
    expect(at(json, 'items', 0, 'fallbackOf')).toBe(id);
    expect(at(await settled(there, textAt(json, 'items', 0, 'id')), 'status')).toBe('delivered');
    const body: unknown = JSON.parse(staged.of('stand-in').requests.at(-1)?.body ?? '');
    expect(at(body, 'id')).toBe(at(dead, 'event'));
  });

  it('that fails again and again is spared, without a delivery burning attempts; resumed it gets all', async () => {
    staged.of('breaks').answer = answers.status(503);
    const ids: string[] = [];
    for (let n = 0; n < 10; n++) ids.push(await deliverTo(there, 'breaks', `matter ${n}`));
    await until('the breaker to open', async () => {
      return at(await target('breaks'), 'health', 'breaker', 'state') === 'open';
    });
    const sent = staged.of('breaks').requests.length;
    const last = await readDelivery(there, ids.at(-1) ?? '');
    expect(last).toMatchObject({ status: 'pending', attempts: 0, held: { reason: 'breaker_open' } });
    staged.of('breaks').answer = answers.status(200);
    await change('breaks', 'resume');
    for (const id of ids) expect(at(await settled(there, id), 'status')).toBe('delivered');
    expect(staged.of('breaks').requests).toHaveLength(sent + 10);
  });

  it('whose receiver is gone for good is disabled, and others are told', async () => {
    const id = await deliverTo(there, 'gone');
    expect(await settled(there, id)).toMatchObject({ status: 'dead', reason: 'gone' });
    await until('it to be disabled', async () => at(await target('gone'), 'state') === 'disabled');
    expect(await target('gone')).toMatchObject({ reason: 'gone', changedBy: 'tocsin' });
    const { json } = await there.operator('GET', '/api/v1/events?source=tocsin');
    expect(listAt(json, 'items')[0]).toMatchObject({
      type: 'tocsin.target.disabled',
      severity: 'high',
      subject: { kind: 'target', id: 'gone' },
      internal: true,
    });
    const deliveries = await there.operator('GET', `/api/v1/events/${textAt(json, 'items', 0, 'id')}`);
    expect(listAt(deliveries.json, 'deliveries').map((one) => at(one, 'target'))).toEqual(['log']);
  });

  it('with a rate limit gets no more than that; the rest waits and says so', async () => {
    const ids: string[] = [];
    for (let n = 0; n < 4; n++) ids.push(await deliverTo(there, 'limited', `limited ${n}`));
    for (const id of ids.slice(0, 2)) await attempted(there, id);
    await until('the rest to be held', async () => {
      return at(await readDelivery(there, ids[3] ?? ''), 'held', 'reason') === 'rate_limited';
    });
    expect(staged.of('limited').requests.length).toBeLessThanOrEqual(2);
    expect(await target('limited')).toMatchObject({ rateLimit: '2/h' });
  });

  it('that failed for as long as configured is announced first, then disabled', async () => {
    staged.of('short').answer = answers.status(500);
    let matter = 0;
    await until(
      'it to be disabled',
      async () => {
        await deliverTo(there, 'short', `short ${matter++}`);
        return at(await target('short'), 'state') === 'disabled';
      },
      60_000,
    );
    const { json } = await there.operator('GET', '/api/v1/events?source=tocsin&subject=short');
    expect(listAt(json, 'items').map((one) => at(one, 'type'))).toEqual([
      'tocsin.target.disabled',
      'tocsin.target.failing',
    ]);
  }, 90_000);

  it('keeps its state over a reload and a restart', async () => {
    await change('paused', 'disable', { reason: 'for good' });
    expect((await there.operator('POST', '/api/v1/config/reload')).status).toBe(200);
    expect(at(await target('paused'), 'state')).toBe('disabled');
    expect(await there.service.stop()).toBe(0);
    there = await visit({ directory: there.service.directory, config: staged.config });
    expect(await target('paused')).toMatchObject({ state: 'disabled', reason: 'for good' });
    expect(
      at(await readDelivery(there, await deliverTo(there, 'paused', 'after the restart')), 'status'),
    ).toBe('skipped');
    await change('paused', 'enable');
  });

  it('has every change in the audit log, with who, what, before and after', async () => {
    const { json } = await there.operator('GET', '/api/v1/audit?limit=200');
    const changes = listAt(json, 'items').filter((entry) => textAt(entry, 'action').startsWith('target.'));
    const byOperator = changes.filter((entry) => textAt(entry, 'actor').startsWith('tok_environment'));
    expect(new Set(byOperator.map((entry) => at(entry, 'action')))).toEqual(
      new Set(['target.pause', 'target.resume', 'target.disable', 'target.enable']),
    );
    expect(changes.filter((entry) => at(entry, 'actor') === 'tocsin')).toHaveLength(2);
    const disabled = changes.find((entry) => at(entry, 'after', 'reason') === 'moving house');
    expect(disabled).toMatchObject({
      subject: 'switched',
      before: { state: 'enabled' },
      after: { state: 'disabled' },
    });
  });

  it.each([
    ['a fallback that is not there', 'fallback: nobody', /fallback.*no such target/],
    ['a fallback to itself', 'fallback: a', /fallback.*leads back/],
    ['a rate of nothing', 'rateLimit: 0/s', /rateLimit.*number a second/],
    ['a rate without a unit', 'rateLimit: 10', /rateLimit/],
  ])('with %s does not come into force', async (_name, settings, fault) => {
    const file = join(there.service.directory, 'tocsin.yaml');
    const before = readFileSync(file, 'utf8');
    writeFileSync(file, `targets:\n  - {id: a, kind: log, ${settings}}\n`);
    const { status, text } = await there.operator('POST', '/api/v1/config/reload');
    expect(status).toBe(422);
    expect(text).toMatch(fault);
    writeFileSync(file, before);
  });
});

describe('a Redis that is configured', () => {
  const PASSWORD = secret('the-password-of-a-redis');
  afterAll(endOfVisits);

  it('and not there holds up no start and no delivery: limits go by shares, which is told once', async () => {
    const staged = await StagedTargets.start([{ id: 'limited', settings: 'rateLimit: 5/s' }]);
    const url = `redis://:${PASSWORD}@127.0.0.1:1`;
    const there = await visit({ config: staged.config, env: { REDIS_URL: url } });
    const ids: string[] = [];
    for (let n = 0; n < 8; n++) ids.push(await deliverTo(there, 'limited', `matter ${n}`));
    for (const id of ids) expect(at(await settled(there, id), 'status')).toBe('delivered');
    expect(await there.service.stop()).toBe(0);
    const log = there.service.stdout();
    expect(log.match(/goes by its share/g)).toHaveLength(1);
    expect(log.match(/cannot be reached/g)).toHaveLength(1);
    await staged.close();
  });

  it.each(['http://127.0.0.1:6379', `redis://:${PASSWORD}@[bad`, `redis://:${PASSWORD}@127.0.0.1:99999`])(
    'with what is no URL of one refuses the start, without showing it: %#',
    async (url) => {
      const { code, stderr } = await refusedStart({ env: { REDIS_URL: url } });
      expect(code).toBe(3);
      expect(stderr).toMatch(/REDIS_URL|redis\.url/);
    },
  );
});
