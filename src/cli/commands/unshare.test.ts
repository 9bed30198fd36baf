import { expect, test } from 'vitest';
import { objectOf, TEST_TOKEN } from '../test-api.ts';
import { cli } from '../test-cli.ts';
import { testDirectory } from '../test-directory.ts';
import { DELETE_TOKEN, testMessages } from '../test-messages.ts';

const ID = '0b6cbd2b-6f2c-4f44-9d5c-1a5d3f9d1a11';

async function withMessage() {
  const service = await testMessages();
  service.kept.set(ID, { message: 'x', readsLeft: 1 });
  const { TOCSIN_URL = '' } = service.env;
  return { service, link: `${service.url}/m/${ID}`, env: { TOCSIN_URL } };
}

test('deletes by the token of its making, from a file or typed unseen', async () => {
  for (const from of ['file', 'terminal']) {
    const { service, env } = await withMessage();
    const cwd = testDirectory({ token: `${DELETE_TOKEN}\n` });
    const line = ['unshare', ID.toUpperCase(), ...(from === 'file' ? ['--token-file', 'token'] : [])];
    const { code, out, err, asked } = await cli(line, { env, cwd, typedHidden: [DELETE_TOKEN] });
    expect([code, out, err]).toEqual([0, '', '']);
    expect(asked).toEqual(from === 'file' ? [] : ['Token that deletes it: ']);
    expect(service.requests).toMatchObject([{ method: 'DELETE', path: `/api/v1/messages/${ID}` }]);
    expect(service.kept.size).toBe(0);
  }
});

test('an operator needs no other token at their own service, by id or by link', async () => {
  for (const which of ['id', 'link'] as const) {
    const { service, link } = await withMessage();
    const { code, out } = await cli(['unshare', which === 'id' ? ID : link, '--json'], { env: service.env });
    expect([code, objectOf(out)]).toEqual([0, { message_id: ID, deleted: true }]);
    expect(service.requests[0]?.headers['authorization']).toBe(`Bearer ${TEST_TOKEN}`);
  }
});

test('no token of an operator goes to another service that a link names', async () => {
  const { service, link } = await withMessage();
  const other = await testMessages();
  const { code } = await cli(['unshare', link], { env: other.env, typedHidden: [DELETE_TOKEN] });
  expect([code, other.requests]).toEqual([0, []]);
  expect(service.requests[0]?.headers).not.toHaveProperty('authorization');
});

test.each([
  ['the wrong token', ['unshare', ID], ['wrong'], 'Deleting takes the token.'],
  ['what is no token', ['unshare', ID], ['a\r\nb: c'], 'This is no token that deletes a message.'],
  ['nobody to ask', ['unshare', ID], [], 'There is nobody to ask'],
  ['no message', ['unshare', 'https://host.example/other'], [DELETE_TOKEN], 'This is no link to a message'],
])('deletes nothing with %s', async (_name, line, typedHidden, fault) => {
  const { service, env } = await withMessage();
  const { code, err } = await cli(line, { env, typedHidden });
  expect(code).toBe(1);
  expect(err).toContain(fault);
  expect(service.kept.size).toBe(1);
});
