import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at, listAt } from '../support/ask.ts';
import { newDirectory } from '../support/service.ts';
import { until } from '../support/until.ts';
import { endOfVisits, type Visit, visit } from '../support/visitor.ts';
import { secret } from '../support/witness.ts';

const OURS = '5f6b1cc2ab7b8f0020a17ee4';
const MARK = '[INTERNAL SECURITY ALERT]';
const EVENT_FIELDS = [
  'event_kind',
  'humanized_description',
  'event_category',
  'date_occurred',
  'environment',
  'url',
];
const PULSE_FIELDS = [
  'humanized_title',
  'pulse_genre',
  'environment',
  'date_started',
  'date_ended',
  'blocked',
  'url',
];

const eventOf = (fields: object): object => ({
  event_kind: 'waf',
  event_category: 'http_error',
  humanized_description: 'Attack with "quotes" and\nlines',
  date_occurred: '2026-01-02T03:04:05+00:00',
  environment: 'production',
  ...fields,
});
const pulseOf = (fields: object): object => ({
  pulse_genre: 'account_takeover',
  humanized_title: 'Account takeover',
  date_started: '2026-01-02T03:04:05+00:00',
  date_ended: null,
  blocked: true,
  environment: 'staging',
  url: 'https://my.sqreen.com/pulse/1',
  ...fields,
});

const notifications: Readonly<Record<string, { readonly sent: object; readonly fields: readonly string[] }>> =
  {
    'v1 security event by application_id': {
      sent: eventOf({
        sqreen_payload_type: 'security_event',
        event_id: 'a',
        application_id: OURS,
        url: 'https://x.y/1',
      }),
      fields: EVENT_FIELDS,
    },
    'v1 pulse by application.id': {
      sent: pulseOf({ sqreen_payload_type: 'pulse', id: 'b', application: { id: OURS } }),
      fields: PULSE_FIELDS,
    },
    'v2 security event by message.application_id': {
      sent: {
        api_version: '2',
        message_type: 'security_event',
        message: eventOf({ event_id: 'c', application_id: OURS, event_url: 'https://x.y/2' }),
      },
      fields: EVENT_FIELDS,
    },
    'v2 pulse by message.application.id': {
      sent: {
        api_version: '2',
        message_type: 'account_takeover',
        message: pulseOf({ id: 'd', application: { id: OURS } }),
      },
      fields: PULSE_FIELDS,
    },
  };

/** The alert lines that the service logged, once it has logged everything. */
async function alertLines(there: Visit): Promise<string[]> {
  const pending = '/api/v1/deliveries?status=pending';
  await until(
    'every delivery',
    async () => listAt((await there.operator('GET', pending)).json, 'items').length === 0,
  );
  return there.service
    .stdout()
    .split('\n')
    .filter((line) => line.includes(MARK));
}

function alertFields(line: string): unknown {
  const message = String(at(JSON.parse(line), 'message'));
  expect(message.startsWith(`${MARK} `)).toBe(true);
  return JSON.parse(message.slice(MARK.length + 1));
}

afterAll(endOfVisits);

describe('an internal security alert', () => {
  let ours: Visit;
  beforeAll(async () => {
    ours = await visit({ env: { SCREEN_APPLICATION_ID: OURS } });
  });
  it.each(Object.entries(notifications))(
    'is raised once, with the contracted fields, for a %s',
    async (_name, { sent, fields }) => {
      const before = await alertLines(ours);
      expect((await ours.webhook(JSON.stringify([sent]))).status).toBe(200);
      expect((await ours.webhook(JSON.stringify([sent]))).status).toBe(200);
      const lines = (await alertLines(ours)).slice(before.length);
      expect(lines).toHaveLength(1);
      const alert = alertFields(lines[0] ?? '');
      expect(Object.keys(Object(alert)).sort()).toEqual([...fields].sort());
      const message = at(sent, 'message') ?? sent;
      for (const name of fields.filter((field) => field !== 'url' && field !== 'humanized_description')) {
        expect(at(alert, name), name).toBe(at(message, name));
      }
      expect(at(alert, 'url')).toBe(at(message, 'url') ?? at(message, 'event_url'));
      const [event] = listAt((await ours.operator('GET', '/api/v1/events?internal=true')).json, 'items');
      expect(at(event, 'id')).toBe(at(JSON.parse(lines[0] ?? ''), 'event', 'id'));
    },
  );

  it('goes to the admins beside those whom the rules choose, to each once', async () => {
    const there = await visit({
      env: { SQREEN_APPLICATION_ID: OURS },
      config:
        'targets:\n  - {id: team, kind: log, file: team.log}\n  - {id: admins, kind: log, file: admins.log}\ndefault: [team]\nadmins: [admins, team]\n',
    });
    await there.webhook(JSON.stringify([notifications['v1 pulse by application.id']?.sent]));
    const { json } = await there.operator('GET', '/api/v1/deliveries');
    const byTarget = listAt(json, 'items').map((delivery) => [
      at(delivery, 'target'),
      at(delivery, 'internal'),
    ]);
    expect(byTarget.toSorted()).toEqual([
      ['admins', true],
      ['team', true],
    ]);
  });

  it('is not raised for another application, nor without a setting that says which is ours', async () => {
    const sent = JSON.stringify([eventOf({ application_id: 'theirs' }), eventOf({ application_id: '' }), {}]);
    const before = await alertLines(ours);
    const nobodys = await visit();
    for (const there of [ours, nobodys]) expect((await there.webhook(sent)).status).toBe(200);
    expect(await alertLines(ours)).toEqual(before);
    expect(await alertLines(nobodys)).toEqual([]);
  });
});

describe("the original's settings", () => {
  it('work from a .env file: our name, the key; and the real environment goes before it', async () => {
    const directory = newDirectory();
    const unused = secret('a-token-of-the-original-service');
    writeFileSync(
      join(directory, '.env'),
      ['SQREEN_APP_NAME="Our shop"', `SQREEN_TOKEN=${unused}`, 'SIGNATURE_KEY=not-this-one', ''].join('\n'),
    );
    const there = await visit({
      directory,
      env: { SCREEN_APPLICATION_ID: OURS, SQREEN_APPLICATION_ID: 'another' },
    });
    expect((await there.webhook('[{}]', { key: 'not-this-one' })).status).toBe(401);
    const sent = eventOf({ message_id: 'named', application_name: 'Our shop' });
    expect((await there.webhook(JSON.stringify([sent]))).status).toBe(200);
    expect(await alertLines(there)).toHaveLength(1);
    // Two names of one setting: the first one holds, and the other is told of.
    const ids = [OURS, 'another'].map((id) => ({ message_id: id, application_id: id }));
    expect((await there.webhook(JSON.stringify(ids))).status).toBe(200);
    expect(await alertLines(there)).toHaveLength(2);
    expect(there.service.stderr()).toMatch(/SQREEN_APPLICATION_ID/);
    expect(there.service.stderr()).toMatch(/SQREEN_TOKEN.*not used|not used.*SQREEN_TOKEN/);
  });
});
