import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at, listAt, textAt } from '../support/ask.ts';
import { endOfVisits, type Visit, visit } from '../support/visitor.ts';

const pulse = (id: string, ended: string | null, title = 'Massive account takeover'): string =>
  JSON.stringify([
    {
      sqreen_payload_type: 'pulse',
      pulse_genre: 'account_takeover',
      id,
      application_id: 'app',
      date_started: '2026-01-01T10:00:00Z',
      date_ended: ended,
      humanized_title: title,
    },
  ]);

describe('a matter', () => {
  let there: Visit;
  beforeAll(async () => {
    there = await visit({
      config:
        'targets:\n  - {id: over, kind: log, file: over.log}\nrules:\n  - {id: ends, when: {state: resolved}, targets: [over]}\n',
    });
  });
  afterAll(endOfVisits);

  const matters = async (query = ''): Promise<readonly unknown[]> =>
    listAt((await there.operator('GET', `/api/v1/matters${query}`)).json, 'items');

  it('is opened, updated and resolved by the notifications of one pulse, and shows them all', async () => {
    await there.webhook(pulse('p1', null));
    await there.webhook(pulse('p1', null, 'Massive account takeover, going on'));
    expect(await matters('?state=open')).toMatchObject([
      { state: 'open', eventCount: 2, openedAt: '2026-01-01T10:00:00.000Z', resolvedAt: null },
    ]);
    await there.webhook(pulse('p1', '2026-01-01T11:00:00Z', 'It is over'));
    expect(await matters('?state=open')).toEqual([]);
    const [matter] = await matters('?state=resolved&source=sqreen&subject=app&severity=low');
    expect(matter).toMatchObject({
      title: 'It is over',
      eventCount: 3,
      resolvedAt: '2026-01-01T11:00:00.000Z',
    });

    const path = `/api/v1/matters/${textAt(matter, 'fingerprint')}`;
    const first = await there.operator('GET', `${path}?limit=2`);
    expect(listAt(first.json, 'events', 'items').map((event) => at(event, 'state'))).toEqual([
      'resolved',
      'open',
    ]);
    const rest = await there.operator(
      'GET',
      `${path}?limit=2&cursor=${textAt(first.json, 'events', 'nextCursor')}`,
    );
    expect(listAt(rest.json, 'events', 'items')).toHaveLength(1);
    expect(at(rest.json, 'events', 'nextCursor')).toBeNull();
  });

  it('is not counted twice by a repeat, and has no part in what never ends', async () => {
    await there.webhook(pulse('p2', null));
    await there.webhook(pulse('p2', null));
    await there.webhook('[{"event_kind": "xss", "id": "one shot"}]');
    expect((await matters()).map((matter) => at(matter, 'eventCount'))).toEqual([1, 3]);
    const list = await there.operator('GET', '/api/v1/events?limit=1');
    expect(at(list.json, 'items', 0, 'state')).toBeNull();
  });

  it('finds its events in the list by state and fingerprint, and rules by state', async () => {
    const [matter] = await matters('?state=resolved');
    const fingerprint = textAt(matter, 'fingerprint');
    const found = await there.operator('GET', `/api/v1/events?fingerprint=${fingerprint}&state=resolved`);
    expect(listAt(found.json, 'items')).toHaveLength(1);
    const event = await there.operator('GET', `/api/v1/events/${textAt(found.json, 'items', 0, 'id')}`);
    expect(at(event.json, 'matched', 0, 'rule')).toBe('ends');
  });

  it('is not there by a fingerprint that nobody told of', async () => {
    expect((await there.operator('GET', `/api/v1/matters/${'0'.repeat(64)}`)).status).toBe(404);
    expect((await there.operator('GET', '/api/v1/matters/%27%20OR%201=1')).status).toBe(400);
  });
});
