import { createHmac, randomBytes } from 'node:crypto';
import type { ObjectStore } from '../registry/object-store.ts';
import { sampleNotification } from '../sources/sqreen/sample-notification.ts';
import type { Config } from './settings.ts';

/** A source that is there from the first start, so that a newcomer sees an event travel before configuring any. */
export interface TryIt {
  readonly path: string;
  readonly key: string;
}

const SOURCE_ID = 'try-it';
const KEY_BYTES = 24;

/** Made in the store, with a key of its own, at a start that configures no source and never did. */
export async function tryItSource(config: Config, objects: ObjectStore): Promise<TryIt | undefined> {
  const isConfigured = config.sources.length > 0 || config.signatureKey !== undefined;
  if (isConfigured || (await objects.version()) > 0) return undefined;
  const key = randomBytes(KEY_BYTES).toString('base64url');
  await objects.put({ kind: 'source', id: SOURCE_ID, body: { kind: 'sqreen', key } });
  return { path: `/api/v1/sources/${SOURCE_ID}`, key };
}

/** A command to paste into a shell: one signed notification, without the key in it. */
export function signedCurl(url: string, path: string, key: string, now: Date): string {
  const body = JSON.stringify([sampleNotification(now.getTime())]);
  const signature = createHmac('sha256', key).update(body).digest('hex');
  return [
    `curl -sS -X POST ${url}${path}`,
    `  -H 'Content-Type: application/json'`,
    `  -H 'X-Sqreen-Integrity: ${signature}'`,
    `  -d '${body}'`,
  ].join(' \\\n');
}
