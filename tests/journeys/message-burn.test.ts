import { createHash, randomBytes } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import { type Answer, ask, at, textAt } from '../support/ask.ts';
import { describeWith, redisUrl } from '../support/needs.ts';
import { createDatabase, type TestDatabase } from '../support/postgres.ts';
import { RawClient } from '../support/raw-client.ts';
import { endOfVisits, type Visit, visit } from '../support/visitor.ts';

const CLAIMS = 64;
const ROUNDS = 5;

const send = (url: string, path: string, body: unknown): Promise<Answer> =>
  ask(url, {
    method: 'POST',
    path,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

/** Claims by all at once, shared out among the processes. */
async function race(urls: readonly string[], id: string, count: number, body: unknown): Promise<Answer[]> {
  const path = `/api/v1/messages/${id}/claim`;
  return Promise.all(Array.from({ length: count }, (_, n) => send(urls[n % urls.length] ?? '', path, body)));
}

async function make(url: string, body: unknown): Promise<string> {
  return textAt((await send(url, '/api/v1/messages', body)).json, 'message_id');
}

function burnsExactly(start: () => Promise<readonly string[]>): void {
  it(`of ${CLAIMS} claims of one message at once exactly one gets it`, async () => {
    const urls = await start();
    for (let round = 0; round < ROUNDS; round++) {
      const id = await make(urls[round % urls.length] ?? '', { message: 'once', max_reads: 1 });
      const answers = await race(urls, id, CLAIMS, {});
      expect(answers.filter(({ status }) => status === 200).map(({ json }) => json)).toEqual([
        { message_id: id, message: 'once', reads_left: 0 },
      ]);
      expect(answers.filter(({ status }) => status === 404)).toHaveLength(CLAIMS - 1);
    }
  }, 60_000);

  it('with reads for ten, exactly ten get it, each a number of its own', async () => {
    const urls = await start();
    const id = await make(urls[0] ?? '', { message: 'ten times', max_reads: 10 });
    const answers = await race(urls, id, CLAIMS, {});
    const left = answers
      .filter(({ status }) => status === 200)
      .map(({ json }) => Number(at(json, 'reads_left')));
    expect(left.sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(answers.filter(({ status }) => status === 404)).toHaveLength(CLAIMS - 10);
  }, 60_000);

  it('a sealed one that many claim rightly and wrongly at once goes to one, and wrong keys take nothing', async () => {
    const urls = await start();
    const token = randomBytes(32);
    const claim_hash = createHash('sha256').update(token).digest('base64url');
    const id = await make(urls[0] ?? '', {
      sealed: { version: 1, ciphertext: 'AAAA', claim_hash },
      max_reads: 1,
    });
    const wrong = race(urls, id, 8, { claim_token: randomBytes(32).toString('base64url') });
    const right = race(urls, id, CLAIMS, { claim_token: token.toString('base64url') });
    const answers = [...(await wrong), ...(await right)];
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    for (const { status } of answers) expect([200, 403, 404]).toContain(status);
  }, 60_000);
}

describe('burning, over one process on SQLite', () => {
  afterAll(endOfVisits);
  let there: Promise<Visit> | undefined;
  burnsExactly(async () => {
    there ??= visit();
    return [(await there).url];
  });
});

/** With more a minute a client waits between its claims. */
const WRONG_KEYS = 11;

describe('a claim that waits for its turn', () => {
  afterAll(endOfVisits);
  it.each(['half', 'all'])(
    'is not made when its sender has closed %s of the connection',
    async (how) => {
      const { url } = await visit();
      const token = randomBytes(32);
      const claim_hash = createHash('sha256').update(token).digest('base64url');
      const id = await make(url, { sealed: { version: 1, ciphertext: 'AAAA', claim_hash }, max_reads: 1 });
      await race([url], id, WRONG_KEYS, { claim_token: 'AAAA' });
      const body = JSON.stringify({ claim_token: token.toString('base64url') });
      const client = await RawClient.connect(url);
      client.send(
        `POST /api/v1/messages/${id}/claim HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n` +
          `Content-Length: ${body.length}\r\n\r\n${body}`,
      );
      if (how === 'half') client.finish();
      else client.close();
      // Of one client the first come is the first served.
      const [next] = await race([url], id, 1, { claim_token: token.toString('base64url') });
      expect(next).toMatchObject({ status: 200, json: { reads_left: 0 } });
      expect(client.received).not.toContain('AAAA');
    },
    30_000,
  );
});

describe('burning, in memory', () => {
  afterAll(endOfVisits);
  let there: Promise<Visit> | undefined;
  burnsExactly(async () => {
    there ??= visit({ env: { TOCSIN_MESSAGES_STORE: 'memory' } });
    return [(await there).url];
  });
});

/** Two processes on one database of the test's own. */
function pair(env: () => Record<string, string>) {
  let database: Promise<TestDatabase> | undefined;
  let both: Promise<readonly string[]> | undefined;
  const startBoth = async (): Promise<readonly string[]> => {
    database = createDatabase();
    const options = { env: { DATABASE_URL: (await database).url, ...env() } };
    return Promise.all([visit(options), visit(options)].map(async (one) => (await one).url));
  };
  return {
    start: () => (both ??= startBoth()),
    end: async () => {
      await endOfVisits();
      await (await database)?.drop();
    },
  };
}

await describeWith('postgres', 'burning, over two processes on one PostgreSQL', () => {
  const { start, end } = pair(() => ({}));
  afterAll(end);
  burnsExactly(start);
});

/** A database of the server's that no other test uses. */
function ownRedis(): string {
  const url = new URL(redisUrl);
  url.pathname = '/9';
  return url.href;
}

await describeWith('postgres', 'with two processes', async () => {
  await describeWith('redis', 'burning, in a Redis that both share', () => {
    const { start, end } = pair(() => ({ REDIS_URL: ownRedis(), TOCSIN_MESSAGES_STORE: 'redis' }));
    afterAll(end);
    burnsExactly(start);
  });
});
