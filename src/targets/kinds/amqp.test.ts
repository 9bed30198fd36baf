import { type Channel, type ChannelModel, connect, type GetMessage } from 'amqplib';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { describeWith, rabbitmqUrl } from '../../../tests/support/needs.ts';
import { faultsOf, openKind, type OpenedKind } from '../../../tests/support/open-kind.ts';
import { sampleEvent, sampleJob } from '../../../tests/support/sample-event.ts';
import { TcpRelay } from '../../../tests/support/tcp-relay.ts';
import { tlsFixture } from '../../../tests/support/tls-fixture.ts';
import { until } from '../../../tests/support/until.ts';
import { guardedDial } from '../../kernel/dial.ts';
import { egressGuard } from '../../kernel/egress.ts';
import type { Job, TargetContext } from '../target.ts';
import { amqp } from './amqp.ts';
import { targetContract, type Received, type Stage } from './contract.ts';

const broker = new URL(rabbitmqUrl);
const there = { host: broker.hostname, port: Number(broker.port) || 5672 };
const login = { user: broker.username, password: broker.password };

/** An exchange with a queue of its own, both gone with their connection. */
class Topic {
  readonly #model: ChannelModel;
  readonly channel: Channel;
  readonly exchange: string;
  readonly queue: string;
  readonly #messages: GetMessage[] = [];

  private constructor(model: ChannelModel, channel: Channel, queue: string) {
    this.#model = model;
    this.channel = channel;
    this.queue = queue;
    this.exchange = `${queue}.exchange`;
  }

  static async start(queueArguments: object = {}): Promise<Topic> {
    const model = await connect(rabbitmqUrl);
    const channel = await model.createChannel();
    const name = `tocsin-test-${process.pid}-${Math.random().toString(36).slice(2)}`;
    const topic = new Topic(model, channel, name);
    await channel.assertQueue(name, { exclusive: true, durable: false, arguments: queueArguments });
    await channel.assertExchange(topic.exchange, 'topic', { durable: false });
    await topic.bind();
    return topic;
  }

  bind = () => this.channel.bindQueue(this.queue, this.exchange, '#');
  unbind = () => this.channel.unbindQueue(this.queue, this.exchange, '#');

  /** Every message so far, in the order of their arrival. */
  async messages(): Promise<readonly GetMessage[]> {
    for (;;) {
      const message = await this.channel.get(this.queue, { noAck: true });
      if (message === false) return this.#messages;
      this.#messages.push(message);
    }
  }

  async close(): Promise<void> {
    await this.channel.deleteExchange(this.exchange);
    await this.#model.close();
  }
}

/** Frames of AMQP 0-9-1 with RabbitMQ's extension: connection.blocked and connection.unblocked. */
const methodFrame = (method: number, fields: Buffer): Buffer => {
  const head = Buffer.from([1, 0, 0, 0, 0, 0, 4 + fields.length, 0, 10, 0, method]);
  return Buffer.concat([head, fields, Buffer.from([0xce])]);
};
const blockedFrame = (why: string) => methodFrame(60, Buffer.from([why.length, ...Buffer.from(why)]));
const unblockedFrame = methodFrame(61, Buffer.alloc(0));

const settingsOf = (topic: Topic, port: number) => ({
  host: '127.0.0.1',
  port,
  security: 'none',
  ...login,
  exchange: topic.exchange,
  routingKey: 'security.{severity}',
});

function read({ content, properties }: GetMessage): Received {
  const raw = content.toString('utf8');
  const { data } = JSON.parse(raw);
  const text = data.internalAlert ? `[INTERNAL SECURITY ALERT] ${data.title}` : data.title;
  return { id: String(properties.messageId), text, raw };
}

