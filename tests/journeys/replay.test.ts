import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at, listAt, textAt } from '../support/ask.ts';
import { answers } from '../support/http-receiver.ts';
import { deliverTo, readDelivery, settled, StagedTargets } from '../support/staged-targets.ts';
import { until } from '../support/until.ts';
import { endOfVisits, type Visit, visit } from '../support/visitor.ts';

describe('a replay', () => {
  let staged: StagedTargets;
  let there: Visit;
  beforeAll(async () => {
    staged = await StagedTargets.start([{ id: 'broken', settings: 'retryAttempts: 1' }, { id: 'other' }]);
    there = await visit({ config: staged.config });
  });
  afterAll(async () => {
    await endOfVisits();
    await staged.close();
  });

  const breakIt = (): void => void (staged.of('broken').answer = answers.status(500));
  const mendIt = (): void => void (staged.of('broken').answer = answers.status(200));
  const bulk = (body: object): Promise<unknown> =>
    there.operator('POST', '/api/v1/replay', body).then(({ json }) => json);
  const dead = async (matter: string): Promise<string> => {
    breakIt();
    const id = await deliverTo(there, 'broken', matter);
    expect(at(await settled(there, id), 'status')).toBe('dead');
    mendIt();
    return id;
  };

  it('of one delivery is a new one of the same event, and each names the other', async () => {
    const first = await dead('one');
    const { status, json } = await there.operator('POST', `/api/v1/deliveries/${first}/replay`);
    expect(status).toBe(202);
    const again = textAt(json, 'deliveries', 0);
    expect(again).not.toBe(first);
    expect(await settled(there, again)).toMatchObject({ status: 'delivered', replayOf: first });
    expect(await readDelivery(there, first)).toMatchObject({ status: 'dead', replayedAs: again });
    const ids = staged.of('broken').requests.map(({ headers }) => headers['webhook-id']);
    expect(ids).toEqual(expect.arrayContaining([first, again]));
  });

  it('of an event goes to where it went, or to whom is named', async () => {
    const event = textAt(await readDelivery(there, await dead('event')), 'event');
    const replay = async (body?: object): Promise<unknown[]> => {
      const { json } = await there.operator('POST', `/api/v1/events/${event}/replay`, body);
      const ids = listAt(json, 'deliveries').map(String);
      return Promise.all(ids.map(async (id) => at(await settled(there, id), 'target')));
    };
    expect(await replay()).toEqual(['broken']);
    expect(await replay({ targets: ['other', 'log'] })).toEqual(['other', 'log']);
    expect(
      (await there.operator('POST', `/api/v1/events/${event}/replay`, { targets: ['nobody'] })).status,
    ).toBe(409);
    expect((await there.operator('POST', `/api/v1/events/${event}/replay`, { targets: [] })).status).toBe(
      400,
    );
  });

  it('of many repeats nothing that still waits: it would arrive twice', async () => {
    const waiting = await there.operator('POST', '/api/v1/replay', { status: 'pending' });
    expect(waiting.status).toBe(400);
  });

  it('of many is counted first without a send, then done once, and never twice', async () => {
    // What earlier tests left over, out of the way.
    await bulk({ target: 'broken' });
    const pending = '/api/v1/deliveries?target=broken&status=pending';
    await until(
      'it to be sent',
      async () => listAt((await there.operator('GET', pending)).json, 'items').length === 0,
    );
    const ids: string[] = [];
    for (const matter of ['a', 'b', 'c']) ids.push(await dead(`bulk ${matter}`));
    const sent = staged.of('broken').requests.length;
    const filter = { target: 'broken', status: 'dead' };
    expect(await bulk({ ...filter, dryRun: true })).toEqual({ matched: 3, replayed: 0 });
    expect(staged.of('broken').requests).toHaveLength(sent);
    expect(await bulk({ ...filter, limit: 2 })).toEqual({ matched: 3, replayed: 2 });
    expect(await bulk(filter)).toEqual({ matched: 1, replayed: 1 });
    expect(await bulk(filter)).toEqual({ matched: 0, replayed: 0 });
    await until('the replays', () => staged.of('broken').requests.length === sent + 3);
    const bodies = staged
      .of('broken')
      .requests.slice(-3)
      .map(({ body }) => at(JSON.parse(body), 'id'));
    expect(new Set(bodies).size).toBe(3);
    for (const id of ids) expect(at(await readDelivery(there, id), 'replayedAs')).toMatch(/^dlv_/);
  });

  it('of many replays nothing outside its filter', async () => {
    await dead('outside');
    for (const filter of [
      { until: '2020-01-01T00:00:00Z' },
      { since: '2100-01-01T00:00:00Z' },
      { target: 'other' },
    ]) {
      expect(await bulk({ ...filter, dryRun: true })).toEqual({ matched: 0, replayed: 0 });
    }
  });

  it('is in the audit log with who asked for it', async () => {
    const { json } = await there.operator('GET', '/api/v1/audit?limit=200');
    const entries = listAt(json, 'items');
    const actions = new Set(entries.map((entry) => at(entry, 'action')));
    expect(actions).toEqual(new Set(['delivery.replay', 'event.replay', 'delivery.replay_many']));
    for (const entry of entries) expect(textAt(entry, 'actor')).toMatch(/^tok_environment/);
  });
});
