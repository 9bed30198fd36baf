import { rmSync } from 'node:fs';
import { expect } from 'vitest';
import { type Answer, ask, type Question } from './ask.ts';
import { checkAnswer } from './check-answer.ts';
import { Description } from './description.ts';
import { type RawClient, exchange } from './raw-client.ts';
import {
  dispose,
  KEY,
  type Service,
  type ServiceOptions,
  sign,
  spawnService,
  startService,
  TOKEN,
} from './service.ts';
import { leaks, sawAnswer, secret, watchOutput } from './witness.ts';

for (const known of [TOKEN, KEY, 'a-master-key-for-tests']) secret(known);

export interface Signed {
  readonly key?: string;
  readonly path?: string;
  readonly headers?: Question['headers'];
}

/** A running service and its guest: whatever it answers is held against the contract and its own description. */
export interface Visit {
  readonly service: Service;
  readonly url: string;
  readonly description: Description;
  /** Anything, as anybody. */
  ask(question: Question): Promise<Answer>;
  /** As an operator; `body` goes as JSON. */
  operator(method: string, path: string, body?: unknown): Promise<Answer>;
  /** A body with its signature. */
  webhook(body: string | Buffer, signed?: Signed): Promise<Answer>;
  /** Bytes as they are. */
  raw(bytes: string | Buffer, answers?: number): Promise<RawClient>;
}

const visited = new Set<Service>();

/** Starts a service to visit. */
export async function visit(options: ServiceOptions = {}): Promise<Visit> {
  const service = await startService(options);
  visited.add(service);
  watchOutput(`the output of ${service.url}`, () => service.stdout() + service.stderr());
  return visitAt(service);
}

/** Visits a service that is there; `url` when it is not the one it prints. */
export async function visitAt(service: Service, url = service.url): Promise<Visit> {
  const { json } = await ask(url, { path: '/api/v1/openapi.json' });
  const description = new Description(json);
  const checked = async (question: Question): Promise<Answer> => {
    const answer = await ask(url, question);
    const { method = 'GET', path } = question;
    sawAnswer(`${method} ${path}`, `${JSON.stringify(answer.headers)}${answer.text}`);
    checkAnswer(answer, question, url.startsWith('https:'));
    description.check(method, path, answer);
    return answer;
  };
  return {
    service,
    url,
    description,
    ask: checked,
    operator: (method, path, body) => checked({ method, path, ...operatorPart(body) }),
    webhook: (body, { key = KEY, path = '/v1/webhook', headers = {} } = {}) =>
      checked({
        method: 'POST',
        path,
        body,
        headers: { 'content-type': 'application/json', 'x-sqreen-integrity': sign(body, key), ...headers },
      }),
    raw: async (bytes, answers) => {
      const client = await exchange(url, bytes, answers);
      sawAnswer('an answer to raw bytes', client.received);
      return client;
    },
  };
}

function operatorPart(body: unknown): Pick<Question, 'headers' | 'body'> {
  const authorization = `Bearer ${TOKEN}`;
  if (body === undefined) return { headers: { authorization } };
  return { headers: { authorization, 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

export interface Refused {
  readonly code: number | string;
  readonly stdout: string;
  readonly stderr: string;
}

/** A start that must end by itself. */
export async function refusedStart(options: ServiceOptions = {}): Promise<Refused> {
  const { child, directory, exited, stdout, stderr } = spawnService(options);
  watchOutput(`the output of a refused start in ${directory}`, () => stdout() + stderr());
  // A start that is not refused, or does not end, must not outlive the test.
  const killer = setTimeout(() => child.kill('SIGKILL'), 15_000);
  const code = await exited;
  clearTimeout(killer);
  if (options.directory === undefined) rmSync(directory, { recursive: true, force: true });
  return { code, stdout: stdout(), stderr: stderr() };
}

/** For `afterAll`: ends everything and looks through all that was written and answered. */
export async function endOfVisits(): Promise<void> {
  // Asked to end, so that they write out what their logs hold; not waited for at length.
  await Promise.all([...visited].map(ended));
  const shown = leaks();
  await dispose();
  expect(shown, 'secrets shown').toEqual([]);
}

async function ended(service: Service): Promise<void> {
  service.process.kill('SIGTERM');
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, 1_500)));
  await Promise.race([service.exited, late]);
  clearTimeout(timer);
}
