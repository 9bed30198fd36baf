import { jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import { nkeys } from '@nats-io/transport-node';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NatsServer } from '../../../tests/support/nats-server.ts';
import { describeWith, natsUrl } from '../../../tests/support/needs.ts';
import { faultsOf, openKind, type OpenedKind } from '../../../tests/support/open-kind.ts';
import { sampleEvent, sampleJob } from '../../../tests/support/sample-event.ts';
import { TcpRelay } from '../../../tests/support/tcp-relay.ts';
import { renewedFixture, tlsFixture } from '../../../tests/support/tls-fixture.ts';
import { until } from '../../../tests/support/until.ts';
import { guardedDial, openDial } from '../../kernel/dial.ts';
import { egressGuard } from '../../kernel/egress.ts';
import { connectNats, type NatsConnection } from '../nats-transport.ts';
import type { Job, TargetContext } from '../target.ts';
import { targetContract, type Received, type Stage } from './contract.ts';
import { nats } from './nats.ts';

const url = new URL(natsUrl);
const there = { host: url.hostname, port: Number(url.port) || 4222 };
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});
const kept = <T extends { close(): unknown }>(thing: T): T => {
  cleanups.push(() => thing.close());
  return thing;
};
const open = (settings: object, context: Partial<TargetContext> = {}): OpenedKind =>
  kept(openKind(nats, { security: 'none', subject: 'tocsin.none', ...settings }, context));
const send = (opened: OpenedKind, job: Job = sampleJob(), signal = new AbortController().signal) =>
  opened.target.send(job, signal);

interface Message {
  readonly subject: string;
  readonly id: string;
  readonly body: string;
}

/** A stream of its own on a server, with whoever looks into it. */
class Stream {
  readonly #connection: NatsConnection;
  readonly manager: JetStreamManager;
  readonly name: string;

  private constructor(connection: NatsConnection, manager: JetStreamManager, name: string) {
    this.#connection = connection;
    this.manager = manager;
    this.name = name;
  }

  static async start(servers = `${there.host}:${there.port}`, proof: object = {}): Promise<Stream> {
    const connection = await connectNats({ servers, signal: new AbortController().signal, ...proof });
    const name = `tocsin-test-${process.pid}-${Math.random().toString(36).slice(2)}`;
    const stream = new Stream(connection, await jetstreamManager(connection), name);
    await stream.make();
    return stream;
  }

  get subject(): string {
    return `${this.name}.{severity}`;
  }

  make = (more: object = {}) =>
    this.manager.streams.add({ name: this.name, subjects: [`${this.name}.>`], ...more });
  unmake = () => this.manager.streams.delete(this.name);

  /** Every message, in the order of their arrival. */
  async messages(): Promise<readonly Message[]> {
    const { state } = await this.manager.streams.info(this.name);
    const all: Message[] = [];
    for (let seq = state.first_seq; seq <= state.last_seq && state.messages > 0; seq += 1) {
      const message = await this.manager.streams.getMessage(this.name, { seq });
      if (message === null) continue;
      const { subject, header } = message;
      all.push({ subject, id: header.get('Nats-Msg-Id'), body: message.string() });
    }
    return all;
  }

  async close(): Promise<void> {
    await this.unmake().catch(() => false);
    await this.#connection.close();
  }
}

function read({ id, body }: Message): Received {
  const { data } = JSON.parse(body);
  const text = data.internalAlert ? `[INTERNAL SECURITY ALERT] ${data.title}` : data.title;
  return { id, text, raw: body };
}

async function start(): Promise<Stage> {
  const stream = await Stream.start();
  const relay = await TcpRelay.start(there);
  const servers = [`127.0.0.1:${relay.port}`];
  const opened = openKind(nats, { servers, subject: stream.subject, security: 'none', token: 'hush-token' });
  const reached = relay.reached();
  return {
    target: opened.target,
    secrets: ['hush-token'],
    received: async () => {
      const all = (await stream.messages()).map(read);
      return all;
    },
    set: async (mode) => {
      await (mode === 'fail' ? stream.unmake() : stream.make());
      relay.set(mode === 'hang' || mode === 'reset' ? mode : 'pass');
    },
    reached: () => reached,
    release: async () => {
      await opened.close();
      await relay.released();
    },
    stop: async () => {
      await relay.close();
      await stream.close();
    },
  };
}

