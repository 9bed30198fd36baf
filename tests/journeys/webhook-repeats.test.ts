import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at, listAt, textAt } from '../support/ask.ts';
import { endOfVisits, type Visit, visit } from '../support/visitor.ts';

const securityEvent = (id: string, more: object = {}): Record<string, unknown> => ({
  message_id: null,
  api_version: '2',
  message_type: 'security_event',
  retry_count: 0,
  message: {
    event_id: id,
    event_kind: 'waf',
    event_category: 'http_error',
    application_id: 'app-1',
    ...more,
  },
});

describe("a sender's repeats", () => {
  let there: Visit;
  beforeAll(async () => {
    there = await visit();
  });
  afterAll(endOfVisits);

  const send = async (...records: readonly object[]): Promise<void> => {
    const answer = await there.webhook(JSON.stringify(records));
    expect(answer.status).toBe(200);
    expect(answer.text).toBe('{"status": true}');
  };
  const events = async (): Promise<readonly unknown[]> =>
    listAt((await there.operator('GET', '/api/v1/events?limit=200')).json, 'items');
  const deliveries = async (): Promise<number> =>
    listAt((await there.operator('GET', '/api/v1/deliveries?limit=200')).json, 'items').length;

  it('are answered 200, make no event and no delivery, and are counted on the first event', async () => {
    const [eventsBefore, deliveriesBefore] = [(await events()).length, await deliveries()];
    await send(securityEvent('retried'));
    await send({ ...securityEvent('retried'), retry_count: 1 });
    await send({ ...securityEvent('retried'), retry_count: 2 });
    const [first, ...rest] = await events();
    expect(rest).toHaveLength(eventsBefore);
    expect(await deliveries()).toBe(deliveriesBefore + 1);
    expect(at(first, 'duplicates')).toBe(2);
    expect(Date.parse(textAt(first, 'lastDuplicateAt'))).toBeGreaterThanOrEqual(
      Date.parse(textAt(first, 'receivedAt')),
    );
  });

  it('are known by their content, however it is spelled', async () => {
    const before = (await events()).length;
    await there.webhook('[{"id":"spelled","risk":70,"application_id":"a"}]');
    await there.webhook(
      '[ { "application_id" : "\\u0061", "risk": 70.0, "id": "spelled", "retry_count": 9 } ]',
    );
    expect(await events()).toHaveLength(before + 1);
  });

  it('within one batch are one event too', async () => {
    const before = (await events()).length;
    await send(securityEvent('twins'), securityEvent('other'), securityEvent('twins'));
    const all = await events();
    expect(all).toHaveLength(before + 2);
    expect(
      all
        .map((event) => at(event, 'duplicates'))
        .slice(0, 2)
        .sort(),
    ).toEqual([0, 1]);
  });

  it('with other content under the same id are news of the same matter', async () => {
    const before = (await events()).length;
    await send(securityEvent('pulse-goes-on', { blocked: false, count: 1 }));
    await send(securityEvent('pulse-goes-on', { blocked: true, count: 2 }));
    const [second, first, ...rest] = await events();
    expect(rest).toHaveLength(before);
    expect(at(second, 'id')).not.toBe(at(first, 'id'));
    expect(at(second, 'fingerprint')).toBe(at(first, 'fingerprint'));
  });

  it('are none when the id is another application’s, another type’s, or differs beyond what a double holds', async () => {
    const before = (await events()).length;
    await send(
      securityEvent('shared', { application_id: 'app-1' }),
      securityEvent('shared', { application_id: 'app-2' }),
    );
    await send({ ...securityEvent('shared'), message_type: 'pulse' });
    await there.webhook('[{"id": 9007199254740993},{"id": 9007199254740992}]');
    expect(await events()).toHaveLength(before + 5);
  });

  it('without any id are known by their content', async () => {
    const before = (await events()).length;
    await send({ event_kind: 'anonymous', n: 1 });
    await send({ event_kind: 'anonymous', n: 1, retry_count: 3 });
    await send({ event_kind: 'anonymous', n: 2 });
    expect(await events()).toHaveLength(before + 2);
  });

  it('sent all at once are still one event', async () => {
    const before = (await events()).length;
    await Promise.all(
      Array.from({ length: 40 }, (_, n) => send({ ...securityEvent('at once'), retry_count: n })),
    );
    const [first, ...rest] = await events();
    expect(rest).toHaveLength(before);
    expect(at(first, 'duplicates')).toBe(39);
  });

  it('are known after a restart', async () => {
    const before = (await events()).length;
    expect(await there.service.stop()).toBe(0);
    there = await visit({ directory: there.service.directory });
    await send({ ...securityEvent('retried'), retry_count: 3 });
    expect(await events()).toHaveLength(before);
  });
});