async function start(): Promise<Stage> {
  const topic = await Topic.start();
  const relay = await TcpRelay.start(there);
  const opened = openKind(amqp, settingsOf(topic, relay.port));
  const reached = relay.reached();
  return {
    target: opened.target,
    secrets: [Buffer.from(`\0${login.user}\0${login.password}`).toString('base64')],
    received: async () => (await topic.messages()).map(read),
    set: async (mode) => {
      await (mode === 'fail' ? topic.unbind() : topic.bind());
      relay.set(mode === 'hang' || mode === 'reset' ? mode : 'pass');
    },
    reached: () => reached,
    release: async () => {
      await opened.close();
      await relay.released();
    },
    stop: async () => {
      await relay.close();
      await topic.close();
    },
  };
}

await describeWith('rabbitmq', 'amqp over RabbitMQ', () => {
  targetContract('amqp', {
    modes: ['fail', 'hang', 'reset'],
    failReason: 'unroutable',
    hasIds: true,
    start,
    expectHarmless: ({ raw }, { title }) => expect(JSON.parse(raw).data.title).toBe(title),
  });

  let topic: Topic;
  const cleanups: (() => unknown)[] = [];
  beforeEach(async () => {
    topic = await Topic.start();
    cleanups.push(() => topic.close());
  });
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
  });
  const open = (settings: object = {}, context: Partial<TargetContext> = {}): OpenedKind => {
    const opened = openKind(amqp, { ...settingsOf(topic, there.port), ...settings }, context);
    cleanups.push(() => opened.close());
    return opened;
  };
  const send = (opened: OpenedKind, job: Job = sampleJob(), signal = new AbortController().signal) =>
    opened.target.send(job, signal);
  const relayed = async (options: object = {}): Promise<TcpRelay> => {
    const relay = await TcpRelay.start({ ...there, ...options });
    cleanups.push(() => relay.close());
    return relay;
  };

  it('publishes a lasting message under the delivery’s id, to the key of the event', async () => {
    const job = sampleJob();
    expect(await send(open(), job)).toEqual({ kind: 'delivered' });
    const [message] = await topic.messages();
    expect(message?.fields).toMatchObject({ exchange: topic.exchange, routingKey: 'security.high' });
    expect(message?.properties).toMatchObject({
      messageId: job.deliveryId,
      deliveryMode: 2,
      contentType: 'application/cloudevents+json',
      contentEncoding: 'utf-8',
      timestamp: Math.floor(job.event.receivedAt / 1_000),
      type: job.event.type,
      appId: 'tocsin',
      headers: { event: job.event.id, severity: 'high', source: 'sqreen', internal: false },
    });
  });

  it('reaches a queue by its name through the default exchange', async () => {
    const opened = open({ exchange: '', routingKey: topic.queue });
    expect(await send(opened)).toEqual({ kind: 'delivered' });
    expect(await topic.messages()).toHaveLength(1);
  });

  it('sends all over one connection', async () => {
    const relay = await relayed();
    const opened = open({ port: relay.port });
    const sent = await Promise.all(Array.from({ length: 50 }, () => send(opened)));
    expect(new Set(sent.map(({ kind }) => kind))).toEqual(new Set(['delivered']));
    expect(await topic.messages()).toHaveLength(50);
    expect(relay.connections).toBe(1);
  });

  it('does not call delivered what no queue takes, and tells it from what one takes', async () => {
    await topic.channel.unbindQueue(topic.queue, topic.exchange, '#');
    await topic.channel.bindQueue(topic.queue, topic.exchange, 'security.low');
    const opened = open();
    const jobs = (['high', 'low', 'high', 'low'] as const).map((severity) =>
      sampleJob(sampleEvent({ severity })),
    );
    const outcomes = await Promise.all(jobs.map((job) => send(opened, job)));
    expect(outcomes.map(({ kind }) => kind)).toEqual(['retry', 'delivered', 'retry', 'delivered']);
    expect(outcomes[0]).toMatchObject({ reason: 'unroutable', answer: expect.stringContaining('NO_ROUTE') });
    expect(await topic.messages()).toHaveLength(2);
  });

  it('takes it for delivered when it was told not to mind', async () => {
    await topic.unbind();
    expect(await send(open({ mandatory: false }))).toEqual({ kind: 'delivered' });
  });

  it('is told by a queue that has no room', async () => {
    await topic.channel.deleteQueue(topic.queue);
    await topic.channel.assertQueue(topic.queue, {
      exclusive: true,
      durable: false,
      maxLength: 1,
      overflow: 'reject-publish',
    });
    await topic.bind();
    const opened = open();
    expect(await send(opened)).toEqual({ kind: 'delivered' });
    expect(await send(opened)).toMatchObject({ kind: 'retry', reason: 'broker' });
    await topic.messages();
    expect(await send(opened)).toEqual({ kind: 'delivered' });
  });

  it('delivers again after the connection broke, be it idle or in the middle', async () => {
    const relay = await relayed();
    const opened = open({ port: relay.port });
    await send(opened);
    relay.cut();
    const job = sampleJob();
    await until('a delivery after the break', async () => (await send(opened, job)).kind === 'delivered');
    relay.set('hang');
    const reached = relay.reached();
    const held = send(opened);
    await reached;
    relay.cut();
    expect(await held).toMatchObject({ kind: 'retry', reason: 'connection_reset' });
    relay.set('pass');
    expect(await send(opened)).toEqual({ kind: 'delivered' });
    expect((await topic.messages()).map(({ properties }) => properties.messageId)).toContain(job.deliveryId);
  });

  it('gives up a delivery that is not confirmed, and leaves the connection to the others', async () => {
    const relay = await relayed();
    const opened = open({ port: relay.port });
    await send(opened);
    relay.set('hang');
    const reached = relay.reached();
    const abort = new AbortController();
    const held = send(opened, sampleJob(), abort.signal);
    await reached;
    abort.abort();
    expect(await held).toEqual({ kind: 'retry', reason: 'timeout' });
    expect(relay.connections).toBe(1);
    expect(await send(opened, sampleJob(), AbortSignal.abort())).toMatchObject({ reason: 'timeout' });
  });

  it('writes nothing to a broker that said it takes nothing, until it takes again', async () => {
    const relay = await relayed();
    const opened = open({ port: relay.port });
    await send(opened);
    relay.inject(blockedFrame('low on memory'));
    const outcome = await until('a refusal', async () => {
      const refused = await send(opened);
      return refused.kind === 'retry' && refused;
    });
    expect(outcome).toMatchObject({ reason: 'broker', answer: expect.stringContaining('low on memory') });
    const before = (await topic.messages()).length;
    await send(opened);
    expect(await topic.messages()).toHaveLength(before);
    relay.inject(unblockedFrame);
    await until('a delivery', async () => (await send(opened)).kind === 'delivered');
    expect(relay.connections).toBe(1);
  });

  it('gives up on a broker that accepts and says nothing', async () => {
    const relay = await relayed();
    relay.set('hang');
    for (const security of ['none', 'tls']) {
      const opened = open({ port: relay.port, security }, { timeoutMs: 300 });
      expect(await send(opened)).toEqual({ kind: 'retry', reason: 'timeout' });
      await relay.released();
    }
  });

  it.each([
    [{ password: 'wr0ng-one' }, 'broker', 'ACCESS_REFUSED'],
    [{ vhost: '/no-such' }, 'broker', 'virtual host'],
    [{ exchange: 'tocsin-test-no-such' }, 'broker', 'NOT_FOUND'],
    [{ host: 'nobody.invalid' }, 'dns', ''],
    [{ port: 1 }, 'connection_refused', 'ECONNREFUSED'],
    [{ security: 'tls' }, 'tls', ''],
  ])('asks for a retry with %j, for the operator may put it right', async (settings, reason, said) => {
    const outcome = await send(open(settings));
    expect(outcome).toMatchObject({ kind: 'retry', reason });
    expect(outcome.answer ?? '').toContain(said);
    expect(JSON.stringify(outcome)).not.toContain('wr0ng');
  });

  it('works again once the exchange is there', async () => {
    const opened = open({ exchange: `${topic.exchange}-later` });
    expect(await send(opened)).toMatchObject({ kind: 'retry', reason: 'broker' });
    await topic.channel.assertExchange(`${topic.exchange}-later`, 'fanout', { autoDelete: true });
    await topic.channel.bindQueue(topic.queue, `${topic.exchange}-later`, '');
    expect(await send(opened)).toEqual({ kind: 'delivered' });
  });

  it('speaks TLS, to a broker that proves its name', async () => {
    const relay = await relayed({ tls: { ...tlsFixture } });
    const tls = { ca: tlsFixture.cert };
    const secure = { port: relay.port, security: 'tls' };
    expect(await send(open(secure, { tls }))).toEqual({ kind: 'delivered' });
    expect(await send(open({ ...secure, host: 'localhost' }, { tls }))).toEqual({ kind: 'delivered' });
    expect(await send(open(secure))).toMatchObject({ kind: 'retry', reason: 'tls' });
    const dial = guardedDial(egressGuard(['127.0.0.1']), () => Promise.resolve(['127.0.0.1']));
    const stranger = open({ ...secure, host: 'broker.example' }, { tls, dial });
    expect(await send(stranger)).toMatchObject({ kind: 'retry', reason: 'tls' });
  });

  it('goes only where the dial permits', async () => {
    const dial = guardedDial(egressGuard([]));
    for (const host of ['127.0.0.1', 'localhost'])
      expect(await send(open({ host }, { dial }))).toMatchObject({ kind: 'retry', reason: 'egress_denied' });
    expect(await topic.messages()).toEqual([]);
  });

  it('sends an event that is too large without its notification', async () => {
    const event = sampleEvent({ payload: JSON.stringify({ x: 'y'.repeat(200_000) }) });
    await send(open({ messageBytesMax: 65_536 }), sampleJob(event));
    const [message] = await topic.messages();
    expect(JSON.parse(message?.content.toString() ?? '').data).toMatchObject({
      id: event.id,
      title: event.title,
    });
  });

  it.each([
    [{ routingKey: 'a.{severety}' }, 'routingKey: may name'],
    [{ routingKey: 'a b' }, 'schema'],
    [{ exchange: 'a\r\nb' }, 'schema'],
    [{ host: 'amqp://x' }, 'schema'],
    [{ user: undefined }, 'user: is missing'],
    [{ password: undefined }, 'password: is missing'],
  ])('refuses the settings %j', (wrong, fault) => {
    const input = JSON.parse(JSON.stringify({ ...settingsOf(topic, 5672), ...wrong }));
    expect(faultsOf(amqp, input)[0]).toContain(fault);
  });
});

