import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { ConnectProxy } from '../../tests/support/connect-proxy.ts';
import { HttpReceiver } from '../../tests/support/http-receiver.ts';
import { sampleJob } from '../../tests/support/sample-event.ts';
import { SmtpReceiver } from '../../tests/support/smtp-receiver.ts';
import { renewedFixture, tlsFixture } from '../../tests/support/tls-fixture.ts';
import { systemClock } from '../kernel/clock.ts';
import { createGuardedHttpClient } from '../kernel/guarded-http.ts';
import { silentLogger } from '../kernel/log.ts';
import { defaultTargetSettings } from '../targets/open-target.ts';
import type { Outcome } from '../targets/target.ts';
import type { TransportSettings } from '../targets/transport.ts';
import type { ConfiguredObjects, ObjectOrigin, TargetObject } from './objects.ts';
import { Registry } from './registry.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});
const kept = <T extends { close(): unknown }>(thing: T): T => {
  cleanups.push(() => thing.close());
  return thing;
};

interface Made {
  readonly kind: 'email' | 'http';
  readonly settings: object;
  readonly common?: TransportSettings;
  readonly origin: ObjectOrigin;
  readonly allow?: readonly string[];
}

function start(allow: readonly string[]): Registry {
  const egress = { allow, connectTimeoutMs: 2_000, connectionsMax: 2 };
  const http = kept(createGuardedHttpClient(egress));
  const base = { clock: systemClock, http };
  const target = { ...base, log: silentLogger, publicUrl: 'https://tocsin.test', writeLine: () => {} };
  return kept(new Registry({ source: base, egress, target }, () => {}));
}

function objectsWith({ kind, settings, common = {}, origin }: Made): ConfiguredObjects {
  const target: TargetObject = {
    id: 'there',
    kind,
    settings: { ...settings },
    common: { ...defaultTargetSettings, timeout: '5s', ...common },
    origin,
  };
  return {
    sources: [],
    targets: [target],
    rules: [],
    defaultTargets: ['there'],
    admins: ['there'],
    ownApplication: {},
  };
}

/** Sends one delivery to a target as the service opens it. */
async function deliver(made: Made): Promise<Outcome> {
  const registry = start(made.allow ?? []);
  registry.load(objectsWith(made));
  const opened = registry.now.targets.get('there');
  if (opened === undefined) throw new TypeError('not opened');
  return opened.send(sampleJob(), new AbortController().signal);
}

const mail = (port: number) => ({
  host: '127.0.0.1',
  port,
  security: 'none',
  from: 'a@example.com',
  to: ['b@example.com'],
  subjectPrefix: '',
});
const webhook = (url: string) => ({
  url,
  method: 'POST',
  headers: {},
  secretHeaders: {},
  secrets: [],
  format: 'cloudevents',
});

describe('what a mail target may reach', () => {
  it('is the host as written in the config file', async () => {
    const receiver = kept(await SmtpReceiver.start());
    const made = { kind: 'email', settings: mail(receiver.port), origin: 'file' } as const;
    expect(await deliver(made)).toMatchObject({ kind: 'delivered' });
  });

  it('is no address of ours when it was made over the API, unless allowed', async () => {
    const receiver = kept(await SmtpReceiver.start());
    const made = { kind: 'email', settings: mail(receiver.port), origin: 'store' } as const;
    expect(await deliver(made)).toMatchObject({ kind: 'retry', reason: 'egress_denied' });
    const named = { ...made, settings: { ...made.settings, host: 'localhost' } };
    expect(await deliver(named)).toMatchObject({ kind: 'retry', reason: 'egress_denied' });
    expect(receiver.connections).toBe(0);
    const allow = [`127.0.0.1:${receiver.port}`];
    expect(await deliver({ ...made, allow })).toMatchObject({ kind: 'delivered' });
  });
});

describe('a proxy', () => {
  it('of the config file is dialled as written, and the receiver goes by the guard', async () => {
    const receiver = kept(await HttpReceiver.start());
    const proxy = kept(await ConnectProxy.start());
    const made = {
      kind: 'http',
      settings: webhook(receiver.url()),
      common: { proxy: proxy.url, proxyUser: 'tocsin', proxyPassword: 'hush' },
      origin: 'file',
    } as const;
    expect(await deliver(made)).toMatchObject({ kind: 'retry', reason: 'egress_denied' });
    expect(proxy.asked).toEqual([]);
    const allow = [`127.0.0.1:${receiver.port}`];
    expect(await deliver({ ...made, allow })).toMatchObject({ kind: 'delivered' });
    expect(proxy.authorizations).toEqual([`Basic ${Buffer.from('tocsin:hush').toString('base64')}`]);
  });

  it('of a target made over the API needs to be allowed, and is told the checked address', async () => {
    const receiver = kept(await HttpReceiver.start());
    const proxy = kept(await ConnectProxy.start());
    const made = {
      kind: 'http',
      settings: webhook(receiver.url('/', 'localhost')),
      common: { proxy: proxy.url },
      origin: 'store',
      allow: [`127.0.0.1:${receiver.port}`, `[::1]:${receiver.port}`],
    } as const;
    expect(await deliver(made)).toMatchObject({ kind: 'retry', reason: 'egress_denied' });
    expect(proxy.asked).toEqual([]);
    const allow = [...made.allow, `127.0.0.1:${proxy.port}`];
    await deliver({ ...made, allow });
    expect(proxy.asked[0]).toMatch(/^(?:127\.0\.0\.1|\[::1\]):/);
  });
});

describe("a target's certificate", () => {
  const common = {
    tlsCaFile: tlsFixture.certFile,
    tlsCertFile: renewedFixture.certFile,
    tlsKeyFile: renewedFixture.keyFile,
  };
  const asks = { requestCert: true, rejectUnauthorized: true, ca: renewedFixture.cert };

  it('is shown to a receiver that asks for it', async () => {
    const receiver = kept(await HttpReceiver.start('https', asks));
    const made = { kind: 'http', settings: webhook(receiver.url()), allow: ['127.0.0.1'] } as const;
    expect(await deliver({ ...made, common, origin: 'file' })).toMatchObject({ kind: 'delivered' });
    expect(await deliver({ ...made, origin: 'file' })).toMatchObject({ kind: 'retry', reason: 'tls' });
  });

  it('is taken up anew at the next load after it was renewed, and not before', () => {
    const directory = mkdtempSync(join(tmpdir(), 'tocsin-transport-'));
    cleanups.push(() => rmSync(directory, { recursive: true }));
    const tlsCaFile = join(directory, 'ca.pem');
    writeFileSync(tlsCaFile, tlsFixture.cert);
    const registry = start([]);
    const load = () => {
      registry.load(
        objectsWith({
          kind: 'http',
          settings: webhook('https://a.example'),
          origin: 'file',
          common: { tlsCaFile },
        }),
      );
      return registry.now.targets.get('there');
    };
    const first = load();
    expect(load()).toBe(first);
    writeFileSync(tlsCaFile, renewedFixture.cert);
    expect(load()).not.toBe(first);
  });

  it('is never read for a target made over the API, whose deliveries wait and say why', async () => {
    const receiver = kept(await HttpReceiver.start('https', asks));
    const made = { kind: 'http', settings: webhook(receiver.url()), allow: ['127.0.0.1'] } as const;
    expect(await deliver({ ...made, common, origin: 'store' })).toEqual({
      kind: 'retry',
      reason: 'egress_denied',
      answer: 'tlsCaFile can be set in the config file only, not over the API',
    });
    expect(receiver.connections).toBe(0);
  });
});
