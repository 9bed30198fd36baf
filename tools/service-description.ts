import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startApp } from '../src/app/app.ts';
import { load } from '../src/app/load.ts';
import { silentLogger } from '../src/kernel/log.ts';

/** What the service says of itself: OpenAPI 3.1, as far as something is made from it. */
export interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, JsonSchema>> };
}

export interface Operation {
  readonly summary: string;
  readonly security: readonly unknown[];
  readonly 'x-scope'?: string;
  readonly parameters: readonly Parameter[];
  readonly requestBody?: { readonly content: Content };
  /** By status. */
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content?: Content }>>;
}

export interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required: boolean;
  readonly schema: JsonSchema;
}

/** By media type. */
export type Content = Readonly<Record<string, { readonly schema: JsonSchema }>>;
export type JsonSchema = Readonly<Record<string, unknown>>;

/** The description out of a service that is started for it and ended again. */
export async function serviceDescription(): Promise<Description> {
  const directory = mkdtempSync(join(tmpdir(), 'tocsin-generate-'));
  try {
    return await describe(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function describe(cwd: string): Promise<Description> {
  const env = { TOCSIN_PORT: '0', TOCSIN_DATA_DIR: join(cwd, 'data') };
  const loaded = load({ env, cwd, flags: {} });
  if (loaded.kind === 'faulty') throw new TypeError('the default config has faults');
  const app = await startApp({ loaded, loadAgain: () => loaded, log: silentLogger });
  try {
    const answer = await fetch(`${app.url}/api/v1/openapi.json`);
    // Our own document; the journeys hold it against its schema.
    return (await answer.json()) as Description;
  } finally {
    await app.stop();
  }
}