describe('amqp, whoever answers', () => {
  const start = methodFrame(
    10,
    Buffer.concat([
      Buffer.from([0, 9, 0, 0, 0, 0]),
      Buffer.from([0, 0, 0, 5, ...Buffer.from('PLAIN'), 0, 0, 0, 5, ...Buffer.from('en_US')]),
    ]),
  );
  const noise = Buffer.from(Array.from({ length: 4_096 }, (_, i) => (i * 7919) % 256));
  const tune = methodFrame(30, Buffer.from([0, 0, 0, 0, 0, 0, 0, 0]));
  it.each([
    ['noise', [noise]],
    ['another protocol', [Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')]],
    ['noise after its start', [start, noise]],
    ['noise after its limits', [start, tune, noise]],
    ['a start twice', [start, start]],
    ['a frame without end', [Buffer.from([1, 0, 0, 0xff, 0xff, 0xff, 0xff]), noise]],
    ['nothing more', [start]],
    ['no word', []],
  ])('asks for a retry when that says %s', async (_name, words) => {
    const server = createServer((socket) => {
      socket.on('error', () => {});
      for (const word of words) socket.write(word);
      socket.end();
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const settings = {
      host: '127.0.0.1',
      port,
      security: 'none',
      routingKey: 'q',
      user: 'u',
      password: 'p4ss-w0rd',
    };
    const opened = openKind(amqp, settings, { timeoutMs: 2_000 });
    const outcome = await opened.target.send(sampleJob(), new AbortController().signal);
    expect(outcome).toMatchObject({ kind: 'retry' });
    expect(JSON.stringify(outcome)).not.toContain('p4ss-w0rd');
    await opened.close();
    server.close();
  });
});
