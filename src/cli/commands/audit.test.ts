import { expect, test } from 'vitest';
import { answered, objectOf, refused, testApi } from '../test-api.ts';
import { cli } from '../test-cli.ts';

const entry = (n: number, overrides: object = {}) => ({
  id: `aud_019c0000-0000-7000-8000-00000000000${n}`,
  at: `2026-01-31T11:00:0${n}.000Z`,
  actor: 'tok_first',
  action: 'target.pause',
  subject: 'mail',
  before: { state: 'enabled' },
  after: { state: 'paused' },
  ...overrides,
});
const page = (...items: object[]) => answered({ items, nextCursor: null });

test('says who changed what, from what to what, a line each', async () => {
  const api = await testApi(() => page(entry(2), entry(1, { actor: 'a\u001b[31m', before: null })));
  const { code, out } = await cli(['audit'], { env: api.env });
  expect(code).toBe(0);
  expect(out.split('\n')).toEqual([
    expect.stringMatching(
      /^2026-01-31T11:00:02\.000Z +tok_first +target\.pause +mail +\{"state":"enabled"\} → \{"state":"paused"\}$/,
    ),
    expect.stringMatching(/a\\u001b\[31m +target\.pause +mail +\{"state":"paused"\}$/),
  ]);
});

test('asks for what the options say, over as many pages as that takes', async () => {
  const api = await testApi((request) =>
    request.path.includes('cursor=')
      ? page(entry(1))
      : answered({ items: [entry(2)], nextCursor: entry(2).id }),
  );
  const line = [
    'audit',
    '--actor',
    'tok_first',
    '--action',
    'a',
    '--subject',
    's',
    '--since',
    '1h',
    '--limit',
    '300',
  ];
  const { code, out } = await cli([...line, '--json'], { env: api.env });
  expect(code).toBe(0);
  expect(out.split('\n').map((text) => objectOf(text)['id'])).toEqual([entry(2).id, entry(1).id]);
  const asked = api.requests.map(({ path }) => new URL(path, 'http://x').searchParams);
  expect(Object.fromEntries(asked[0] ?? [])).toEqual({
    actor: 'tok_first',
    action: 'a',
    subject: 's',
    since: '2026-01-31T11:00:00.000Z',
    limit: '200',
  });
  expect(asked[1]?.get('cursor')).toBe(entry(2).id);
});

test('--follow shows what is done from now on, oldest first, each once', async () => {
  let known = [entry(1)];
  const api = await testApi(() => page(...known.toReversed()));
  const onPause = (): void => {
    known = known.length === 1 ? [...known, entry(2), entry(3)] : known;
  };
  const { code, out } = await cli(['audit', '--follow', '--json'], { env: api.env, pauses: 3, onPause });
  expect(code).toBe(0);
  expect(out.split('\n').map((text) => objectOf(text)['id'])).toEqual([entry(2).id, entry(3).id]);
});

test('a refusal exits with 1 in the service’s words', async () => {
  const api = await testApi(() => refused(403, 'forbidden', 'This needs a token with the scope "admin".'));
  const { code, out, err } = await cli(['audit'], { env: api.env });
  expect([code, out, err]).toEqual([1, '', 'This needs a token with the scope "admin".']);
});

test('a misspelt time exits with 2', async () => {
  expect((await cli(['audit', '--since', 'yesterday'])).code).toBe(2);
});
