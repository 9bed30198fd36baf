import { createHmac } from 'node:crypto';
import { join } from 'node:path';
import { Webhook } from 'standardwebhooks';
import { expect, test } from 'vitest';
import { answered, refused, testApi } from '../test-api.ts';
import { cli } from '../test-cli.ts';
import { testDirectory } from '../test-directory.ts';

const KEY = 'the-key-of-the-webhook';
const sign = (body: string, key = KEY) => createHmac('sha256', key).update(body).digest('hex');
const taken = () => answered({ status: true });

test('sends the file byte for byte, signed over those bytes', async () => {
  const api = await testApi(taken);
  const body = '[ {"a" :1.50,\t"b":"é"} ]\n';
  const cwd = testDirectory({ 'body.json': body });
  const env = { ...api.env, SIGNATURE_KEY: KEY };
  const { code, out } = await cli(['send', 'body.json'], { cwd, env });
  expect([code, out]).toEqual([0, '200 {"status":true}']);
  expect(api.requests).toMatchObject([
    {
      method: 'POST',
      path: '/v1/webhook',
      body,
      headers: { 'x-sqreen-integrity': sign(body), 'content-type': 'application/json' },
    },
  ]);
});

test('the operators’ token does not go along', async () => {
  const api = await testApi(taken);
  await cli(['send'], { env: { ...api.env, SIGNATURE_KEY: KEY } });
  expect(api.requests[0]?.headers).not.toHaveProperty('authorization');
});

test('without a file a sample goes out, another one each time', async () => {
  const api = await testApi(taken);
  const env = { ...api.env, SIGNATURE_KEY: KEY };
  await cli(['send'], { env });
  await cli(['send'], { env });
  const [first = '', second = ''] = api.requests.map(({ body }) => body);
  expect(JSON.parse(first)).toMatchObject([{ message_type: 'security_event' }]);
  expect(second).not.toBe(first);
});

test('goes to a source of the config, with the key of a file', async () => {
  const api = await testApi(taken);
  const cwd = testDirectory({ 'waf.key': 'another key\n' });
  const line = ['send', '-', '--source', 'waf', '--key-file', 'waf.key', '--url', `${api.url}/base/`];
  expect(await cli(line, { cwd, stdin: '[{}]' })).toMatchObject({ code: 0 });
  const [request] = api.requests;
  expect(request?.path).toBe('/base/api/v1/sources/waf');
  expect(request?.headers['x-sqreen-integrity']).toBe(sign('[{}]', 'another key'));
});

const hmac = (text: string) => createHmac('sha256', KEY).update(text).digest('hex');
const BODY = '{"alerts": []}';

test.each([
  ['github', [], (headers: Sent) => expect(headers['x-hub-signature-256']).toBe(`sha256=${hmac(BODY)}`)],
  ['bearer', [], (headers: Sent) => expect(headers['authorization']).toBe(`Bearer ${KEY}`)],
  [
    'hmac',
    ['--signature-header', 'Sentry-Hook-Signature'],
    (headers: Sent) => expect(headers['sentry-hook-signature']).toBe(hmac(BODY)),
  ],
  [
    'slack',
    [],
    (headers: Sent) => {
      const time = String(headers['x-slack-request-timestamp']);
      expect(headers['x-slack-signature']).toBe(`v0=${hmac(`v0:${time}:${BODY}`)}`);
    },
  ],
  [
    'stripe',
    [],
    (headers: Sent) => {
      const [, time = '', digest] = /^t=(\d{10}),v1=(.*)$/.exec(String(headers['stripe-signature'])) ?? [];
      expect(digest).toBe(hmac(`${time}.${BODY}`));
    },
  ],
])('signs as a sender with the scheme %s does', async (scheme, more, expectProof) => {
  const api = await testApi(taken);
  const line = [
    'send',
    '-',
    '--source',
    's',
    '--scheme',
    scheme,
    ...more,
    '--header',
    'X-GitHub-Event: push',
  ];
  const { code } = await cli(line, { env: { ...api.env, SIGNATURE_KEY: KEY }, stdin: BODY });
  expect(code).toBe(0);
  const [request] = api.requests;
  expectProof(request?.headers ?? {});
  expect(request).toMatchObject({ body: BODY, headers: { 'x-github-event': 'push' } });
});

