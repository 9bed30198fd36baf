import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Sealer } from '../../src/kernel/seal.ts';
import { Database } from '../../src/storage/sqlite/database.ts';
import { at, listAt } from '../support/ask.ts';
import { HttpReceiver } from '../support/http-receiver.ts';
import { describeWith } from '../support/needs.ts';
import { asked, pathsOf } from '../support/object-requests.ts';
import { createDatabase, type TestDatabase } from '../support/postgres.ts';
import { sign } from '../support/service.ts';
import { until } from '../support/until.ts';
import { endOfVisits, refusedStart, type Visit, visit } from '../support/visitor.ts';

const MAIN = fileURLToPath(new URL('../../src/main.js', import.meta.url));

describe('an object of the store that the file no longer fits', () => {
  afterAll(endOfVisits);

  it('keeps the file from being taken, and the service from starting; it can be removed without the service', async () => {
    const filed = 'targets:\n  - {id: filed, kind: log, file: filed.log}\n';
    const there = await visit({ config: filed });
    const { directory } = there.service;
    expect((await there.operator('PUT', '/api/v1/rules/made', { targets: ['filed'] })).status).toBe(200);
    writeFileSync(join(directory, 'tocsin.yaml'), '');
    const reload = await there.operator('POST', '/api/v1/config/reload');
    expect([reload.status, pathsOf(reload)]).toEqual([422, ['rules.made.targets[0]']]);
    expect(at((await there.operator('GET', '/api/v1/rules')).json, 'items', 0, 'id')).toBe('made');
    expect(await there.service.stop()).toBe(0);

    const refused = await refusedStart({ directory });
    expect([refused.code, refused.stderr]).toEqual([
      3,
      expect.stringContaining('rules.made.targets[0]: no such target (it was made over the API'),
    ]);
    const [line = ''] = /tocsin rules delete made --local/.exec(refused.stderr) ?? [];
    const env = { TOCSIN_DATA_DIR: join(directory, 'data') };
    const deleted = spawnSync(process.execPath, [MAIN, ...line.split(' ').slice(1)], { cwd: directory, env });
    expect([deleted.status, String(deleted.stderr)]).toEqual([0, '']);

    const again = await visit({ directory });
    expect(listAt((await again.operator('GET', '/api/v1/rules')).json, 'items')).toEqual([]);
    const audit = await again.operator('GET', '/api/v1/audit?limit=1');
    expect(at(audit.json, 'items', 0)).toMatchObject({
      actor: 'local',
      action: 'rule.delete',
      subject: 'made',
    });
  });

  it('is followed no further than it fits: a replica that cannot take it says so once, and goes on', async () => {
    const there = await visit();
    const database = new Database(join(there.service.directory, 'data/tocsin.db'), [], { readOnly: false });
    const sealer = new Sealer('a-master-key-for-tests', 'objects');
    const sealed = sealer.seal(JSON.stringify({ targets: ['nobody'] }), 'rule/made');
    database.query(
      `INSERT INTO config_objects (kind, id, position, sealed, updated_at) VALUES ('rule', 'made', 0, ?, 0)`,
      [sealed],
    );
    database.query('UPDATE config_version SET version = version + 1', []);
    database.close();
    const told = () => there.service.stdout().split('the stored config was not taken').length - 1;
    await until('the replica to say so', () => told() > 0);
    expect((await there.webhook('[{"id": "goes on"}]')).status).toBe(200);
    expect((await there.operator('PUT', '/api/v1/rules/other', { targets: [] })).status).toBe(422);
    expect((await there.operator('DELETE', '/api/v1/rules/made')).status).toBe(204);
    expect((await there.operator('PUT', '/api/v1/rules/other', { targets: [] })).status).toBe(200);
    expect(told()).toBe(1);
  });
});

await describeWith('postgres', 'objects over the API of two replicas', () => {
  let database: TestDatabase;
  let receiver: HttpReceiver;
  let replicas: readonly [Visit, Visit];
  beforeAll(async () => {
    database = await createDatabase();
    receiver = await HttpReceiver.start();
    const config = `egress: {allow: ['127.0.0.1:${receiver.port}']}\ndefault: []\n`;
    const env = { DATABASE_URL: database.url };
    // The one that is asked does not send: a test goes out from it all the same.
    const first = await visit({ config, env: { ...env, TOCSIN_ROLES: 'api' } });
    replicas = [first, await visit({ config, env })];
  });
  afterAll(async () => {
    await endOfVisits();
    await receiver.close();
    await database.drop();
  });

  it('are followed by the other', async () => {
    const [one, two] = replicas;
    const target = { kind: 'http', url: receiver.url('/') };
    expect((await one.operator('PUT', '/api/v1/targets/hook', target)).status).toBe(200);
    const sent = await one.operator('POST', '/api/v1/targets/hook/test', {});
    expect(sent.json).toMatchObject({ outcome: 'delivered' });
    expect((await one.operator('PUT', '/api/v1/rules/all', { targets: ['hook'] })).status).toBe(200);
    await until('the other to follow', async () => {
      const { json } = await two.operator('GET', '/api/v1/rules');
      return listAt(json, 'items').length === 1;
    });
    const body = '[{"sqreen_payload_type": "alarm", "id": "a"}]';
    expect((await two.webhook(body, { headers: { 'x-sqreen-integrity': sign(body) } })).status).toBe(200);
    await receiver.received(2);
  });

  it('are changed by both in turn, each seeing the tag of the other', async () => {
    const [one, two] = replicas;
    const seen = await one.operator('GET', '/api/v1/targets/hook');
    const target = { kind: 'http', url: receiver.url('/changed') };
    const match = { 'if-match': seen.headers.etag };
    expect((await asked(two, 'PUT', '/api/v1/targets/hook', match, target)).status).toBe(200);
    expect((await asked(one, 'PUT', '/api/v1/targets/hook', match, target)).status).toBe(412);
    await two.operator('DELETE', '/api/v1/rules/all');
    expect((await one.operator('DELETE', '/api/v1/targets/hook')).status).toBe(204);
    await until('the other to follow', async () => {
      return (await two.operator('GET', '/api/v1/targets/hook')).status === 404;
    });
  });
});