await describeWith('nats', 'nats over JetStream', () => {
  targetContract('nats', {
    modes: ['fail', 'hang', 'reset'],
    failReason: 'unroutable',
    // A stream takes a repeated attempt for the one it has: there is none to tell apart.
    hasIds: false,
    start,
    expectHarmless: ({ raw }, { title }) => expect(JSON.parse(raw).data.title).toBe(title),
  });

  let stream: Stream;
  beforeEach(async () => {
    stream = kept(await Stream.start());
  });
  const here = (more: object = {}) => ({
    servers: [`${there.host}:${there.port}`],
    subject: stream.subject,
    ...more,
  });
  const relayed = async () => kept(await TcpRelay.start(there));

  it('publishes to the subject of the event, under the delivery’s id', async () => {
    const job = sampleJob();
    expect(await send(open(here()), job)).toEqual({ kind: 'delivered' });
    const [message] = await stream.messages();
    expect(message).toMatchObject({ subject: `${stream.name}.high`, id: job.deliveryId });
    expect(JSON.parse(message?.body ?? '')).toMatchObject({ id: job.event.id });
  });

  it('is stored once, however often the delivery is tried', async () => {
    const opened = open(here());
    const job = sampleJob();
    expect(await send(opened, job)).toEqual({ kind: 'delivered' });
    expect(await send(opened, { ...job, attempt: 2 })).toEqual({ kind: 'delivered' });
    expect(await stream.messages()).toHaveLength(1);
  });

  it('sends all over one connection', async () => {
    const relay = await relayed();
    const opened = open(here({ servers: [`127.0.0.1:${relay.port}`] }));
    const sent = await Promise.all(Array.from({ length: 50 }, () => send(opened)));
    expect(new Set(sent.map(({ kind }) => kind))).toEqual(new Set(['delivered']));
    expect(await stream.messages()).toHaveLength(50);
    expect(relay.connections).toBe(1);
  });

  it('does not call delivered what no stream takes, nor what another takes than the one asked for', async () => {
    expect(await send(open(here({ subject: `${stream.name}-other.x` })))).toEqual({
      kind: 'retry',
      reason: 'unroutable',
      answer: 'no stream takes this subject, or JetStream is off',
    });
    const outcome = await send(open(here({ stream: 'another' })));
    expect(outcome).toMatchObject({ kind: 'retry', reason: 'broker' });
    expect(await stream.messages()).toEqual([]);
    expect(await send(open(here({ stream: stream.name })))).toEqual({ kind: 'delivered' });
  });

  it('is told by a stream that has no room', async () => {
    await stream.unmake();
    await stream.make({ max_msgs: 1, discard: 'new' });
    const opened = open(here());
    expect(await send(opened)).toEqual({ kind: 'delivered' });
    expect(await send(opened)).toMatchObject({
      kind: 'retry',
      reason: 'broker',
      answer: expect.stringMatching(/maximum messages/),
    });
  });

  it('delivers again after the connection broke, be it idle or in the middle', async () => {
    const relay = await relayed();
    const opened = open(here({ servers: [`127.0.0.1:${relay.port}`] }));
    await send(opened);
    relay.cut();
    await until('a delivery after the break', async () => (await send(opened)).kind === 'delivered');
    relay.set('hang');
    const reached = relay.reached();
    const held = send(opened);
    await reached;
    relay.cut();
    expect(await held).toMatchObject({ kind: 'retry', reason: 'connection_reset' });
    relay.set('pass');
    expect(await send(opened)).toEqual({ kind: 'delivered' });
  });

  it('tries its servers in their order', async () => {
    const relay = await relayed();
    const opened = open(here({ servers: ['127.0.0.1:1', `127.0.0.1:${relay.port}`] }));
    expect(await send(opened)).toEqual({ kind: 'delivered' });
    expect(relay.connections).toBe(1);
  });

  it('sends an event that is larger than the server takes without its notification', async () => {
    const event = sampleEvent({ payload: JSON.stringify({ x: 'y'.repeat(2_000_000) }) });
    expect(await send(open(here()), sampleJob(event))).toEqual({ kind: 'delivered' });
    const [message] = await stream.messages();
    expect(JSON.parse(message?.body ?? '').data).toMatchObject({
      id: event.id,
      payload: { omitted: expect.any(String) },
    });
  });

  it.each([
    [{ servers: ['127.0.0.1:1'] }, 'connection_refused'],
    [{ servers: ['nobody.invalid'] }, 'dns'],
    [{ security: 'tls' }, 'tls'],
  ])('asks for a retry with %j, for the operator may put it right', async (settings, reason) => {
    expect(await send(open(here(settings)))).toMatchObject({ kind: 'retry', reason });
  });

  it('goes only where the dial permits', async () => {
    const dial = guardedDial(egressGuard([]));
    for (const host of ['127.0.0.1', 'localhost']) {
      const opened = open(here({ servers: [`${host}:${there.port}`] }), { dial });
      expect(await send(opened)).toMatchObject({ kind: 'retry', reason: 'egress_denied' });
    }
    expect(await stream.messages()).toEqual([]);
  });
});

