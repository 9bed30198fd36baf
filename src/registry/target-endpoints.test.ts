import { createServer, type AddressInfo } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { once } from 'node:events';
import { afterEach, expect, test } from 'vitest';
import { tlsFixture } from '../../tests/support/tls-fixture.ts';
import { defaultTargetSettings, type TargetSettings } from '../targets/open-target.ts';
import { targetKinds } from '../targets/kinds/index.ts';
import type { TargetObject } from './objects.ts';
import { reachTarget } from './reach-target.ts';
import { endpointsOf } from './target-endpoints.ts';

const target = (
  kind: string,
  settings: Readonly<Record<string, unknown>>,
  common: Partial<TargetSettings> = {},
  origin: TargetObject['origin'] = 'file',
): TargetObject => ({ id: 'one', kind, settings, common: { ...defaultTargetSettings, ...common }, origin });

const examples: readonly (readonly [TargetObject, string])[] = [
  [target('http', { url: 'https://siem.example/a?b=c' }), 'siem.example:443 tls'],
  [target('http', { url: 'http://[fd00::1]:8080/' }), 'fd00::1:8080 plain'],
  [target('slack', { url: 'https://hooks.slack.com/services/a' }), 'hooks.slack.com:443 tls'],
  [target('teams', { url: 'https://x.webhook.office.com/a' }), 'x.webhook.office.com:443 tls'],
  [target('discord', { url: 'https://discord.com/api/webhooks/1/a' }), 'discord.com:443 tls'],
  [target('ntfy', { topic: 'alerts' }), 'ntfy.sh:443 tls'],
  [target('pagerduty', { routingKey: 'r'.repeat(32) }), 'events.pagerduty.com:443 tls'],
  [target('opsgenie', { apiKey: 'k' }), 'api.opsgenie.com:443 tls'],
  [target('telegram', { token: '1:a', chatId: '1' }), 'api.telegram.org:443 tls'],
  [
    target('matrix', { homeserver: 'https://m.example:8448', accessToken: 'a', roomId: '!a:m.example' }),
    'm.example:8448 tls',
  ],
  [
    target('sms', { provider: 'twilio', accountSid: 'A', authToken: 'b', from: '+1', to: ['+2'] }),
    'api.twilio.com:443 tls',
  ],
  [
    target('sns', { topicArn: 'arn:aws:sns:eu-west-1:123456789012:t' }),
    'sns.eu-west-1.amazonaws.com:443 tls',
  ],
  [target('s3', { bucket: 'logs', region: 'eu-west-1' }), 'logs.s3.eu-west-1.amazonaws.com:443 tls'],
  [
    target('email', { host: 'mail.example', port: 587, from: 'a@b.example', to: ['c@d.example'] }),
    'mail.example:587 plain',
  ],
  [target('amqp', { host: 'mq.example', routingKey: 'a' }), 'mq.example:5671 tls'],
  [target('nats', { servers: ['nats.example'], subject: 'a' }), 'nats.example:4222 plain'],
  [
    target('slack', { url: 'https://hooks.slack.com/a' }, { proxy: 'http://proxy.internal:3128' }),
    'proxy.internal:3128 plain',
  ],
];

test.each(examples.map(([object, place]) => [object.kind, place, object] as const))(
  '%s goes to %s, as its own code says',
  async (_kind, place, object) => {
    const found = await endpointsOf(object);
    expect(found.map(({ host, port, isTls }) => `${host}:${port} ${isTls ? 'tls' : 'plain'}`)).toEqual([
      place,
    ]);
  },
);

test('there is an example of every kind that uses the network', () => {
  const shown = new Set(examples.map(([{ kind }]) => kind));
  const missing = targetKinds.filter(
    (one) => !('connects' in one && one.connects === 'nowhere') && !shown.has(one.kind),
  );
  expect(missing.map(({ kind }) => kind)).toEqual([]);
});

const servers: { close(): unknown }[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** Listens, and notes what comes. */
async function listener(isTls: boolean) {
  const received: Buffer[] = [];
  const server = isTls ? createTlsServer(tlsFixture) : createServer();
  servers.push(server);
  server.on(isTls ? 'secureConnection' : 'connection', (socket: NodeJS.ReadWriteStream) => {
    socket.on('data', (bytes: Buffer) => void received.push(bytes)).on('error', () => {});
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // Listening on TCP, it has one.
  return { port: (server.address() as AddressInfo).port, received };
}

test('a host is connected to and not a byte is sent', async () => {
  const { port, received } = await listener(false);
  const found = await reachTarget(
    target('http', { url: `http://127.0.0.1:${port}/` }),
    { allow: ['127.0.0.1'] },
    2_000,
  );
  expect(found.map(({ failure }) => failure)).toEqual([undefined]);
  expect(received).toEqual([]);
});

test('TLS is shaken hands with, and trusted as the target says', async () => {
  const { port, received } = await listener(true);
  const url = `https://localhost:${port}/`;
  const allow = ['localhost'];
  const [own] = await reachTarget(
    target('http', { url }, { tlsCaFile: tlsFixture.certFile }),
    { allow },
    2_000,
  );
  const [strange] = await reachTarget(target('http', { url }), { allow }, 2_000);
  expect(own?.failure).toBeUndefined();
  expect(strange?.failure).toMatchObject({ reason: 'tls' });
  expect(Buffer.concat(received).length).toBe(0);
});

test('the guard decides as it does for deliveries: HTTP always, sockets unless the file names the host', async () => {
  const { port, received } = await listener(false);
  const mail = { host: '127.0.0.1', port, from: 'a@b.example', to: ['c@d.example'] };
  const of = async (object: TargetObject) =>
    (await reachTarget(object, { allow: [] }, 2_000))[0]?.failure?.reason;
  expect(await of(target('http', { url: `http://127.0.0.1:${port}/` }))).toBe('egress_denied');
  expect(await of(target('email', mail, {}, 'store'))).toBe('egress_denied');
  expect(await of(target('email', mail))).toBeUndefined();
  expect(received).toEqual([]);
});

test('a resolver that hangs is given up on', async () => {
  const object = target('http', { url: 'https://siem.example/' });
  const lookup = () => new Promise<readonly string[]>(() => {});
  const [found] = await reachTarget(object, { allow: [], lookup }, 50);
  expect(found?.failure?.reason).toBe('timeout');
});
