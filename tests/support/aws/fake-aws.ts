import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import type { Account } from './account.ts';
import { AnswerCache } from './answer-cache.ts';
import { CallLog } from './call-log.ts';
import { Faults, isAction } from './faults.ts';
import { KeyRing } from './key-ring.ts';
import type { AccessKey } from './keys.ts';
import type { Caller, ServiceName } from './operation.ts';
import type { Parameters } from './parameters.ts';
import { Refusal } from './refusal.ts';
import { operations } from './services/operations.ts';
import { claimOf, type SignedRequest } from './signature.ts';
import { denial, inflict, Turn } from './turn.ts';
import { type Answer, answerOf, refused } from './wire/answer.ts';
import { askedOf, type Protocol, protocolOf, serviceOf, tableOf } from './wire/request.ts';
import { refusalOf } from './words.ts';

const table = tableOf(operations);

export interface FakeAwsOptions {
  readonly accounts: readonly Account[];
  readonly keys: readonly AccessKey[];
  /** Unix ms; the real time where it is left out, as clients sign with that. */
  readonly now?: () => number;
  /** 0, the default, is any free one. */
  readonly port?: number;
  /** Points in one answer of GetMetricData, for tests of its pages. */
  readonly metricPointsMax?: number;
}

/**
 * AWS over the wire: a server on loopback that real SDKs talk to, over accounts that are data. One port for all services;
 * signatures are verified, lists are paged and bounded, and refusals have AWS's codes and statuses.
 */
export class FakeAws {
  readonly faults: Faults;
  readonly log = new CallLog();
  readonly keys: KeyRing;
  readonly #accounts: Map<string, Account>;
  readonly #cache = new AnswerCache();
  readonly #now: () => number;
  readonly #metricPointsMax: number | undefined;
  readonly #server = createServer((request, response) => void this.#take(request, response));
  readonly #open = new Set<Socket>();

  private constructor({ accounts, keys, now = Date.now, metricPointsMax }: FakeAwsOptions) {
    this.#now = now;
    this.#metricPointsMax = metricPointsMax;
    this.#accounts = new Map(accounts.map((account) => [account.id, account]));
    this.keys = new KeyRing(keys, now);
    this.faults = new Faults(now);
    // Idle connections stay: a client that takes one just as it is closed would see a failure that nobody planted.
    this.#server.keepAliveTimeout = 0;
    this.#server.on('connection', (socket: Socket) => {
      this.#open.add(socket);
      socket.on('error', () => {}).on('close', () => this.#open.delete(socket));
    });
  }

  static async start(options: FakeAwsOptions): Promise<FakeAws> {
    const aws = new FakeAws(options);
    await once(aws.#server.listen(options.port ?? 0, '127.0.0.1'), 'listening');
    return aws;
  }

  /** The endpoint of all services. */
  get url(): string {
    const address: string | AddressInfo | null = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('not listening');
    return `http://127.0.0.1:${address.port}`;
  }

  account(id: string): Account {
    const account = this.#accounts.get(id);
    if (account === undefined) throw new Error(`there is no account ${id}`);
    return account;
  }

  /** From now on the account is what is made of it. */
  change(id: string, change: (account: Account) => Account): void {
    this.#accounts.set(id, change(this.account(id)));
  }

  async close(): Promise<void> {
    for (const socket of this.#open) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request);
    if (body === undefined) return;
    this.log.begin();
    const signed: SignedRequest = {
      method: request.method ?? 'GET',
      target: request.url ?? '/',
      headers: request.headers,
      body,
    };
    const claim = claimOf(request.headers.authorization);
    const service = serviceOf(claim?.service, signed);
    const protocol = protocolOf(service, request.headers);
    const turn = new Turn(service, claim?.region ?? '', claim?.accessKeyId ?? '');
    const answer = await this.#answer(turn, protocol, signed);
    if (answer !== undefined) send(response, answer, turn.isTruncated);
    else if (!turn.hangs) response.socket?.resetAndDestroy();
    this.log.end(turn.call(answer?.status ?? 0));
  }

  /** Undefined: none at all. */
  async #answer(turn: Turn, protocol: Protocol, request: SignedRequest): Promise<Answer | undefined> {
    try {
      return await this.#carryOut(turn, protocol, request);
    } catch (error) {
      // Whatever is no refusal is a mistake of ours; told as AWS tells its own, so that no client waits for ever.
      const refusal = error instanceof Refusal ? error : refusalOf(turn.service, 'internal');
      if (!(error instanceof Refusal)) turn.mistake = error;
      turn.code = turn.mistake === undefined ? refusal.code : `mistake: ${String(turn.mistake)}`;
      return refused(turn.service, protocol, refusal, request.method === 'HEAD');
    }
  }

  async #carryOut(turn: Turn, protocol: Protocol, request: SignedRequest): Promise<Answer | undefined> {
    const { key, claim } = this.keys.verify(turn.service, request);
    const { operation, parameters } = askedOf(turn.service, protocol, request, table);
    turn.read(operation, parameters);
    const caller = this.#callerOf(key, claim.region, turn.service);
    const done = await this.#suffer(turn, key, parameters);
    if (done !== 'answer') return done;
    if (!mayDo(key, operation.action)) throw denial(turn, key);
    return this.#cache.answer(caller, protocol, operation, parameters, () =>
      answerOf(operation, protocol, operation.answer(parameters, caller)),
    );
  }

  #callerOf(key: AccessKey, regionName: string, service: ServiceName): Caller {
    const account = this.account(key.accountId);
    const region = account.regions[regionName];
    if (region === undefined) throw refusalOf(service, 'unknownKey');
    return {
      key,
      account,
      regionName,
      region,
      now: this.#now(),
      metricPointsMax: this.#metricPointsMax,
      accounts: this.#accounts,
      assumeRole: (roleArn, asked) => this.keys.assumeRole(key, this.#accounts, roleArn, asked),
    };
  }

  /** `answer`: nothing stands in the way of the real one. */
  async #suffer(turn: Turn, key: AccessKey, parameters: Parameters): Promise<Answer | 'answer' | undefined> {
    const faults = this.faults.of({
      action: turn.action,
      region: turn.region,
      accountId: key.accountId,
      accessKeyId: key.id,
      mentions: (resource) => parameters.mentions(resource),
    });
    if (this.faults.latencyMs > 0) await wait(this.faults.latencyMs);
    for (const fault of faults) {
      const done = await inflict(fault, turn, key);
      if (done !== 'answer') return done;
    }
    return 'answer';
  }
}

/** Who they are, everybody may ask. */
const mayDo = ({ allows }: AccessKey, action: string): boolean =>
  action === 'sts:GetCallerIdentity' || (allows?.some((pattern) => isAction(pattern, action)) ?? true);

let requests = 0;

function send(response: ServerResponse, { status, headers, body }: Answer, isTruncated: boolean): void {
  requests += 1;
  const id = `00000000-0000-4000-8000-${String(requests).padStart(12, '0')}`;
  response.writeHead(status, {
    'x-amzn-requestid': id,
    'x-amz-request-id': id,
    'content-length': body.length,
    ...headers,
  });
  if (!isTruncated) {
    response.end(body);
    return;
  }
  response.write(body.subarray(0, Math.floor(body.length / 2)), () => response.socket?.destroy());
}

/** Undefined: the caller left in the midst of it. */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
  } catch {
    return undefined;
  }
  return Buffer.concat(chunks);
}
