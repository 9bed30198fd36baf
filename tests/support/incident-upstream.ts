import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { answerWrongly, type Coding, compressed, type UpstreamFault } from './incident-upstream-fault.ts';
import { fixtureData, neededAddresses, type UpstreamData } from './incident-upstream-data.ts';
import { seeded } from './seeded.ts';
import { SharedLoad } from './shared-load.ts';

const IDENTITIES_MS = 290;
const ALONE_MS = 1_750;
const SEVEN_MS = 4_600;
/** Addresses that do not resolve come back this long after the load is gone. */
const RECOVERY_MS = 2_000;

export interface UpstreamOptions {
  readonly user?: string;
  readonly password?: string;
  /** Of the original's times: 1 is as slow as it was, 0 answers at once. */
  readonly factor?: number;
  readonly seed?: number;
  /** So many of the addresses that incidents need are unknown while seven lists are under way, fewer while fewer are. */
  readonly dropOutsMax?: number;
  /** The real answers when absent. */
  readonly data?: UpstreamData;
  readonly port?: number;
}

export interface UpstreamRequest {
  /** `identities`, or a type; empty for anything else. */
  readonly list: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Lists under way when it came, itself included. */
  readonly underWay: number;
}

/** A stand-in for the incident API, with its times and its failings, on a loopback port. */
export class IncidentUpstream {
  readonly requests: UpstreamRequest[] = [];
  readonly user: string;
  readonly password: string;
  readonly lists: Map<string, unknown[]>;
  readonly identities: Map<string, number>;
  /** Answers with ETag and Last-Modified, and with 304. */
  isConditional = false;
  /** Compresses for those who accept it. */
  coding: Coding | undefined;
  /** So many of the addresses that incidents need are unknown now, whatever the load. */
  forgotten = 0;
  /** The most lists that were under way at once. */
  mostUnderWay = 0;
  readonly #faults = new Map<string, { fault: UpstreamFault; left: number }>();
  readonly #needed: readonly string[];
  readonly #dropOutsMax: number;
  readonly #factor: number;
  readonly #random: () => number;
  readonly #load: SharedLoad;
  readonly #server = createServer((request, response) => void this.#take(request, response));
  readonly #open = new Set<Socket>();
  #peak = { count: 0, at: 0 };

