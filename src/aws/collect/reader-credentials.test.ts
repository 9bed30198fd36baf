import { createHmac, type Hmac } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { getSigningKey } from '@smithy/signature-v4';
import { afterEach, expect, test, vi } from 'vitest';
import { anAccount } from '../../../tests/support/aws/builders.ts';
import { aSessionKey } from '../../../tests/support/aws/keys.ts';
import type { ForgetfulTask } from './test-forgetful.ts';
import { ACCOUNT, aStage, atEnd, keysOf, REGION, type Stage } from './test-aws.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

const ROLE = `arn:aws:iam::${ACCOUNT}:role/reader`;
const withRole = anAccount({ roles: [{ name: 'reader', trusts: [ACCOUNT], externalId: 'agreed' }] });

test('says whose keys they are', async () => {
  const stage = await aStage();
  expect(await stage.reader().identity()).toEqual({
    kind: 'read',
    value: { accountId: ACCOUNT, arn: `arn:aws:iam::${ACCOUNT}:user/auditor`, partition: 'aws' },
  });
});

test('assumes a role with its external id, once for all clients', async () => {
  const stage = await aStage(withRole);
  const reader = stage.reader({ role: { arn: ROLE, externalId: 'agreed' } });
  const [identity] = await Promise.all([
    reader.identity(),
    reader.vpcs(REGION),
    reader.clusters(REGION),
    reader.bucketNames(),
  ]);
  expect(identity).toMatchObject({ value: { arn: `arn:aws:sts::${ACCOUNT}:assumed-role/reader/tocsin` } });
  expect(stage.aws.log.of('sts:AssumeRole')).toHaveLength(1);
  expect(stage.aws.log.of('ec2:DescribeVpcs')[0]?.accessKeyId).toMatch(/^ASIA/);
});

test('renews the keys of a role before they end', async () => {
  const stage = await aStage(withRole);
  let now = Date.now();
  const clock = { now: () => now, after: () => () => undefined };
  const reader = stage.reader({ role: { arn: ROLE, externalId: 'agreed' } }, { clock });
  await reader.identity();
  now += 54 * 60_000;
  await reader.vpcs(REGION);
  expect(stage.aws.log.of('sts:AssumeRole')).toHaveLength(1);
  now += 2 * 60_000;
  await reader.clusters(REGION);
  expect(stage.aws.log.of('sts:AssumeRole')).toHaveLength(2);
});

test.each([
  ['without its external id', { arn: ROLE }],
  ['that trusts nobody', { arn: `arn:aws:iam::${ACCOUNT}:role/other`, externalId: 'agreed' }],
])('says that a role %s cannot be assumed', async (_, role) => {
  const stage = await aStage(withRole);
  const { failures } = await stage.reader({ role }).vpcs(REGION);
  expect(failures).toEqual([
    { kind: 'denied', action: 'sts:AssumeRole', region: REGION, code: 'AccessDenied' },
  ]);
});

test("keys that are given are the only ones: the machine's own do not count", async () => {
  const stage = await aStage();
  await leaky();
  const reader = stage.reader();
  expect(await reader.identity()).toMatchObject({ value: { accountId: ACCOUNT } });
  await reader.vpcs(REGION);
  expect(stage.aws.log.calls.map(({ accessKeyId, region }) => [accessKeyId, region])).toEqual([
    [stage.key.id, REGION],
    [stage.key.id, REGION],
  ]);
});

/** An environment full of somebody else's settings. */
async function leaky(): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'tocsin-aws-'));
  atEnd(() => rm(directory, { recursive: true }));
  const config = join(directory, 'config');
  await writeFile(
    config,
    '[default]\nregion = eu-west-1\nendpoint_url = http://127.0.0.1:1\nuse_fips_endpoint = true\nmax_attempts = 1\n',
  );
  const leaks = {
    AWS_ACCESS_KEY_ID: 'AKIAENVIRONMENT00000',
    AWS_SECRET_ACCESS_KEY: 'secret of the environment',
    AWS_SESSION_TOKEN: 'token of the environment',
    AWS_REGION: 'eu-west-1',
    AWS_CONFIG_FILE: config,
    AWS_SHARED_CREDENTIALS_FILE: config,
    AWS_USE_FIPS_ENDPOINT: 'true',
    AWS_USE_DUALSTACK_ENDPOINT: 'true',
    AWS_MAX_ATTEMPTS: '1',
    AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
  };
  for (const [name, value] of Object.entries(leaks)) vi.stubEnv(name, value);
}

test('without an endpoint in the configuration the one of the environment counts', async () => {
  const stage = await aStage();
  vi.stubEnv('AWS_ENDPOINT_URL', 'http://127.0.0.1:1');
  vi.stubEnv('AWS_ENDPOINT_URL_STS', stage.aws.url);
  const reader = stage.reader({}, { endpoints: { pathStyle: true } });
  expect(await reader.identity()).toMatchObject({ kind: 'read' });
  expect((await reader.vpcs(REGION)).failures).toMatchObject([{ kind: 'unreachable' }]);
});

test.each(['default', 'environment'] as const)('takes keys from the environment: %s', async (source) => {
  const stage = await aStage();
  useEnvironment(stage);
  const reader = stage.reader({ kind: 'configured', id: 'main', source });
  expect(await reader.identity()).toMatchObject({ value: { accountId: ACCOUNT } });
});

