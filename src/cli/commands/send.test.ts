import { createHmac } from 'node:crypto';
import { join } from 'node:path';
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
