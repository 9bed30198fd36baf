import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at, listAt, textAt } from '../support/ask.ts';
import { type Answer as Behaviour, answers } from '../support/http-receiver.ts';
import {
  attempted,
  deliverTo,
  readDelivery,
  reasonsOf,
  settled,
  StagedTargets,
} from '../support/staged-targets.ts';
import { until } from '../support/until.ts';
import { endOfVisits, type Visit, visit } from '../support/visitor.ts';

const TIMEOUT_MS = 3_000;
const HOUR_MS = 3_600_000;

/** Behaves in one way at first, and well from then on. */
function atFirst(times: number, how: Behaviour): Behaviour {
  let seen = 0;
  return (response, request) =>
    ++seen <= times ? how(response, request) : answers.status(200, 'ok')(response, request);
}
const late: Behaviour = (response) =>
  void setTimeout(() => response.writeHead(200).end('late'), TIMEOUT_MS / 2);
const halfAnAnswer: Behaviour = (response) => {
  response.writeHead(200, { 'content-length': '1000' }).write('half');
  setTimeout(() => response.socket?.resetAndDestroy(), 20);
};
const endless: Behaviour = (response) => {
  response.writeHead(200);
  const more = setInterval(() => response.write('x'.repeat(65_536)), 5);
  response.on('close', () => clearInterval(more));
};