function useEnvironment({ key }: Stage): void {
  vi.stubEnv('AWS_ACCESS_KEY_ID', key.id);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', key.secret);
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
}

test('an environment without keys is refused', async () => {
  const stage = await aStage();
  vi.stubEnv('AWS_ACCESS_KEY_ID', '');
  const reader = stage.reader({ kind: 'configured', id: 'main', source: 'environment' });
  expect(await reader.identity()).toMatchObject({ failure: { kind: 'refused', code: 'NoCredentials' } });
});

test('takes keys from a profile, whose role is assumed at the configured endpoint', async () => {
  const stage = await aStage(anAccount({ roles: [{ name: 'reader', trusts: [ACCOUNT] }] }));
  await useProfiles(stage);
  const plain = stage.reader({ kind: 'configured', id: 'a', source: 'profile', profile: 'plain' });
  expect(await plain.identity()).toMatchObject({ value: { arn: stage.key.principalArn } });
  const role = stage.reader({ kind: 'configured', id: 'b', source: 'profile', profile: 'role' });
  expect(await role.identity()).toMatchObject({
    value: { arn: expect.stringContaining('assumed-role/reader/') },
  });
});

test('a profile that is not there is refused, and nothing else is tried', async () => {
  const stage = await aStage();
  await useProfiles(stage);
  useEnvironment(stage);
  const reader = stage.reader({ kind: 'configured', id: 'a', source: 'profile', profile: 'nobody' });
  expect(await reader.identity()).toMatchObject({ failure: { kind: 'refused' } });
  expect(stage.aws.log.calls).toEqual([]);
});

async function useProfiles({ key }: Stage): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'tocsin-aws-'));
  atEnd(() => rm(directory, { recursive: true }));
  const file = join(directory, 'credentials');
  const plain = `[plain]\naws_access_key_id = ${key.id}\naws_secret_access_key = ${key.secret}\n`;
  await writeFile(file, `${plain}[role]\nrole_arn = ${ROLE}\nsource_profile = plain\n`);
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', file);
  vi.stubEnv('AWS_CONFIG_FILE', join(directory, 'none'));
}

test("takes keys from a container's own endpoint", async () => {
  const stage = await aStage();
  const key = aSessionKey(ACCOUNT, 'task', 'one', 1);
  stage.aws.keys.add(key);
  const server = createServer((_, response) => {
    const Expiration = new Date(Date.now() + 3_600_000).toISOString();
    const keys = { AccessKeyId: key.id, SecretAccessKey: key.secret, Token: key.sessionToken, Expiration };
    response.setHeader('content-type', 'application/json').end(JSON.stringify(keys));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  atEnd(() => server.close());
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  vi.stubEnv('AWS_CONTAINER_CREDENTIALS_FULL_URI', `http://127.0.0.1:${port}/keys`);
  const reader = stage.reader({ kind: 'configured', id: 'main', source: 'container' });
  expect(await reader.identity()).toMatchObject({ value: { arn: key.principalArn } });
});

test('a closed reader asks nothing', async () => {
  const stage = await aStage(withRole);
  const reader = stage.reader({ role: { arn: ROLE, externalId: 'agreed' } });
  await reader.identity();
  const { calls } = reader.tally;
  reader.close();
  expect(await reader.identity()).toMatchObject({ failure: { code: 'Aborted' } });
  expect(reader.tally.calls).toBe(calls);
});

test('the keys of a closed reader are nowhere in memory, even while somebody holds it', async () => {
  const stage = await aStage();
  const thread = new Worker(new URL('test-forgetful-thread.js', import.meta.url));
  atEnd(() => thread.terminate());
  const task: ForgetfulTask = {
    url: stage.aws.url,
    keys: keysOf(stage.key),
    region: REGION,
    needle: Buffer.from(stage.key.secret).toString('base64'),
  };
  thread.postMessage(task);
  const [found]: unknown[] = await once(thread, 'message');
  expect(found).toMatchObject({ closed: 0 });
  // Otherwise it was looked for in vain.
  expect(found).not.toMatchObject({ open: 0 });
});

test("the SDK's cache of signing keys, which is the whole thread's, holds none", async () => {
  const stage = await aStage();
  const reader = stage.reader();
  expect(await reader.identity()).toMatchObject({ kind: 'read' });
  // One hash to look it up; four more to derive it.
  expect(await hashesToSign(stage)).toBe(5);
});

/** How many hashes it takes to have the signing key for STS of today. */
async function hashesToSign({ key }: Stage): Promise<number> {
  let made = 0;
  class Counted {
    readonly #hmac: Hmac;
    constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
      made += 1;
      this.#hmac = createHmac('sha256', bytesOf(secret ?? ''));
    }
    update(data: Uint8Array): void {
      this.#hmac.update(data);
    }
    digest(): Promise<Uint8Array> {
      return Promise.resolve(this.#hmac.digest());
    }
    reset(): void {}
  }
  const today = new Date().toISOString().slice(0, 10).replaceAll('-', '');
  await getSigningKey(Counted, keysOf(key), today, REGION, 'sts');
  return made;
}

function bytesOf(data: string | ArrayBuffer | ArrayBufferView): Uint8Array {
  if (typeof data === 'string') return Buffer.from(data);
  if (data instanceof ArrayBuffer) return new Uint8Array(data);
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}