type Sent = Readonly<Record<string, unknown>>;

test("signs as Standard Webhooks' own library does", async () => {
  const api = await testApi(taken);
  const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
  const env = { ...api.env, SIGNATURE_KEY: secret };
  expect(
    await cli(['send', '-', '--source', 's', '--scheme', 'standard'], { env, stdin: BODY }),
  ).toMatchObject({
    code: 0,
  });
  const { headers = {}, body = '' } = api.requests[0] ?? {};
  const sent = new Date(Number(headers['webhook-timestamp']) * 1000);
  const signature = new Webhook(secret).sign(String(headers['webhook-id']), sent, body);
  expect(headers['webhook-signature']).toBe(signature);
});

test.each([
  ['hmac without its header', ['-', '--scheme', 'hmac'], '--signature-header'],
  ['a key that is none of the scheme', ['-', '--scheme', 'standard'], 'whsec_'],
  ["Sqreen's sample under another scheme", ['--scheme', 'github'], 'Name a file'],
])('sends nothing with %s', async (_name, line, told) => {
  const api = await testApi(taken);
  const env = { ...api.env, SIGNATURE_KEY: KEY };
  const { code, err } = await cli(['send', ...line], { env, stdin: BODY });
  expect(code).toBe(1);
  expect(err).toContain(told);
  expect(err).not.toContain(KEY);
  expect(api.requests).toEqual([]);
});

test('no header of the command line takes the place of the proof', async () => {
  const api = await testApi(taken);
  const env = { ...api.env, SIGNATURE_KEY: KEY };
  await cli(['send', '-', '--header', 'X-Sqreen-Integrity: forged'], { env, stdin: '[]' });
  expect(api.requests[0]?.headers['x-sqreen-integrity']).toBe(sign('[]'));
});

test('takes the key from SIGNATURE_KEY_FILE and from .env', async () => {
  const api = await testApi(taken);
  const cwd = testDirectory({ key: KEY, '.env': `SIGNATURE_KEY=${KEY}` });
  await cli(['send', '-'], { cwd, env: { TOCSIN_URL: api.url }, stdin: '[1]' });
  const file = { TOCSIN_URL: api.url, SIGNATURE_KEY_FILE: join(cwd, 'key') };
  await cli(['send', '-'], { env: file, stdin: '[1]' });
  expect(api.requests.map(({ headers }) => headers['x-sqreen-integrity'])).toEqual([
    sign('[1]'),
    sign('[1]'),
  ]);
});

test('a refusal is told in the service’s words, with what to look at', async () => {
  const api = await testApi(() => refused(401, 'signature_invalid', 'The signature does not fit.\u001b[2J'));
  const { code, out, err } = await cli(['send'], { env: { ...api.env, SIGNATURE_KEY: KEY } });
  expect([code, out]).toEqual([1, '']);
  expect(err).toContain('401 The signature does not fit.');
  expect(err).toContain('SIGNATURE_KEY');
  expect(err).not.toContain('\u001b');
  expect(err).not.toContain(KEY);
});

test('--json gives status and body, also of a refusal', async () => {
  const api = await testApi(() => refused(404, 'not_found', 'No such source.'));
  const { code, out } = await cli(['send', '--json', '--source', 'x'], {
    env: { ...api.env, SIGNATURE_KEY: KEY },
  });
  expect(code).toBe(1);
  expect(JSON.parse(out)).toMatchObject({ status: 404, body: { code: 'not_found' } });
});

test('without a key it says how to give one', async () => {
  const { code, err } = await cli(['send'], { env: {} });
  expect(code).toBe(1);
  expect(err).toContain('SIGNATURE_KEY');
});

test('a file that is not there is told and nothing is sent', async () => {
  const api = await testApi(taken);
  const { code, err } = await cli(['send', 'none.json'], { env: { ...api.env, SIGNATURE_KEY: KEY } });
  expect([code, err]).toEqual([1, 'none.json does not exist']);
  expect(api.requests).toEqual([]);
});
