import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { answers, HttpReceiver } from '../../tests/support/http-receiver.ts';
import { silentLogger } from '../kernel/log.ts';
import { credentialSource } from './aws-credentials.ts';

const CHAIN = /^AWS_/;

describe("a target's AWS credentials", () => {
  const before = { ...process.env };
  let metadata: HttpReceiver;
  beforeEach(async () => {
    for (const name of Object.keys(process.env)) if (CHAIN.test(name)) delete process.env[name];
    process.env['AWS_EC2_METADATA_DISABLED'] = 'true';
    process.env['AWS_SHARED_CREDENTIALS_FILE'] = process.env['AWS_CONFIG_FILE'] = '/nonexistent';
    metadata = await HttpReceiver.start();
  });
  afterEach(async () => {
    for (const name of Object.keys(process.env)) if (CHAIN.test(name)) delete process.env[name];
    Object.assign(process.env, before);
    await metadata.close();
  });
  const role = (id: string, endsInMs: number) =>
    answers.status(
      200,
      JSON.stringify({
        AccessKeyId: id,
        SecretAccessKey: 'hush',
        Token: 'token',
        Expiration: new Date(Date.now() + endsInMs).toISOString(),
      }),
      { 'content-type': 'application/json' },
    );

  it('are those of the settings, and nothing else is asked', async () => {
    process.env['AWS_ACCESS_KEY_ID'] = 'OTHER';
    process.env['AWS_SECRET_ACCESS_KEY'] = 'other';
    const source = credentialSource({ accessKeyId: 'AKID', secretAccessKey: 'hush' }, silentLogger);
    expect(await source.get()).toEqual({ accessKeyId: 'AKID', secretAccessKey: 'hush' });
  });

  it("are those of the environment's variables without any in the settings", async () => {
    process.env['AWS_ACCESS_KEY_ID'] = 'AKIDENV';
    process.env['AWS_SECRET_ACCESS_KEY'] = 'hush';
    expect(await credentialSource({}, silentLogger).get()).toMatchObject({ accessKeyId: 'AKIDENV' });
  });

  it("are those of the container's role, kept until they end or AWS says that they have", async () => {
    process.env['AWS_CONTAINER_CREDENTIALS_FULL_URI'] = metadata.url('/role');
    metadata.answer = role('FIRST', 3_600_000);
    const source = credentialSource({}, silentLogger);
    expect(await source.get()).toMatchObject({ accessKeyId: 'FIRST', sessionToken: 'token' });
    metadata.answer = role('SECOND', 3_600_000);
    expect(await source.get()).toMatchObject({ accessKeyId: 'FIRST' });
    expect(metadata.requests).toHaveLength(1);
    source.renew();
    expect(await source.get()).toMatchObject({ accessKeyId: 'SECOND' });
    expect(await source.get()).toMatchObject({ accessKeyId: 'SECOND' });
    expect(metadata.requests).toHaveLength(2);
  });

  it('are renewed before they end', async () => {
    process.env['AWS_CONTAINER_CREDENTIALS_FULL_URI'] = metadata.url('/role');
    metadata.answer = role('ENDING', 60_000);
    const source = credentialSource({}, silentLogger);
    await source.get();
    metadata.answer = role('NEXT', 3_600_000);
    await source.get();
    await metadata.received(2);
    expect(metadata.requests).toHaveLength(2);
  });

  it('may be none: that is an answer, said in the log, and may be otherwise later', async () => {
    const warned: string[] = [];
    const log = { ...silentLogger, warn: (_fields: object, message: string) => void warned.push(message) };
    const source = credentialSource({}, log);
    expect(await source.get()).toBeUndefined();
    expect(warned).toEqual(['no AWS credentials could be had']);
    process.env['AWS_ACCESS_KEY_ID'] = 'AKIDLATER';
    process.env['AWS_SECRET_ACCESS_KEY'] = 'hush';
    expect(await source.get()).toMatchObject({ accessKeyId: 'AKIDLATER' });
  });
});