  private constructor(options: UpstreamOptions) {
    const { user = 'elevate', password = 'a password of the tests', seed = 1, factor = 0 } = options;
    const data = options.data ?? fixtureData();
    this.user = user;
    this.password = password;
    this.lists = new Map(Object.entries(data.lists).map(([type, records]) => [type, [...records]]));
    this.identities = new Map(Object.entries(data.identities));
    this.#needed = neededAddresses(data, seed);
    this.#dropOutsMax = options.dropOutsMax ?? 0;
    this.#factor = factor;
    this.#random = seeded(seed);
    this.#load = new SharedLoad((count) => factor * (ALONE_MS + ((count - 1) / 6) * (SEVEN_MS - ALONE_MS)));
    this.#server.on('connection', (socket: Socket) => {
      this.#open.add(socket);
      socket.on('error', () => {}).on('close', () => this.#open.delete(socket));
    });
  }

  static async start(options: UpstreamOptions = {}): Promise<IncidentUpstream> {
    const upstream = new IncidentUpstream(options);
    await once(upstream.#server.listen(options.port ?? 0, '127.0.0.1'), 'listening');
    return upstream;
  }

  get port(): number {
    const address: string | AddressInfo | null = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('not listening');
    return address.port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get connections(): number {
    return this.#open.size;
  }

  /** From now on the list fails so, `times` times; undefined: no more. `*`: all that have no fault of their own. */
  fail(list: string, fault: UpstreamFault | undefined, times = Number.POSITIVE_INFINITY): void {
    if (fault === undefined) this.#faults.delete(list);
    else this.#faults.set(list, { fault, left: times });
  }

  heal(): void {
    this.#faults.clear();
  }

  records(type: string): unknown[] {
    const records = this.lists.get(type);
    if (records === undefined) throw new TypeError(`no list of ${type}`);
    return records;
  }

  add(type: string, ...records: unknown[]): void {
    this.records(type).push(...records);
  }

  replace(type: string, records: readonly unknown[]): void {
    this.lists.set(type, [...records]);
  }

  /** Undefined: nobody's any more. */
  identify(address: string, employee: number | undefined): void {
    if (employee === undefined) this.identities.delete(address);
    else this.identities.set(address, employee);
  }

  asked(list: string): readonly UpstreamRequest[] {
    return this.requests.filter((request) => request.list === list);
  }

  async close(): Promise<void> {
    this.#load.close();
    for (const socket of this.#open) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? '';
    const list = this.#listOf(path);
    const isList = list !== '' && list !== 'identities';
    const underWay = this.#load.count + (isList ? 1 : 0);
    this.requests.push({ list, path, headers: headersOf(request), underWay });
    this.mostUnderWay = Math.max(this.mostUnderWay, underWay);
    if (list === '') return void response.writeHead(404).end();
    if (!path.endsWith('/')) return void response.writeHead(301, { location: `${this.url}${path}/` }).end();
    if (!this.#isProved(request)) return void response.writeHead(401, { 'www-authenticate': 'Basic' }).end();
    await this.#labour(isList, response);
    const fault = this.#faultOf(list);
    const body = this.#body(list);
    if (fault === undefined) this.#answer(request, response, body);
    else answerWrongly(fault, response, body);
  }

  #listOf(path: string): string {
    const [, identities, type] = /^\/(?:(identities)|incidents\/([^/?#]+))\/?$/.exec(path) ?? [];
    return identities ?? (type !== undefined && this.lists.has(type) ? type : '');
  }

  #isProved(request: IncomingMessage): boolean {
    const expected = Buffer.from(`${this.user}:${this.password}`).toString('base64');
    return request.headers.authorization === `Basic ${expected}`;
  }

  /** Takes the time that the original takes. A tenth of the answers are far slower than the others. */
  async #labour(isList: boolean, response: ServerResponse): Promise<void> {
    if (this.#factor === 0) return;
    if (!isList) return pause(IDENTITIES_MS * this.#factor);
    const left = new AbortController();
    response.on('close', () => left.abort());
    const draw = this.#random();
    const done = this.#load.run(draw < 0.1 ? 1.1 + 2 * draw : 0.8 + 0.25 * draw, left.signal);
    this.#notePeak();
    await done;
    this.#notePeak();
  }

  #notePeak(): void {
    const { count } = this.#load;
    if (count >= this.#peak.count || this.#isRecovered()) this.#peak = { count, at: performance.now() };
  }

  #isRecovered(): boolean {
    return performance.now() - this.#peak.at > RECOVERY_MS * this.#factor;
  }

  #faultOf(list: string): UpstreamFault | undefined {
    const key = this.#faults.has(list) ? list : '*';
    const found = this.#faults.get(key);
    if (found === undefined) return undefined;
    found.left -= 1;
    if (found.left <= 0) this.#faults.delete(key);
    return found.fault;
  }

  #body(list: string): Buffer {
    if (list !== 'identities') return Buffer.from(JSON.stringify({ results: this.records(list) }));
    const known = new Map(this.identities);
    for (const address of this.#needed.slice(0, this.#missing())) known.delete(address);
    return Buffer.from(JSON.stringify(Object.fromEntries(known)));
  }

  #missing(): number {
    const count = Math.max(this.#load.count, this.#isRecovered() ? 0 : this.#peak.count);
    return Math.max(this.forgotten, Math.round((this.#dropOutsMax * Math.max(0, count - 1)) / 6));
  }

  #answer(request: IncomingMessage, response: ServerResponse, body: Buffer): void {
    const etag = `"${createHash('sha256').update(body).digest('base64url')}"`;
    if (this.isConditional) response.setHeader('etag', etag);
    if (this.isConditional && request.headers['if-none-match'] === etag)
      return void response.writeHead(304).end();
    response.setHeader('content-type', 'application/json');
    const accepted = request.headers['accept-encoding'] ?? '';
    if (this.coding === undefined || !accepted.includes(this.coding)) return void response.end(body);
    response.setHeader('content-encoding', this.coding);
    response.end(compressed(body, this.coding));
  }
}

function headersOf(request: IncomingMessage): Record<string, string> {
  const entries = Object.entries(request.headers).map(([name, value]) => [name, [value].flat().join(', ')]);
  return Object.fromEntries(entries) as Record<string, string>;
}
