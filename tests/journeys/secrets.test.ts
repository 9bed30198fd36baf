import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at, listAt } from '../support/ask.ts';
import { type Answer as Behaviour, HttpReceiver } from '../support/http-receiver.ts';
import { describeWith } from '../support/needs.ts';
import { createDatabase, type TestDatabase } from '../support/postgres.ts';
import { newDirectory } from '../support/service.ts';
import { SmtpReceiver } from '../support/smtp-receiver.ts';
import { tlsFixture } from '../support/tls-fixture.ts';
import { until } from '../support/until.ts';
import { endOfVisits, type Visit, visit } from '../support/visitor.ts';
import { leaks, sawAnswer, secret } from '../support/witness.ts';

afterAll(endOfVisits);

const SLACK_PATH = secret('T0SLACKTEAM/B0SLACKHOOK/theSecretPartOfTheSlackUrl');
const secrets = {
  HOOK_AUTH: secret('Bearer the-secret-header-of-the-http-target'),
  HOOK_SIGNING: secret(`whsec_${Buffer.from('thirty-two bytes of signing key!').toString('base64')}`),
  SMS_AUTH: secret('the-auth-token-of-the-sms-account'),
  SMTP_PASSWORD: secret('the-password-of-the-mail-account'),
  PARTNER_KEY: secret('the-key-of-a-declared-source'),
};
const FILE_SECRET = secret('a-key-that-stands-in-a-file');

function withFile(name: string, text: string): string {
  const directory = newDirectory();
  writeFileSync(join(directory, name), text);
  return directory;
}

/** Answers with everything that it was sent, as careless receivers do. */
const echo: Behaviour = (response, { method, path, headers, body }) =>
  void response.writeHead(500).end(`Cannot ${method} ${path} ${JSON.stringify(headers)} ${body}`);

