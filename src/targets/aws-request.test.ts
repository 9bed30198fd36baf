import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { answers, HttpReceiver } from '../../tests/support/http-receiver.ts';
import { systemClock } from '../kernel/clock.ts';
import { openDial } from '../kernel/dial.ts';
import { createGuardedHttpClient } from '../kernel/guarded-http.ts';
import { silentLogger } from '../kernel/log.ts';
import { awsService } from './aws-request.ts';
import type { TargetContext } from './target.ts';

const ENVIRONMENT = /^AWS_/;

describe('a call of an AWS service', () => {
  const before = { ...process.env };
  let aws: HttpReceiver;
  let metadata: HttpReceiver;
  let http: ReturnType<typeof createGuardedHttpClient>;
  beforeEach(async () => {
    for (const name of Object.keys(process.env)) if (ENVIRONMENT.test(name)) delete process.env[name];
    process.env['AWS_EC2_METADATA_DISABLED'] = 'true';
    process.env['AWS_SHARED_CREDENTIALS_FILE'] = process.env['AWS_CONFIG_FILE'] = '/nonexistent';
    aws = await HttpReceiver.start();
    metadata = await HttpReceiver.start();
    http = createGuardedHttpClient({ allow: ['127.0.0.1'], connectTimeoutMs: 5_000, connectionsMax: 2 });
  });
  afterEach(async () => {
    for (const name of Object.keys(process.env)) if (ENVIRONMENT.test(name)) delete process.env[name];
    Object.assign(process.env, before);
    await http.close();
    await aws.close();
    await metadata.close();
  });
  const role = (id: string) => {
    const Expiration = new Date(Date.now() + 3_600_000).toISOString();
    const keys = { AccessKeyId: id, SecretAccessKey: `hush-${id}`, Token: `token-of-${id}`, Expiration };
    return answers.status(200, JSON.stringify(keys), { 'content-type': 'application/json' });
  };
  const open = () => {
    const context: TargetContext = {
      id: 'there',
      http,
      dial: openDial(),
      tls: {},
      clock: systemClock,
      log: silentLogger,
      timeoutMs: 5_000,
      concurrency: 1,
      publicUrl: 'https://tocsin.example',
      writeLine: () => {},
    };
    const call = awsService({ service: 'sns', region: 'eu-west-1', credentials: {} }, context);
    return (signal = new AbortController().signal) =>
      call({ method: 'POST', url: aws.url(), headers: {}, body: 'x' }, signal);
  };
  const ended = '<Error><Code>ExpiredToken</Code><Message>ended</Message></Error>';

  it('takes up a new identity once AWS says that the old one has ended', async () => {
    process.env['AWS_CONTAINER_CREDENTIALS_FULL_URI'] = metadata.url('/role');
    const call = open();
    metadata.answer = role('OLD');
    aws.answer = answers.status(403, ended);
    expect(await call()).toMatchObject({ kind: 'retry', answer: 'ExpiredToken: ended' });
    metadata.answer = role('NEW');
    aws.answer = answers.status(200);
    expect(await call()).toMatchObject({ kind: 'delivered' });
    const [first, second] = aws.requests.map(({ headers }) => headers['authorization']);
    expect(first).toContain('Credential=OLD/');
    expect(second).toContain('Credential=NEW/');
  });

  it('waits for an identity when there is none, and says what to do', async () => {
    const call = open();
    expect(await call()).toMatchObject({
      kind: 'retry',
      reason: 'credentials',
      answer: expect.stringContaining('accessKeyId'),
    });
    expect(aws.requests).toEqual([]);
  });

  it('does not wait for whoever hangs over the identity', async () => {
    process.env['AWS_CONTAINER_CREDENTIALS_FULL_URI'] = metadata.url('/role');
    metadata.answer = answers.hang;
    const abort = new AbortController();
    const called = open()(abort.signal);
    await metadata.received(1);
    abort.abort();
    expect(await called).toEqual({ kind: 'retry', reason: 'timeout' });
  });

  it('tells no secret of the identity, even when AWS quotes it', async () => {
    process.env['AWS_CONTAINER_CREDENTIALS_FULL_URI'] = metadata.url('/role');
    metadata.answer = role('QUOTED');
    aws.answer = (response, { headers }) => void response.writeHead(500).end(JSON.stringify(headers));
    const told = JSON.stringify(await open()());
    expect(told).toContain('[secret]');
    expect(told).not.toContain('token-of-QUOTED');
  });
});
