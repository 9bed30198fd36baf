import { Default } from 'typebox/value';
import { systemClock } from '../kernel/clock.ts';
import type { Dial } from '../kernel/dial.ts';
import type { HttpClient } from '../kernel/http-client.ts';
import { newDeliveryId } from '../kernel/ids.ts';
import { silentLogger } from '../kernel/log.ts';
import { targetKinds } from '../targets/kinds/index.ts';
import { orTimeout } from '../targets/or-timeout.ts';
import type { TargetKind } from '../targets/target.ts';
import { exampleEvent } from './example-event.ts';
import type { TargetObject } from './objects.ts';

/** A host that a target sends to. */
export interface Endpoint {
  /** A name, or an address without brackets. */
  readonly host: string;
  readonly port: number;
  /** Whether the connection begins with TLS; what is upgraded later (STARTTLS) does not. */
  readonly isTls: boolean;
  /** A forward proxy stands there, which connects further. */
  readonly isProxy: boolean;
}

/** Making one request takes no time: this is for a kind that waits for something else. */
const GIVE_UP_MS = 2_000;
const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443 };
const REFUSED = { ok: false, reason: 'egress_denied', detail: 'NOT_DIALLED' } as const;
/** In place of credentials: those of the environment would be asked for over the network. */
const NO_CREDENTIALS = { accessKeyId: 'AKIANOBODY', secretAccessKey: 'of-nobody' };

/**
 * Where a target's deliveries would go, as its own code has it: it is opened and given an example to send, over a
 * network that notes every destination and lets nothing out. Empty for a target that uses no network.
 */
export async function endpointsOf(object: TargetObject): Promise<readonly Endpoint[]> {
  const kind = targetKinds.find((one: TargetKind) => one.kind === object.kind) as TargetKind | undefined;
  if (kind === undefined || kind.connects === 'nowhere') return [];
  const { proxy } = object.common;
  if (proxy !== undefined) return [{ ...ofUrl(proxy), isProxy: true }];
  const noted = new Map<string, Endpoint>();
  const note = (endpoint: Endpoint): void =>
    void noted.set(`${endpoint.host} ${endpoint.port} ${endpoint.isTls}`, endpoint);
  // Completing an object gives an object; its form was checked when it was configured.
  const settings = Default(kind.settings, structuredClone(object.settings)) as TargetObject['settings'];
  // NATS greets in the clear before `tls`.
  const isTls = settings['security'] === (kind.kind === 'nats' ? 'tls-first' : 'tls');
  await sendNothing(
    kind,
    { ...object, settings },
    {
      http: {
        async request({ url }) {
          note(ofUrl(url));
          return REFUSED;
        },
      },
      dial: {
        async resolve(host, port) {
          note({ host, port, isTls, isProxy: false });
          return REFUSED;
        },
      },
    },
  );
  return [...noted.values()];
}

async function sendNothing(
  kind: TargetKind,
  { id, settings }: TargetObject,
  network: { readonly http: HttpClient; readonly dial: Dial },
): Promise<void> {
  const now = systemClock.now();
  const credentials = Object.hasOwn(kind.settings.properties, 'accessKeyId') ? NO_CREDENTIALS : {};
  const target = kind.open(
    { ...settings, ...credentials },
    {
      ...network,
      id,
      tls: {},
      clock: systemClock,
      log: silentLogger,
      timeoutMs: GIVE_UP_MS,
      concurrency: 1,
      publicUrl: 'http://127.0.0.1',
      writeLine: () => {},
    },
  );
  const event = exampleEvent(id, 'informational', now);
  const signal = AbortSignal.timeout(GIVE_UP_MS);
  try {
    const job = { deliveryId: newDeliveryId(now), attempt: 1, event, internal: false };
    await orTimeout(target.send(job, signal), { kind: 'retry', reason: 'timeout' }, signal);
  } finally {
    await target.close();
  }
}

function ofUrl(text: string): Endpoint {
  const { protocol, hostname, port } = new URL(text);
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  const isTls = protocol === 'https:';
  return { host, port: port === '' ? (DEFAULT_PORTS[protocol] ?? 0) : Number(port), isTls, isProxy: false };
}