describe.concurrent('a target', () => {
  let staged: StagedTargets;
  let there: Visit;
  beforeAll(async () => {
    staged = await StagedTargets.start([
      { id: 'well' },
      { id: 'repeated' },
      { id: 'hangs', behaviour: answers.hang, settings: 'timeout: 300ms, retryAttempts: 2' },
      { id: 'hangs-for-long', behaviour: answers.hang, settings: 'timeout: 40s, concurrency: 1' },
      { id: 'resets', behaviour: atFirst(2, answers.reset) },
      { id: 'fails', behaviour: atFirst(2, answers.status(500, 'not now')) },
      { id: 'breaks-off', behaviour: atFirst(1, halfAnAnswer) },
      { id: 'is-late', behaviour: late, settings: `timeout: ${TIMEOUT_MS}ms` },
      { id: 'talks-on', behaviour: endless, settings: `timeout: ${TIMEOUT_MS}ms, retryAttempts: 1` },
      { id: 'is-gone', behaviour: answers.status(410, 'gone for good') },
      { id: 'is-busy', behaviour: answers.status(429, '', { 'retry-after': '3600' }) },
      {
        id: 'is-busy-until',
        behaviour: answers.status(503, '', { 'retry-after': new Date(Date.now() + HOUR_MS).toUTCString() }),
      },
      { id: 'is-busy-for-ever', behaviour: answers.status(503, '', { 'retry-after': '99999999' }) },
      {
        id: 'never-works',
        behaviour: answers.status(404, 'x'.repeat(100_000)),
        settings: 'retryAttempts: 3',
      },
      {
        id: 'speaks-nonsense',
        behaviour: (response) => void response.socket?.end('SSH-2.0-x\r\n'),
        settings: 'retryAttempts: 1',
      },
      { id: 'is-not-there', url: 'http://127.0.0.1:1/', settings: 'retryAttempts: 1' },
    ]);
    there = await visit({ config: staged.config });
  });
  afterAll(async () => {
    await endOfVisits();
    await staged.close();
  });

  const requestsOf = (id: string): number => staged.of(id).requests.length;

  it('that hangs is given up at its time-out, attempt by attempt, and is a dead letter in the end', async () => {
    const delivery = await settled(there, await deliverTo(there, 'hangs'));
    expect(at(delivery, 'status')).toBe('dead');
    expect(at(delivery, 'reason')).toBe('attempts_exhausted');
    expect(reasonsOf(delivery)).toEqual(['timeout', 'timeout']);
    expect(requestsOf('hangs')).toBe(2);
  });

  it('that hangs delays no other', async () => {
    for (let n = 0; n < 20; n++) await deliverTo(there, 'hangs-for-long', `stuck ${n}`);
    await staged.of('hangs-for-long').received(1);
    const delivery = await settled(there, await deliverTo(there, 'well', 'not delayed'));
    expect(at(delivery, 'status')).toBe('delivered');
    expect(at(delivery, 'attempts')).toBe(1);
  });

  it.each([
    ['resets', ['connection_reset', 'connection_reset', null], 3],
    ['fails', ['http_status', 'http_status', null], 3],
    ['breaks-off', ['connection_reset', null], 2],
  ])(
    'that %s and recovers gets the event, under the same id at every attempt',
    async (id, reasons, count) => {
      const delivery = await settled(there, await deliverTo(there, id));
      expect(at(delivery, 'status')).toBe('delivered');
      expect(reasonsOf(delivery)).toEqual(reasons);
      const ids = staged.of(id).requests.map(({ headers }) => headers['webhook-id']);
      expect(ids).toEqual(Array.from({ length: count }, () => at(delivery, 'id')));
    },
  );

  it('that answers late, within its time-out, is sent to exactly once', async () => {
    const delivery = await settled(there, await deliverTo(there, 'is-late'));
    expect(at(delivery, 'status')).toBe('delivered');
    expect(at(delivery, 'attempts')).toBe(1);
    expect(requestsOf('is-late')).toBe(1);
  });

  it('that answers without end has been answered by its first bytes or is given up, and holds nothing', async () => {
    const delivery = await settled(there, await deliverTo(there, 'talks-on'));
    expect(textAt(delivery, 'attemptLog', 0, 'outcome')).toMatch(/delivered|retry/);
    await until('the connection to be let go of', async () => {
      await staged.of('talks-on').released();
      return true;
    });
  });

  it('that answers 410 is not asked again', async () => {
    const delivery = await settled(there, await deliverTo(there, 'is-gone'));
    expect(at(delivery, 'status')).toBe('dead');
    expect(at(delivery, 'reason')).toBe('gone');
    expect(at(delivery, 'attemptLog', 0, 'answer')).toBe('gone for good');
    expect(requestsOf('is-gone')).toBe(1);
  });

  it.each(['is-busy', 'is-busy-until'])('that %s for an hour is left in peace for no less', async (id) => {
    const asked = Date.now();
    const delivery = await attempted(there, await deliverTo(there, id));
    expect(at(delivery, 'status')).toBe('pending');
    // Dates have whole seconds.
    expect(Date.parse(textAt(delivery, 'nextAttemptAt'))).toBeGreaterThanOrEqual(asked + HOUR_MS - 15_000);
    expect(requestsOf(id)).toBe(1);
  });

  it('that asks to be left in peace for years is a dead letter, and says so', async () => {
    const delivery = await settled(there, await deliverTo(there, 'is-busy-for-ever'));
    expect(at(delivery, 'reason')).toBe('retry_after_too_long');
  });

  it('that never works is a dead letter after its attempts; what it said is kept, trimmed', async () => {
    const delivery = await settled(there, await deliverTo(there, 'never-works'));
    expect(at(delivery, 'status')).toBe('dead');
    expect(listAt(delivery, 'attemptLog').map((attempt) => at(attempt, 'status'))).toEqual([404, 404, 404]);
    expect(textAt(delivery, 'attemptLog', 0, 'answer').length).toBeLessThan(5_000);
    expect(there.service.stdout()).toBeDefined();
  });

  it.each([
    ['speaks-nonsense', 'answer_invalid'],
    ['is-not-there', 'egress_denied'],
  ])('that %s is told apart as %s', async (id, reason) => {
    expect(reasonsOf(await settled(there, await deliverTo(there, id)))).toEqual([reason]);
  });

  it('gets what it gets once per event, however often the sender repeats it', async () => {
    const first = await deliverTo(there, 'repeated');
    const second = await deliverTo(there, 'repeated');
    expect(second).toBe(first);
    await settled(there, first);
    const got = staged.of('repeated').requests.filter(({ headers }) => headers['webhook-id'] === first);
    expect(got).toHaveLength(1);
    expect(await readDelivery(there, first)).toMatchObject({ attempts: 1 });
  });
});
