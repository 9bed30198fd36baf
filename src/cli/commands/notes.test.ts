import { expect, test } from 'vitest';
import { newEventId } from '../../kernel/ids.ts';
import { answered, bodyOf, objectOf, refused, testApi } from '../test-api.ts';
import { cli } from '../test-cli.ts';

const id = newEventId();
const at = '2026-01-31T12:00:00.000Z';
const by = { id: 'tok_1', name: 'anna\u001b[31m' };

test('ack acknowledges with a reason, and says who did', async () => {
  const api = await testApi(() => answered({ at, by, reason: 'a scan' }));
  const { code, out } = await cli(['ack', id, '--reason', 'a scan'], { env: api.env });
  expect(code).toBe(0);
  expect(out).toBe(String.raw`Acknowledged at ${at} by anna\u001b[31m: a scan`);
  expect(api.requests).toMatchObject([{ method: 'POST', path: `/api/v1/events/${id}/acknowledge` }]);
  expect(bodyOf(api.requests[0])).toEqual({ reason: 'a scan' });
});

test('ack --undo takes it back', async () => {
  const api = await testApi(() => ({ status: 204, body: '' }));
  expect(await cli(['ack', id, '--undo'], { env: api.env })).toMatchObject({ code: 0, err: '' });
  expect(api.requests).toMatchObject([{ method: 'DELETE', path: `/api/v1/events/${id}/acknowledge` }]);
});

test.each([
  ['typed', 'asked ops', ''],
  ['of standard input', '-', 'asked ops'],
])('note writes down what is %s', async (_name, typed, stdin) => {
  const api = await testApi(() => answered({ id: 'not_1', at, by, text: 'asked ops' }, 201));
  const { code, out } = await cli(['note', id, typed, '--json'], { env: api.env, stdin });
  expect([code, objectOf(out)['text']]).toEqual([0, 'asked ops']);
  expect(api.requests).toMatchObject([{ method: 'POST', path: `/api/v1/events/${id}/notes` }]);
  expect(bodyOf(api.requests[0])).toEqual({ text: 'asked ops' });
});

const matter = {
  fingerprint: 'ab12',
  source: 'sqreen',
  type: 'pulse',
  severity: 'high',
  title: 'Account takeover',
  subject: null,
  state: 'open',
  stateAt: at,
  openedAt: at,
  resolvedAt: null,
  updatedAt: at,
  firstEvent: id,
  lastEvent: id,
  eventCount: 3,
};

test('matters lists them with every filter', async () => {
  const api = await testApi(() => answered({ items: [matter], nextCursor: null }));
  const line = 'matters --state open --severity low --source s --subject u --limit 7';
  const { code, out } = await cli(line.split(' '), { env: api.env });
  expect([code, out]).toEqual([0, 'ab12  open  2026-01-31T12:00:00Z  high  3×  Account takeover']);
  const query = new URL(api.requests[0]?.path ?? '', api.url).searchParams;
  expect(Object.fromEntries(query)).toEqual({
    state: 'open',
    severity: 'low',
    source: 's',
    subject: 'u',
    limit: '7',
  });
});

test('matters shows one with what is left of its events', async () => {
  const api = await testApi(() => answered({ ...matter, events: { items: [], nextCursor: null } }));
  const { code, out } = await cli(['matters', 'ab12'], { env: api.env });
  expect(code).toBe(0);
  expect(out).toContain('Account takeover');
  expect(out).toContain('Past retention.');
  expect(api.requests[0]?.path).toBe('/api/v1/matters/ab12');
});

test.each([
  ['ack of no event', ['ack', '17']],
  ['an undo with a reason', ['ack', id, '--undo', '--reason', 'x']],
  ['a note on no event', ['note', '17', 'text']],
  ['a note without text', ['note', id]],
  ['a fingerprint that is none', ['matters', 'xyz']],
  ['one matter with filters', ['matters', 'ab12', '--state', 'open']],
])('exits with 2 before anything is asked: %s', async (_name, line) => {
  const api = await testApi(() => answered({}));
  expect((await cli(line, { env: api.env })).code).toBe(2);
  expect(api.requests).toEqual([]);
});

test.each([
  ['ack', ['ack', id]],
  ['ack --undo', ['ack', id, '--undo']],
  ['note', ['note', id, 'text']],
  ['matters', ['matters']],
])('%s exits with 1 in the service’s words when it is refused', async (_name, line) => {
  const api = await testApi(() => refused(403, 'forbidden', 'This needs a token with the scope "operate".'));
  expect(await cli(line, { env: api.env })).toMatchObject({
    code: 1,
    out: '',
    err: expect.stringContaining('scope'),
  });
});