describe('secrets', () => {
  let http: HttpReceiver;
  let https: HttpReceiver;
  let smtp: SmtpReceiver;
  let there: Visit;

  beforeAll(async () => {
    [http, https] = [await HttpReceiver.start('http'), await HttpReceiver.start('https')];
    http.answer = echo;
    https.answer = echo;
    smtp = await SmtpReceiver.start({ user: 'tocsin', password: 'another one' });
    const retry = 'retryAttempts: 2, retryFirstDelay: 50ms';
    there = await visit({
      env: {
        ...secrets,
        SLACK_URL: `https://localhost:${https.port}/services/${SLACK_PATH}`,
        NODE_EXTRA_CA_CERTS: tlsFixture.certFile,
        FROM_FILE_FILE: 'from-file.txt',
        TOCSIN_LOG_LEVEL: 'debug',
      },
      directory: withFile('from-file.txt', `${FILE_SECRET}\n`),
      config: `
egress: {allow: ['127.0.0.0/8', '::1', localhost]}
sources:
  - {id: partner, kind: sqreen, key: "\${PARTNER_KEY}"}
  - {id: filed, kind: sqreen, key: "\${FROM_FILE}"}
targets:
  - {id: http, kind: http, url: "${http.url('/hook')}", secretHeaders: {Authorization: "\${HOOK_AUTH}"}, secrets: ["\${HOOK_SIGNING}"], ${retry}}
  - {id: slack, kind: slack, url: "\${SLACK_URL}", ${retry}}
  - {id: sms, kind: sms, accountSid: AC${'0'.repeat(32)}, authToken: "\${SMS_AUTH}", from: "+33612345678", to: "+33612345679", baseUrl: "${http.url('')}", ${retry}}
  - {id: email, kind: email, host: localhost, port: ${smtp.port}, tlsCaFile: "${tlsFixture.certFile}", user: tocsin, password: "\${SMTP_PASSWORD}", from: a@example.com, to: [b@example.com], ${retry}}
default: [log, http, slack, sms, email]
`,
    });
  });
  afterAll(async () => {
    await Promise.all([http.close(), https.close(), smtp.close()]);
  });

  it('are sent to whom they are for', async () => {
    expect((await there.webhook('[{"id":"to all"}]')).status).toBe(200);
    await until('every delivery to fail', async () => {
      const { json } = await there.operator('GET', '/api/v1/deliveries?status=dead');
      return listAt(json, 'items').length === 4;
    });
    const sent = [...http.requests, ...https.requests]
      .map(({ path, headers }) => path + JSON.stringify(headers))
      .join('\n');
    expect(sent).toContain(secrets.HOOK_AUTH);
    expect(sent).toContain(SLACK_PATH);
    expect(sent).toContain(Buffer.from(`AC${'0'.repeat(32)}:${secrets.SMS_AUTH}`).toString('base64'));
    expect(smtp.connections).toBeGreaterThan(0);
  });

  it('come back from careless receivers, and are taken out of what is kept and shown', async () => {
    const { json } = await there.operator('GET', '/api/v1/deliveries');
    for (const { id } of listAt(json, 'items').map((delivery) => ({ id: String(at(delivery, 'id')) }))) {
      const delivery = await there.operator('GET', `/api/v1/deliveries/${id}`);
      if (at(delivery.json, 'target') === 'log') continue;
      expect(at(delivery.json, 'attemptLog', 0, 'answer'), String(at(delivery.json, 'target'))).toBeTypeOf(
        'string',
      );
    }
    expect(leaks()).toEqual([]);
  });

  it('are masked in the config that is shown', async () => {
    const { json, text } = await there.operator('GET', '/api/v1/config');
    const paths = listAt(json, 'items').map((row) => at(row, 'path'));
    expect(paths).toEqual(expect.arrayContaining(['token', 'signatureKey', 'masterKey', 'targets[1].url']));
    expect(text).not.toContain('theSecretPart');
    expect(leaks()).toEqual([]);
  });

  it('are in no problem document, whatever is wrong with the request that bears them', async () => {
    for (const path of ['/v1/webhook', '/api/v1/sources/partner', '/api/v1/sources/filed']) {
      await there.webhook(`[${secrets.PARTNER_KEY}`, { path, key: secrets.PARTNER_KEY });
      await there.webhook(`{"${secrets.PARTNER_KEY}": 1}`, {
        path,
        headers: { 'x-sqreen-integrity': secrets.PARTNER_KEY },
      });
    }
    const authorization = secrets.HOOK_AUTH;
    await there.ask({ path: `/api/v1/events?source=${secrets.SMS_AUTH}`, headers: { authorization } });
    expect(leaks()).toEqual([]);
  });

  it('are in no file of the data directory', async () => {
    expect(await there.service.stop()).toBe(0);
    const folder = join(there.service.directory, 'data');
    for (const name of readdirSync(folder))
      sawAnswer(`the file ${name}`, readFileSync(join(folder, name), 'latin1'));
    expect(leaks()).toEqual([]);
  });
});

await describeWith('postgres', 'the password of the database', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createDatabase();
  });
  afterAll(() => database.drop());

  it('is in no answer and no output, also when the database goes away', async () => {
    const url = new URL(database.url);
    // A server that trusts its own machine takes any; where it does not, the real one is as good.
    url.password ||= 'the-password-of-the-database';
    const password = secret(decodeURIComponent(url.password));
    const there = await visit({ env: { DATABASE_URL: url.href, TOCSIN_LOG_LEVEL: 'debug' } });
    expect((await there.webhook('[{"id":"on postgres"}]')).status).toBe(200);
    expect((await there.operator('GET', '/api/v1/config')).text).not.toContain(password);
    await database.drop();
    await until('the store to be missed', async () => (await there.ask({ path: '/readyz' })).status === 503);
    expect((await there.webhook('[{"id":"after the drop"}]')).status).toBe(503);
    expect((await there.operator('GET', '/api/v1/events')).status).toBe(503);
    expect(leaks()).toEqual([]);
  });
});