describe('nats, whoever answers', () => {
  const listen = async (onConnect: (socket: Socket) => void) => {
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => {}).on('close', () => sockets.delete(socket));
      onConnect(socket);
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    cleanups.push(() => {
      for (const socket of sockets) socket.destroy();
      server.close();
    });
    const address = server.address();
    return { sockets, port: typeof address === 'object' && address ? address.port : 0 };
  };
  const info = (more: object) =>
    `INFO ${JSON.stringify({ server_id: 'x', version: '2.9.0', proto: 1, max_payload: 1_048_576, headers: true, ...more })}\r\n`;

  it('lets go of a server that is connected and silent', async () => {
    const { port, sockets } = await listen(() => {});
    const opened = open({ servers: [`127.0.0.1:${port}`] }, { timeoutMs: 200 });
    expect(await send(opened)).toMatchObject({ kind: 'retry', reason: 'timeout' });
    await until('the connection to end', () => sockets.size === 0);
  });

  it('ends connecting when it is closed', async () => {
    const { port, sockets } = await listen(() => {});
    const opened = open({ servers: [`127.0.0.1:${port}`] });
    const abort = new AbortController();
    const sent = send(opened, sampleJob(), abort.signal);
    await until('a connection', () => sockets.size === 1);
    abort.abort();
    expect(await sent).toEqual({ kind: 'retry', reason: 'timeout' });
    await opened.target.close();
    await until('the connection to end', () => sockets.size === 0);
  });

  it('cuts off a greeting without end, and what is no greeting', async () => {
    const flood = await listen((socket) => {
      const more = (): void => void (socket.destroyed || socket.write('x'.repeat(65_536), more));
      more();
    });
    expect(await send(open({ servers: [`127.0.0.1:${flood.port}`] }))).toMatchObject({ kind: 'retry' });
    await until('the connection to end', () => flood.sockets.size === 0);
    const other = await listen((socket) => void socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'));
    expect(await send(open({ servers: [`127.0.0.1:${other.port}`] }))).toMatchObject({ kind: 'retry' });
  });

  it('goes nowhere that a server tells of', async () => {
    const inside = await listen(() => {});
    const outside = await listen((socket) => {
      socket.write(info({ connect_urls: [`127.0.0.1:${inside.port}`] }));
      socket.once('data', () => {
        socket.write('PONG\r\n');
        setImmediate(() => socket.destroy());
      });
    });
    const opened = open({ servers: [`127.0.0.1:${outside.port}`] }, { timeoutMs: 500 });
    await send(opened);
    await send(opened);
    expect(inside.sockets.size).toBe(0);
  });

  it('sends nothing to a server without the TLS that it must have, nor with one it may not have', async () => {
    let got = '';
    const plain = await listen((socket) => {
      socket.write(info({}));
      socket.on('data', (chunk) => (got += String(chunk)));
    });
    const token = { token: 'hush-token' };
    const secure = open({ servers: [`127.0.0.1:${plain.port}`], security: 'tls', ...token });
    expect(await send(secure)).toMatchObject({ kind: 'retry', reason: 'tls' });
    const demanding = await listen((socket) => {
      socket.write(info({ tls_required: true }));
      socket.on('data', (chunk) => (got += String(chunk)));
    });
    const opened = open({ servers: [`127.0.0.1:${demanding.port}`], ...token });
    expect(await send(opened)).toMatchObject({ kind: 'retry', reason: 'tls' });
    expect(got).toBe('');
  });

  const seed = new TextDecoder().decode(nkeys.createUser().getSeed());
  const creds = `-----BEGIN NATS USER JWT-----\nx\n------END NATS USER JWT------\n\n-----BEGIN USER NKEY SEED-----\n${seed}\n------END USER NKEY SEED------\n`;
  it.each([
    [{ servers: [] }, 'schema'],
    [{ servers: ['nats://a'] }, 'schema'],
    [{ servers: ['a:b@c'] }, 'schema'],
    [{ servers: ['a:99999'] }, 'servers[0]: must have a port'],
    [{ subject: 'a.>' }, 'schema'],
    [{ subject: 'a.{x}' }, 'subject: may name'],
    [{ user: 'u' }, 'password: is missing'],
    [{ password: 'hush' }, 'user: is missing'],
    [{ token: 'hush', user: 'u', password: 'hush' }, 'token: is one way'],
    [{ nkeySeed: 'hush' }, 'nkeySeed: must be'],
    [{ creds: 'hush' }, 'creds: must be'],
    [{ nkeySeed: seed, creds }, 'creds: is one way'],
  ])('refuses the settings %j', (wrong, fault) => {
    const [found = ''] = faultsOf(nats, { servers: ['a'], subject: 's', ...wrong });
    expect(found).toContain(fault);
    expect(found).not.toContain('hush');
  });

  it.each([[{ servers: ['a', 'b:4223', '[::1]:4222', '10.0.0.1'] }], [{ nkeySeed: seed }], [{ creds }]])(
    'takes the settings %j',
    (good) => {
      expect(faultsOf(nats, { servers: ['a'], subject: 's', ...good })).toEqual([]);
    },
  );
});

