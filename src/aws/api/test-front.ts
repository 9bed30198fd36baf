import { ManualClock } from '../../../tests/support/manual-clock.ts';
import { type Answer, ask as askHttp, type Question as Asked } from '../../../tests/support/ask.ts';
import { type RouteServer, serveRoutes } from '../../../tests/support/route-server.ts';
import { tagOf } from '../../kernel/entity-tag.ts';
import type { Logger } from '../../kernel/log.ts';
import { openMemory } from '../../storage/ephemeral/memory.ts';
import type { Submission } from '../../storage/statement.ts';
import type { ReadFailure } from '../inventory/reading.ts';
import type { Principal } from '../principal.ts';
import type { AskedAccount } from '../session/asker.ts';
import type { Answered, Identified } from '../thread/protocol.ts';
import type { Question } from '../views/question.ts';
import { type AwsFront, awsRoutes, type AwsRoutesOptions } from './aws-routes.ts';

export const MINUTE_MS = 60_000;
export const KEY_ID = 'AKIAIOSFODNN7EXAMPLE';
/** A login as the contract has it. */
export const body = (over: object = {}): string =>
  JSON.stringify({
    aws_access_key_id: KEY_ID,
    aws_secret_access_key: 'not-a-real-secret',
    aws_region: 'us-west-2',
    ...over,
  });

export const failure = (over: Partial<ReadFailure> = {}): ReadFailure => ({
  kind: 'denied',
  action: 'ecs:ListClusters',
  region: 'us-west-2',
  code: 'AccessDeniedException',
  ...over,
});

const encoder = new TextEncoder();
export function answered(document: object, readAt: number): Answered {
  const body = encoder.encode(JSON.stringify(document));
  return { kind: 'answered', body, tag: tagOf(body), readAt };
}

export const configured = (id: string, region = 'eu-west-1'): AskedAccount => ({
  id,
  region,
  principal: { kind: 'configured', id, source: 'default', region },
});

/** One question that reached the thread. */
export interface Reached {
  readonly principal: Principal;
  readonly owner: string;
  readonly question: Question;
  readonly isForced: boolean;
}

/** Login and reads behind the real server, with an AWS that says what a test lets it say. */
export class AwsStage {
  readonly clock = new ManualClock(undefined, Date.UTC(2026, 5, 1, 12));
  identify: (principal: Principal) => Promise<Identified> = (principal) => Promise.resolve(known(principal));
  answer: (reached: Reached) => Promise<Answered> = async () => answered({ ok: true }, this.clock.now());
  accounts: readonly AskedAccount[] = [];
  reached: Reached[] = [];
  forgotten: string[] = [];
  /** Rows of the audit log, as text. */
  audited: string[] = [];
  /** All that was logged, as text. */
  logged: string[] = [];
  submit: (submission: Submission) => Promise<readonly boolean[]> = async (submission) => {
    for (const { writes } of submission) for (const { row } of writes) this.audited.push(JSON.stringify(row));
    return submission.map(() => true);
  };
  readonly #over: Partial<AwsRoutesOptions>;
  #front: AwsFront | undefined;
  #server: RouteServer | undefined;

  constructor(over: Partial<AwsRoutesOptions> = {}) {
    this.#over = over;
  }

  async open(): Promise<this> {
    const note = (fields: object, message: string) =>
      void this.logged.push(JSON.stringify([fields, message]));
    const log: Logger = { debug: note, info: note, warn: note, error: note };
    this.#front = awsRoutes({
      identify: (principal) => this.identify(principal),
      ask: (principal, owner, question, isForced) => {
        const reached = { principal, owner, question, isForced };
        this.reached.push(reached);
        return this.answer(reached);
      },
      forget: (owner) => void this.forgotten.push(owner),
      accounts: () => this.accounts,
      ephemeral: openMemory(this.clock),
      journal: { submit: (submission) => this.submit(submission) },
      clock: this.clock,
      standing: () => Promise.resolve(null),
      sessionMs: 60 * MINUTE_MS,
      freshForMs: MINUTE_MS,
      staleForMs: 15 * MINUTE_MS,
      loginRates: { perClient: 1_000, failuresPerClient: 1_000, all: 1_000, atOnce: 100 },
      ...this.#over,
    });
    this.#server = await serveRoutes(this.#front.routes, { clock: this.clock, log });
    return this;
  }

  get front(): AwsFront {
    if (this.#front === undefined) throw new TypeError('the stage is not open');
    return this.#front;
  }

  get server(): RouteServer {
    if (this.#server === undefined) throw new TypeError('the stage is not open');
    return this.#server;
  }

  login(over: object = {}, headers: Asked['headers'] = {}): Promise<Answer> {
    return this.server.ask({
      method: 'POST',
      path: '/api/v1/auth/login',
      headers: { 'content-type': 'application/json', ...headers },
      body: body(over),
    });
  }

  /** The cookie of a login, as a browser sends it. */
  async cookie(over: object = {}): Promise<string> {
    return cookieOf(await this.login(over));
  }

  get(path: string, cookie?: string, headers: Asked['headers'] = {}): Promise<Answer> {
    return this.server.ask({ path, headers: { ...(cookie === undefined ? {} : { cookie }), ...headers } });
  }

  /** Not checked for what holds for all answers. */
  raw(question: Asked): Promise<Answer> {
    return askHttp(this.server.url, question);
  }

  async close(): Promise<void> {
    this.#front?.stop();
    await this.#server?.close();
  }
}

/** Whose keys they are: the account is told apart by the key. */
const known = (principal: Principal): Identified => ({
  kind: 'known',
  identity: {
    accountId: '123456789012',
    arn: `arn:aws:iam::123456789012:user/${principal.kind === 'keys' ? principal.keys.accessKeyId.slice(-4) : 'x'}`,
    partition: 'aws',
  },
});

/** `name=value` of an answer's Set-Cookie. */
export const cookieOf = ({ headers }: Answer): string => headers['set-cookie']?.[0]?.split(';', 1)[0] ?? '';
