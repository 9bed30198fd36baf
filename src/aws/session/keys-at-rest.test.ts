import { randomBytes } from 'node:crypto';
import { setFlagsFromString, getHeapSnapshot } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AwsStage, cookieOf } from '../api/test-front.ts';

const stage = new AwsStage();
beforeAll(() => stage.open());
afterAll(() => stage.close());

/** Hex, spelt backwards: what is looked for is nowhere as it is looked for. */
const backwards = (text: string): string => [...text].toReversed().join('');

/** Every string that the program can still get at. */
async function heap(): Promise<string> {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  if (typeof collect !== 'function') throw new TypeError('no garbage collector');
  // What requests left behind is let go of in a few turns.
  for (let turn = 0; turn < 5; turn++) {
    await new Promise((resolve) => setImmediate(resolve));
    collect();
  }
  const chunks: Buffer[] = [];
  for await (const chunk of getHeapSnapshot()) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('latin1');
}

test('after a login, and a read, no string of the process holds the keys', async () => {
  const secretBackwards = backwards(randomBytes(20).toString('hex'));
  const held = { marker: backwards(randomBytes(20).toString('hex')) };
  const secretOf = (): string => backwards(secretBackwards);
  let cookie = '';
  await (async () => {
    const answer = await stage.login({
      aws_secret_access_key: secretOf(),
      aws_session_token: `token-${secretOf()}`,
    });
    expect(answer.status).toBe(200);
    cookie = cookieOf(answer);
    expect((await stage.get('/api/v1/ecs/clusters', cookie)).status).toBe(200);
    // What reached the thread was handed over, not kept: by this test alone.
    expect(JSON.stringify(stage.reached[0]?.principal)).toContain(secretOf());
    stage.reached = [];
  })();
  const snapshot = await heap();
  expect(snapshot.includes(held.marker), 'a string that is held is seen').toBe(true);
  expect(snapshot.includes(backwards(secretBackwards)), 'the secret is not').toBe(false);
  expect((await stage.get('/api/v1/auth/session', cookie)).status).toBe(200);
});
