import { readFileSync } from 'node:fs';
import { Type } from 'typebox';
import type { Fault } from '../kernel/fault.ts';
import { secretText } from '../kernel/schema.ts';
import { isTlsMaterial, type TlsMaterial } from '../kernel/tls-material.ts';
import type { TargetKind } from './target.ts';

const pemFile = (description: string) =>
  Type.Optional(Type.String({ minLength: 1, maxLength: 4_096, fileOfMachine: true, description }));

/** How a target's connections are made, beside where they go. Part of the common settings. */
export const transportSettings = {
  tlsCaFile: pemFile('A PEM file of authorities to trust instead of the public ones.'),
  tlsCertFile: pemFile(
    'A PEM file of the certificate to show to a receiver that asks for one (mutual TLS), leaf first.',
  ),
  tlsKeyFile: pemFile("A PEM file of the certificate's key, without a passphrase."),
  proxy: Type.Optional(
    Type.String({
      pattern: '^https?://[^\\s/?#@]+/?$',
      maxLength: 300,
      expected: 'an http or https URL without path and credentials, such as http://proxy.internal:3128',
      description: 'A forward proxy that every connection goes through (CONNECT). HTTP kinds only.',
    }),
  ),
  proxyUser: Type.Optional(
    Type.String({ pattern: '^[^:\\p{Cc}]+$', maxLength: 200, description: 'The name to give to the proxy.' }),
  ),
  proxyPassword: Type.Optional(
    secretText({ maxLength: 1_000, description: 'The password to give to the proxy.' }),
  ),
};

export interface TransportSettings {
  readonly tlsCaFile?: string;
  readonly tlsCertFile?: string;
  readonly tlsKeyFile?: string;
  readonly proxy?: string;
  readonly proxyUser?: string;
  readonly proxyPassword?: string;
}

const FILES = { ca: 'tlsCaFile', cert: 'tlsCertFile', key: 'tlsKeyFile' } as const;

/**
 * What is wrong with a target's transport. Only the config file may name files: over the API their presence could
 * be probed, and a certificate of ours be shown to a stranger.
 */
export function transportFaults(
  { connects = 'http' }: Pick<TargetKind, 'connects'>,
  settings: TransportSettings,
  origin: 'file' | 'store',
): readonly Fault[] {
  const files = Object.values(FILES).filter((name) => settings[name] !== undefined);
  const useless = [
    ...(connects === 'nowhere' ? files : []),
    ...(connects !== 'http' && settings.proxy !== undefined ? ['proxy'] : []),
  ].map((path) => ({ path, message: 'is of no use to this kind' }));
  if (useless.length > 0) return useless;
  const stored = origin === 'store' ? files : [];
  if (stored.length > 0)
    return stored.map((path) => ({ path, message: 'can be set in the config file only, not over the API' }));
  const tls = readTls(settings);
  return [...pairFaults(settings), ...proxyFaults(settings), ...(tls.ok ? [] : [tls.fault])];
}

function pairFaults(settings: TransportSettings): readonly Fault[] {
  const pairs = [
    ['tlsCertFile', 'tlsKeyFile'],
    ['proxyUser', 'proxyPassword'],
  ] as const;
  return pairs.flatMap(([one, other]) => {
    if ((settings[one] === undefined) === (settings[other] === undefined)) return [];
    const path = settings[one] === undefined ? one : other;
    return [{ path, message: `is missing: ${one} and ${other} are set together or not at all` }];
  });
}

function proxyFaults({ proxy, proxyUser }: TransportSettings): readonly Fault[] {
  if (proxy === undefined)
    return proxyUser === undefined ? [] : [{ path: 'proxyUser', message: 'is of no use without proxy' }];
  return URL.canParse(proxy) ? [] : [{ path: 'proxy', message: 'must be an http or https URL' }];
}

/** The files' contents, fit to be worked with; or which is not. */
export function readTls(
  settings: TransportSettings,
): { readonly ok: true; readonly tls: TlsMaterial } | { readonly ok: false; readonly fault: Fault } {
  const tls: { ca?: string; cert?: string; key?: string } = {};
  const refuse = (path: string, message: string) => ({ ok: false, fault: { path, message } }) as const;
  for (const part of ['ca', 'cert', 'key'] as const) {
    const path = FILES[part];
    const file = settings[path];
    if (file === undefined) continue;
    const pem = readText(file);
    if (pem === undefined) return refuse(path, 'cannot be read');
    if (part !== 'key' && !isTlsMaterial({ [part]: pem }))
      return refuse(path, 'holds no certificates in PEM form');
    tls[part] = pem;
  }
  if (isTlsMaterial(tls)) return { ok: true, tls };
  return refuse(FILES.key, 'holds no key in PEM form, or not the key of the certificate');
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    // Absent, a directory, not ours to read: told as a fault of the setting.
    return undefined;
  }
}
