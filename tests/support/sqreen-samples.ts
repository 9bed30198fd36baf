import { createHmac } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { isJsonObject } from '../../src/kernel/json.ts';
import type { SourceRequest } from '../../src/sources/schemes/scheme.ts';
import type { OwnApplication, ProvedMessage, Source } from '../../src/sources/source.ts';
import { defaultVerification } from '../../src/sources/schemes/settings.ts';
import { openSource } from '../../src/sources/open-source.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { sqreen } from '../../src/sources/kinds/sqreen.ts';

const FOLDER = new URL('../../../tests/fixtures/sqreen/', import.meta.url);
const VECTORS = 'signature-vectors.json';

export const sampleKey = 'a key of the tests, not a secret';

/** The names of the public sample bodies. */
export const sampleNames = readdirSync(FOLDER).filter((name) => name.endsWith('.json') && name !== VECTORS);

export function sampleText(name: string): string {
  return readFileSync(new URL(name, FOLDER), 'utf8');
}

/** Parsed anew on each call, so that a test may change it. */
export function sampleRecords(name: string): Record<string, unknown>[] {
  const value: unknown = JSON.parse(sampleText(name));
  if (!Array.isArray(value)) throw new TypeError(`${name} is no array`);
  return value.map((record) => ({ ...objectIn(record) }));
}

export interface SignatureVector {
  readonly name: string;
  readonly key: string;
  readonly body: string;
  readonly signature: string;
}

export function signatureVectors(): readonly SignatureVector[] {
  const value: unknown = JSON.parse(sampleText(VECTORS));
  if (!Array.isArray(value)) throw new TypeError('the vectors are no array');
  return value.map(objectIn).map((vector) => ({
    name: String(vector['name']),
    key: String(vector['key']),
    body: String(vector['body']),
    signature: String(vector['signature']),
  }));
}

function objectIn(value: unknown) {
  if (!isJsonObject(value)) throw new TypeError('an object was expected');
  return value;
}

export function openSqreen(ownApplication: OwnApplication = {}, id = 'sqreen'): Source {
  const http = { request: () => Promise.reject(new TypeError('nothing is fetched here')) };
  const context = { id, clock: systemClock, http, ownApplication };
  return openSource(sqreen, {}, { ...defaultVerification, key: sampleKey }, context);
}

/** A request signed with `sampleKey`. */
export function signedRequest(
  body: string | Buffer,
  contentType = 'application/json',
): SourceRequest & ProvedMessage {
  const bytes = Buffer.from(body);
  const signature = createHmac('sha256', sampleKey).update(bytes).digest('hex');
  return {
    headers: { 'content-type': contentType, 'x-sqreen-integrity': signature },
    body: bytes,
    clientCertificate: undefined,
    messageId: undefined,
  };
}
