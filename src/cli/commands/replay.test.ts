import { expect, test } from 'vitest';
import { newDeliveryId, newEventId } from '../../kernel/ids.ts';
import { answered, bodyOf, refused, testApi } from '../test-api.ts';
import { cli } from '../test-cli.ts';

const made = newDeliveryId();
const single = () => testApi(() => answered({ deliveries: [made] }, 202));
const bulk = (matched = 3, replayed = 3) =>
  testApi(({ body }) => answered({ matched, replayed: body.includes('dryRun') ? 0 : replayed }, 202));

test('a delivery is sent again and the new one named', async () => {
  const api = await single();
  const id = newDeliveryId();
  expect(await cli(['replay', id], { env: api.env })).toMatchObject({ code: 0, out: made, err: '' });
  expect(api.requests).toMatchObject([{ method: 'POST', path: `/api/v1/deliveries/${id}/replay`, body: '' }]);
});

test.each([
  ['where it went', [], {}],
  ['to the named targets', ['--target', 'mail,chat'], { targets: ['mail', 'chat'] }],
])('an event is sent again %s', async (_name, more, body) => {
  const api = await single();
  const id = newEventId();
  expect(await cli(['replay', id, ...more], { env: api.env })).toMatchObject({ code: 0, out: made });
  expect(api.requests[0]?.path).toBe(`/api/v1/events/${id}/replay`);
  expect(bodyOf(api.requests[0])).toEqual(body);
});

test('many are sent with --yes, and the filter goes along', async () => {
  const api = await bulk(3, 2);
  const line = 'replay --status dead --target mail --since 24h --limit 10 --yes';
  const { code, out, err } = await cli(line.split(' '), { env: api.env });
  expect([code, out]).toEqual([0, '2 of 3 deliveries sent again.']);
  expect(err).toContain('target is gone');
  expect(api.requests.map(bodyOf)).toEqual([
    { status: 'dead', target: 'mail', since: '2026-01-30T12:00:00.000Z', limit: 10 },
  ]);
});

test('--dry-run counts and sends nothing', async () => {
  const api = await bulk(1);
  const { code, out } = await cli(['replay', '--status', 'dead', '--dry-run'], { env: api.env });
  expect([code, out]).toEqual([0, '1 delivery would be sent again.']);
  expect(api.requests.map(bodyOf)).toEqual([{ status: 'dead', dryRun: true }]);
});

test('somebody at a terminal is asked first, with the number', async () => {
  const api = await bulk();
  const no = await cli(['replay', '--status', 'dead'], { env: api.env, typed: '' });
  expect(no).toMatchObject({ code: 1, out: '', err: 'Nothing was sent.' });
  expect(no.asked).toEqual(['Send 3 deliveries again? [y/N] ']);
  expect(api.requests.map(bodyOf)).toEqual([{ status: 'dead', dryRun: true }]);
  const yes = await cli(['replay', '--status', 'dead', '--json'], { env: api.env, typed: 'y' });
  expect(yes.code).toBe(0);
  expect(JSON.parse(yes.out)).toEqual({ matched: 3, replayed: 3, dryRun: false });
});

test.each([
  ['many without --yes and nobody to ask', ['--status', 'dead'], '--yes'],
  ['nothing named', [], '--status'],
  ['only --yes', ['--yes'], '--status'],
  ['many to two targets', ['--status', 'dead', '--target', 'a,b', '--yes'], '--target'],
  ['no target', ['--status', 'dead', '--target', ',', '--yes'], '--target'],
  ['a delivery to another target', [made, '--target', 'a'], '--target'],
  ['one and many at once', [made, '--status', 'dead'], '--status'],
  ['what is no id', ['17'], 'dlv_'],
])('exits with 2 before anything is asked: %s', async (_name, line, told) => {
  const api = await bulk();
  const { code, err } = await cli(['replay', ...line], { env: api.env });
  expect(code).toBe(2);
  expect(err).toContain(told);
  expect(api.requests).toEqual([]);
});

test('a refusal exits with 1 in the service’s words', async () => {
  const api = await testApi(() => refused(409, 'conflict', 'The target mail is gone.'));
  const { code, out, err } = await cli(['replay', made], { env: api.env });
  expect([code, out, err]).toEqual([1, '', 'The target mail is gone.']);
});
