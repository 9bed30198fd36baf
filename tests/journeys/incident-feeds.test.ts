import { createHmac, randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { at, listAt } from '../support/ask.ts';
import { newDirectory } from '../support/service.ts';
import { until } from '../support/until.ts';
import { endOfVisits, type Visit, visit } from '../support/visitor.ts';
import { secret } from '../support/witness.ts';

afterAll(endOfVisits);

const KEY = secret(`whsec_${randomBytes(24).toString('base64')}`);

/** A body as its sender signs it (Standard Webhooks). */
function push(there: Visit, body: string, key = KEY): ReturnType<Visit['ask']> {
  const id = `msg_${randomBytes(8).toString('hex')}`;
  const time = String(Math.floor(Date.now() / 1_000));
  const mac = createHmac('sha256', Buffer.from(key.slice('whsec_'.length), 'base64'));
  const signature = mac.update(`${id}.${time}.${body}`).digest('base64');
  return there.ask({
    method: 'POST',
    path: '/api/v1/incidents/feeds/edr',
    body,
    headers: {
      'content-type': 'application/x-ndjson',
      'webhook-id': id,
      'webhook-timestamp': time,
      'webhook-signature': `v1,${signature}`,
    },
  });
}

const document = async (there: Visit): Promise<unknown> => (await there.operator('GET', '/incidents')).json;
const eventsOf = async (there: Visit, source: string): Promise<readonly unknown[]> =>
  listAt((await there.operator('GET', `/api/v1/events?source=${source}`)).json, 'items');

describe('incidents that are sent to us', () => {
  const denial = { type: 'denial', reported_by: 5, priority: 'critical', timestamp: 1_700_000_009.25 };
  const config = `
feeds:
  - {id: edr, kind: push, key: "\${EDR_KEY}"}
`;

  it('are on disk when they are answered, told once, and known again when they are sent again', async () => {
    const there = await visit({ config, env: { EDR_KEY: KEY } });
    const lines = `${JSON.stringify(denial)}\n${JSON.stringify({ ...denial, reported_by: 6 })}\n`;
    expect((await push(there, lines)).json).toEqual({ taken: 2, repeats: 0, invalid: 0 });
    expect((await push(there, JSON.stringify([denial]))).json).toEqual({ taken: 0, repeats: 1, invalid: 0 });
    await until('the document', async () => at(await document(there), '6') !== undefined);
    expect(at(await document(there), '5', 'critical', 'incidents')).toEqual([denial]);
    expect(await eventsOf(there, 'edr')).toHaveLength(2);
    const { directory } = there.service;
    await there.service.kill();
    const again = await visit({ config, directory, env: { EDR_KEY: KEY } });
    expect(at(await document(again), '5', 'critical', 'count')).toBe(1);
    expect((await push(again, lines)).json).toEqual({ taken: 0, repeats: 2, invalid: 0 });
    expect(await eventsOf(again, 'edr')).toHaveLength(2);
  });

  it('are refused without the key, and as a whole when they are no JSON', async () => {
    const there = await visit({ config, env: { EDR_KEY: KEY } });
    const other = `whsec_${randomBytes(24).toString('base64')}`;
    expect((await push(there, JSON.stringify(denial), other)).status).toBe(401);
    expect((await push(there, 'rubbish')).status).toBe(422);
    expect(await document(there)).toEqual({});
  });
});

describe('incidents in files', () => {
  it('are one list of all files, read again when they change, by the identities beside them', async () => {
    const folder = join(newDirectory(), 'incidents');
    mkdirSync(folder);
    const identities = join(folder, '..', 'identities.json');
    writeFileSync(identities, '{"10.0.0.1": 5}');
    const probe = '{"type":"probing","ip":"10.0.0.1","priority":"high","timestamp":1700000000.5}';
    writeFileSync(join(folder, 'a.ndjson'), `${probe}\nno JSON\n`);
    writeFileSync(
      join(folder, 'b.csv'),
      'type,priority,timestamp,identifier\r\nother,critical,1700000002.25,77\r\n',
    );
    const there = await visit({
      config: `
feeds:
  - {id: disk, kind: file, path: ${folder}, identities: ${identities}, every: 200ms}
`,
    });
    await until('both files', async () => at(await document(there), '77') !== undefined);
    expect(at(await document(there), '5', 'high', 'incidents')).toEqual([JSON.parse(probe)]);
    expect(at(await document(there), '77', 'critical', 'incidents', 0, 'timestamp')).toBe(1_700_000_002.25);
    const status = (await there.operator('GET', '/api/v1/incidents/status')).json;
    expect(at(listAt(status, 'feeds')[0], 'types', 7)).toMatchObject({ name: 'unknown', invalid: 1 });
    const [summary] = await until('the summary', async () => {
      const events = await eventsOf(there, 'disk');
      return events.length > 0 && events;
    });
    expect(at(summary, 'type')).toBe('incident.backlog');
    writeFileSync(
      join(folder, 'c.json'),
      JSON.stringify([{ type: 'misuse', employee_id: 9, priority: 'low', timestamp: 1_700_000_003 }]),
    );
    await until('the new one', async () => (await eventsOf(there, 'disk')).length === 2);
    expect(at(await document(there), '9', 'low', 'count')).toBe(1);
  });
});