await describeWith('natsServer', 'nats, and a server that wants proof', () => {
  const started = async (config: string) => kept(await NatsServer.start(config));
  const at = ({ port }: NatsServer, more: object = {}) => ({ servers: [`127.0.0.1:${port}`], ...more });

  it('logs in by name, by token and by key, and tells when it may not', async () => {
    const key = nkeys.createUser();
    const nkeySeed = new TextDecoder().decode(key.getSeed());
    const users = await started(
      `authorization { users: [{user: tocsin, password: pa55w0rd}, {nkey: ${key.getPublicKey()}}] }`,
    );
    const byToken = await started('authorization { token: "t0ken-of-nats" }');
    const login = { user: 'tocsin', password: 'pa55w0rd' };
    for (const [server, proof] of [
      [users, login],
      [users, { nkeySeed }],
      [byToken, { token: 't0ken-of-nats' }],
    ] as const)
      expect(await send(open(at(server, proof)))).toMatchObject({ reason: 'unroutable' });
    for (const [server, proof] of [
      [users, {}],
      [users, { ...login, password: 'wr0ng-one' }],
      [byToken, { token: 'wr0ng-one' }],
    ] as const) {
      const outcome = await send(open(at(server, proof)));
      expect(outcome).toMatchObject({ kind: 'retry', reason: 'broker' });
      expect(JSON.stringify(outcome)).not.toContain('wr0ng-one');
    }
  });

  it('tells a subject that it may not publish to', async () => {
    const server = await started(
      'authorization { users: [{user: u, password: p4ss, permissions: {publish: "other"}}] }',
    );
    const outcome = await send(open(at(server, { user: 'u', password: 'p4ss' })));
    expect(outcome).toMatchObject({ kind: 'retry', reason: 'broker' });
    expect(outcome.answer).toMatch(/permissions violation/i);
  });

  it('speaks TLS, to a server that proves its name, and proves itself where asked', async () => {
    const files = `cert_file: "${tlsFixture.certFile}", key_file: "${tlsFixture.keyFile}"`;
    const server = await started(`tls { ${files} }`);
    const tls = { ca: tlsFixture.cert };
    const secure = at(server, { security: 'tls' });
    const stored = kept(await Stream.start(`localhost:${server.port}`, { tls: { ca: tlsFixture.cert } }));
    const subject = stored.subject;
    expect(await send(open({ ...secure, subject }, { tls }))).toEqual({ kind: 'delivered' });
    const named = { ...secure, subject, servers: [`localhost:${server.port}`] };
    expect(await send(open(named, { tls }))).toEqual({ kind: 'delivered' });
    expect(await send(open(secure))).toMatchObject({ kind: 'retry', reason: 'tls' });
    const dial = openDial(() => Promise.resolve(['127.0.0.1']));
    const stranger = { ...secure, servers: [`nats.example:${server.port}`] };
    expect(await send(open(stranger, { tls, dial }))).toMatchObject({ kind: 'retry', reason: 'tls' });
    expect(await send(open(at(server)))).toMatchObject({ kind: 'retry', reason: 'tls' });

    const mutual = await started(`tls { ${files}, ca_file: "${renewedFixture.certFile}", verify: true }`);
    const shown = { ...tls, cert: renewedFixture.cert, key: renewedFixture.key };
    const there = at(mutual, { security: 'tls' });
    expect(await send(open(there, { tls: shown }))).toMatchObject({ reason: 'unroutable' });
    expect(await send(open(there, { tls }))).toMatchObject({ kind: 'retry' });
  });
});
