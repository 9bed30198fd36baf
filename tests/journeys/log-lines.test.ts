import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { conflicts, ecsFaults } from '../support/ecs.ts';
import { answers, HttpReceiver } from '../support/http-receiver.ts';
import { tlsFixture } from '../support/tls-fixture.ts';
import { until } from '../support/until.ts';
import { endOfVisits, visit } from '../support/visitor.ts';

afterAll(endOfVisits);

const attack = JSON.stringify([
  {
    message_type: 'security_event',
    message: {
      event_id: 'an attack',
      event_category: 'injection',
      event_kind: 'sql_injection',
      application_name: 'Sample',
      date_occurred: '2026-01-01T00:00:00Z',
      url: 'https://example.com/',
      ips: [{ address: '203.0.113.7' }],
    },
  },
]);

const linesIn = (output: string): string[] => output.split('\n').filter((line) => line.startsWith('{'));

it('every line of the log is one that Elasticsearch takes as it is: fields and types of ECS', async () => {
  const refusing = await HttpReceiver.start();
  refusing.answer = answers.status(410, 'gone');
  const one = await visit({
    config: [
      `egress: {allow: ['127.0.0.1']}`,
      'http: {trustedProxies: [127.0.0.1]}',
      'default: [gone, log]',
      `targets: [{id: gone, kind: http, url: '${refusing.url()}'}]`,
    ].join('\n'),
    env: {
      TOCSIN_TLS_CERT: tlsFixture.certFile,
      TOCSIN_TLS_KEY: tlsFixture.keyFile,
      TOCSIN_LOG_LEVEL: 'debug',
      TOCSIN_HEALTH_PORT: '0',
      TOCSIN_METRICS_PORT: '0',
    },
  });
  await one.webhook('[{"id": "told to nobody"}]');
  await one.webhook(attack);
  await one.webhook('[{}]', { key: 'a wrong key' });
  await one.webhook('not JSON');
  await one.ask({ path: '/api/v1/events', headers: { authorization: 'Bearer no-such-token' } });
  await one.ask({ path: '/nowhere?secret=1' });
  await one.operator('GET', '/api/v1/events');
  // What a proxy passes on without a look at it.
  await one.ask({ path: '/livez', headers: { 'x-forwarded-for': 'no "address" at all' } });
  await one.webhook('[{}]', { key: 'a wrong key', headers: { 'x-forwarded-for': 'unknown' } });
  await one.ask({
    path: '/api/v1/events',
    headers: { authorization: 'Bearer x', 'x-forwarded-for': 'fe80::1%eth0' },
  });
  writeFileSync(join(one.service.directory, 'tocsin.yaml'), 'defualt: [log]\n');
  one.service.process.kill('SIGHUP');
  await until('the fault to be told', () => one.service.stdout().includes('the config has a fault'));
  await until('the target to be given up', () => one.service.stdout().includes('a target is disabled'));
  expect(await one.service.stop()).toBe(0);
  await refusing.close();

  const lines = linesIn(one.service.stdout());
  expect(lines.length).toBeGreaterThan(12);
  for (const line of lines) expect(ecsFaults(line), line).toEqual([]);
  expect(conflicts(lines), 'names of values and of objects').toEqual([]);
  const messages = lines.map((line): unknown => JSON.parse(line).message);
  for (const message of ['request', 'ready', 'stopping', 'a request was not proved genuine'])
    expect(messages).toContain(message);
});
