import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterAll, describe, expect, it } from 'vitest';
import type { Principal } from '../../src/aws/principal.ts';
import type { Work } from '../../src/aws/thread/protocol.ts';
import { at } from '../support/ask.ts';
import { anAccount } from '../support/aws/builders.ts';
import { FakeAws } from '../support/aws/fake-aws.ts';
import { type AccessKey, aSessionKey } from '../support/aws/keys.ts';
import { endOfAws, stageAws } from '../support/aws-stage.ts';
import { newDirectory } from '../support/service.ts';
import { until } from '../support/until.ts';
import { endOfVisits } from '../support/visitor.ts';

afterAll(async () => {
  await endOfVisits();
  await endOfAws();
});

const account = anAccount();
const DUMP_MS = 45_000;

/** What must not rest anywhere, in the forms that a text can have in a heap snapshot or a file. */
const textsOf = ({ secret, sessionToken: token }: AccessKey): readonly string[] =>
  [secret, ...(token === undefined ? [] : [token])].flatMap((text) => [
    text,
    JSON.stringify(text).slice(1, -1),
    encodeURIComponent(text),
    Buffer.from(text).toString('base64').replace(/=+$/, ''),
  ]);

function* filesIn(directory: string): Generator<string> {
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) yield* filesIn(path);
    else yield path;
  }
}

const found = (texts: readonly string[], path: string): readonly string[] => {
  const held = readFileSync(path, 'latin1');
  return texts.filter((text) => held.includes(text));
};

describe('the keys that somebody logged in with', () => {
  const session = aSessionKey(account.id, 'Auditor', 'somebody', 1);

  it('are in no file, and in no dump of the memory once their questions are answered', async () => {
    const directory = newDirectory();
    const stage = await stageAws({
      accounts: [account],
      keys: [session],
      directory,
      env: { NODE_OPTIONS: '--heapsnapshot-signal=SIGUSR2' },
    });
    const { there } = stage;
    const login = await there.ask({
      method: 'POST',
      path: '/api/v1/auth/login',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        aws_access_key_id: session.id,
        aws_secret_access_key: session.secret,
        aws_session_token: session.sessionToken,
        aws_region: 'us-west-2',
      }),
    });
    expect(login.status).toBe(200);
    const cookie = String(login.headers['set-cookie']).split(';')[0] ?? '';
    for (const path of ['/api/v1/ecs/clusters', '/api/v1/s3/buckets', '/api/v1/dashboard/summary']) {
      expect((await there.ask({ path, headers: { cookie } })).status).toBe(200);
    }
    expect((await there.operator('GET', '/metrics')).status).toBe(200);

    there.service.process.kill('SIGUSR2');
    const dump = await until(
      'a dump of the memory',
      () => {
        const [name] = readdirSync(directory).filter((file) => file.endsWith('.heapsnapshot'));
        const path = name === undefined ? undefined : join(directory, name);
        // It is whole when it ends as such a document does.
        return path !== undefined && readFileSync(path, 'latin1').trimEnd().endsWith(']}') && path;
      },
      DUMP_MS,
    );
    const texts = textsOf(session);
    expect(found(texts, dump)).toEqual([]);
    for (const file of filesIn(directory)) expect(found(texts, file), file).toEqual([]);
    // The witness of the search: what is there is found.
    expect(found(['AnswerCache'], dump)).not.toEqual([]);
  });

  it('are in no dump of the thread that asked with them', async () => {
    const aws = await FakeAws.start({ accounts: [account], keys: [session] });
    const worker = new Worker(new URL('../../src/aws/thread/thread.js', import.meta.url), {
      workerData: {
        endpoints: { all: aws.url, pathStyle: true },
        callsAtOnce: 8,
        pace: 'careful',
        freshForMs: 60_000,
      },
    });
    const keys = {
      accessKeyId: session.id,
      secretAccessKey: session.secret,
      sessionToken: session.sessionToken ?? '',
    };
    const principal: Principal = { kind: 'keys', keys, region: 'us-west-2' };
    const ask = (work: Work): Promise<unknown> =>
      new Promise((resolve) => {
        worker.once('message', resolve);
        worker.postMessage({ id: 1, work });
      });
    const identified = await ask({ kind: 'identify', principal });
    expect(at(identified, 'result', 'kind')).toBe('known');
    const question = { name: 'summary', region: 'us-west-2' } as const;
    const answered = await ask({
      kind: 'answer',
      principal,
      owner: 'session/one',
      question,
      isForced: false,
      now: Date.now(),
    });
    expect(at(answered, 'result', 'kind')).toBe('answered');
    let dump = '';
    for await (const part of (await worker.getHeapSnapshot()).setEncoding('latin1')) dump += String(part);
    await worker.terminate();
    await aws.close();
    expect(textsOf(session).filter((text) => dump.includes(text))).toEqual([]);
    expect(dump).toContain('AnswerDesk');
  });
});
