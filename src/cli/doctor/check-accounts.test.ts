import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { anAccount } from '../../../tests/support/aws/builders.ts';
import { FakeAws } from '../../../tests/support/aws/fake-aws.ts';
import { aKey } from '../../../tests/support/aws/keys.ts';
import { load } from '../../app/load.ts';
import { testDirectory } from '../test-directory.ts';
import { checkAccounts } from './check-accounts.ts';
import type { Finding } from './finding.ts';

const ID = '123456789012';
const key = aKey(ID);
let aws: FakeAws;
let cwd: string;
beforeEach(async () => {
  cwd = testDirectory();
  const account = anAccount({ id: ID, roles: [{ name: 'reader', trusts: [ID], externalId: 'right' }] });
  aws = await FakeAws.start({ accounts: [account], keys: [key] });
  give(key.id, key.secret);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await aws.close();
});

/** What the machine has: where the library of AWS's looks for keys. */
function give(id: string | undefined, secret: string | undefined): void {
  vi.stubEnv('AWS_ACCESS_KEY_ID', id);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', secret);
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', join(cwd, 'credentials'));
  vi.stubEnv('AWS_CONFIG_FILE', join(cwd, 'config'));
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
}

async function look(
  accounts: readonly unknown[],
  { endpoint = aws.url, isOffline = false }: { endpoint?: string; isOffline?: boolean } = {},
): Promise<readonly Finding[]> {
  writeFileSync(join(cwd, 'tocsin.yaml'), JSON.stringify({ accounts }));
  const loaded = load({ env: { TOCSIN_AWS_ENDPOINT: endpoint }, cwd, flags: {} });
  if (loaded.kind === 'faulty') throw new Error(loaded.faults.map(({ message }) => message).join());
  return checkAccounts(loaded.config, isOffline);
}

const prod = { id: 'prod', credentials: 'environment' };
const ROLE = `arn:aws:iam::${ID}:role/reader`;

test('whose credentials they are is told, and that is all that is asked', async () => {
  expect(await look([prod])).toEqual([
    {
      check: 'account prod',
      verdict: 'ok',
      what: `AWS account ${ID}, as ${key.principalArn}`,
      todo: null,
    },
  ]);
  expect(aws.log.calls.map(({ action }) => action)).toEqual(['sts:GetCallerIdentity']);
});

test('without accounts, and without the network, nobody is asked', async () => {
  expect(await look([])).toEqual([]);
  expect(await look([prod], { isOffline: true })).toEqual([]);
  expect(aws.log.calls).toEqual([]);
});

test('keys that are not there, or not taken, are told apart from AWS being away, and never shown', async () => {
  give(key.id, 'a-wrong-secret');
  const [wrong] = await look([prod]);
  expect(wrong).toMatchObject({
    verdict: 'fail',
    what: expect.stringContaining('AWS does not take them (sts:GetCallerIdentity: SignatureDoesNotMatch)'),
    todo: expect.stringContaining('AWS_ACCESS_KEY_ID'),
  });
  expect(JSON.stringify(wrong)).not.toMatch(/a-wrong-secret|AKIA/);
  give(undefined, undefined);
  expect(await look([prod])).toMatchObject([
    { verdict: 'fail', what: expect.stringContaining('NoCredentials') },
  ]);
  expect(await look([{ id: 'prod', credentials: 'profile', profile: 'none' }])).toMatchObject([
    { verdict: 'fail', todo: expect.stringContaining('~/.aws') },
  ]);
});

test('a role is assumed as a scan would; one that cannot be says what both sides must allow', async () => {
  const role = { ...prod, roleArn: ROLE };
  expect(await look([{ ...role, externalId: 'right' }])).toMatchObject([
    { verdict: 'ok', what: expect.stringContaining('assumed-role/reader') },
  ]);
  expect(await look([{ ...role, externalId: 'wrong' }])).toMatchObject([
    {
      check: 'account prod',
      verdict: 'fail',
      what: 'its role cannot be assumed (sts:AssumeRole: AccessDenied)',
      todo: expect.stringContaining('externalId'),
    },
  ]);
});

test('that AWS cannot be reached is told in bounded time', async () => {
  const server: Server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  server.close();
  await once(server, 'close');
  expect(await look([prod], { endpoint: `http://127.0.0.1:${port}` })).toMatchObject([
    {
      verdict: 'fail',
      what: 'AWS cannot be reached (sts:GetCallerIdentity: ECONNREFUSED)',
      todo: expect.stringContaining('aws.endpoint'),
    },
  ]);
}, 30_000);

test('two names for one account are warned of', async () => {
  const found = await look([prod, { id: 'again', credentials: 'environment' }]);
  expect(found.map(({ check, verdict }) => `${verdict} ${check}`)).toEqual([
    'ok account prod',
    'ok account again',
    'warn account again',
  ]);
});

test('an endpoint that is asked unencrypted on another machine is warned of', async () => {
  expect(await look([prod], { endpoint: 'http://aws.example', isOffline: true })).toMatchObject([
    { check: 'aws.endpoint', verdict: 'warn', what: 'aws.example is asked unencrypted' },
  ]);
  expect(await look([prod], { endpoint: 'https://aws.example', isOffline: true })).toEqual([]);
});
