import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at } from '../support/ask.ts';
import { HttpReceiver } from '../support/http-receiver.ts';
import { pathsOf } from '../support/object-requests.ts';
import { endOfVisits, type Visit, visit } from '../support/visitor.ts';
import { leaks, secret } from '../support/witness.ts';

const HEADER = secret('Bearer the-secret-header-that-must-stay');
const SIGNING = secret(`whsec_${Buffer.from('the thirty-two bytes of a third key').toString('base64')}`);
const KEY = secret('the-key-of-a-source-that-is-refused');
const PASSWORD = secret('the-password-of-a-refused-target');

describe('changes over the API that are refused', () => {
  let receiver: HttpReceiver;
  let there: Visit;
  beforeAll(async () => {
    receiver = await HttpReceiver.start();
    there = await visit({
      env: { TOCSIN_LOG_LEVEL: 'debug' },
      config: `
egress: {allow: ['127.0.0.1:${receiver.port}']}
targets:
  - {id: filed, kind: log}
rules:
  - {id: first, when: {type: never}, targets: [filed]}
`,
    });
    const hook = {
      kind: 'http',
      url: receiver.url('/hook'),
      secretHeaders: { Authorization: HEADER },
      secrets: [SIGNING],
    };
    expect((await there.operator('PUT', '/api/v1/targets/hook', hook)).status).toBe(200);
  });
  afterAll(async () => {
    await endOfVisits();
    await receiver.close();
  });

  it('do not carry their secrets to another place', async () => {
    const stranger = await HttpReceiver.start();
    const { json } = await there.operator('GET', '/api/v1/targets/hook');
    const settings = { ...Object(at(json, 'settings')), url: stranger.url('/') };
    const moved = await there.operator('PUT', '/api/v1/targets/hook', settings);
    expect([moved.status, pathsOf(moved)]).toEqual([422, ['secretHeaders.Authorization', 'secrets[0]']]);
    const through = { ...Object(at(json, 'settings')), proxy: stranger.url('') };
    expect((await there.operator('PUT', '/api/v1/targets/hook', through)).status).toBe(422);
    const tried = await there.operator('POST', '/api/v1/targets/test', { id: 'hook', target: settings });
    expect([tried.status, pathsOf(tried)]).toEqual([
      422,
      ['target.secretHeaders.Authorization', 'target.secrets[0]'],
    ]);
    expect(stranger.connections).toBe(0);
    await stranger.close();
  });

  it.each([
    ['a setting that there is not', { kind: 'log', fiel: 'x' }, ['fiel']],
    ['a file of the machine', { kind: 'log', file: '/etc/passwd' }, ['file']],
    [
      'certificates of the machine',
      { kind: 'http', url: 'https://example.org', tlsCaFile: '/etc/ssl/x', tlsKeyFile: '/etc/ssl/y' },
      ['tlsCaFile', 'tlsKeyFile'],
    ],
    [
      'a file with a secret',
      {
        kind: 'email',
        host: 'a',
        from: 'a@b.org',
        to: ['a@b.org'],
        user: 'u',
        passwordFile: '/run/secrets/p',
      },
      ['passwordFile'],
    ],
    [
      "the machine's identity at AWS",
      { kind: 'sms', provider: 'sns', region: 'eu-west-1', to: '+33612345678' },
      ['accessKeyId'],
    ],
    ['a time-out beyond the lease', { kind: 'log', timeout: '55s' }, ['timeout']],
    ['a mask with nothing behind it', { kind: 'slack', url: '[secret]' }, ['url']],
    ['another id', { kind: 'log', id: 'other' }, ['id']],
    ['a fallback that there is not', { kind: 'log', fallback: 'nobody' }, ['fallback']],
    [
      'several faults at once',
      { kind: 'email', host: 'a b', port: PASSWORD, password: 7 },
      ['from', 'host', 'password', 'port', 'to'],
    ],
  ])('with %s are refused, with their places and without their values', async (_name, body, paths) => {
    const answer = await there.operator('PUT', '/api/v1/targets/refused', body);
    expect([answer.status, pathsOf(answer).sort()]).toEqual([422, paths]);
    expect((await there.operator('GET', '/api/v1/targets/refused')).status).toBe(404);
    expect(leaks()).toEqual([]);
  });

  it.each([
    ['/api/v1/sources/bad', { kind: 'json' }, ['scheme']],
    ['/api/v1/sources/bad', { kind: 'json', scheme: 'mtls' }, ['scheme']],
    ['/api/v1/sources/bad', { kind: 'github', key: 'short' }, ['key']],
    ['/api/v1/sources/tocsin', { kind: 'sqreen', key: KEY }, ['id']],
    ['/api/v1/rules/bad', { when: { severty: 'high' }, targets: ['hok'] }, ['targets[0]', 'when.severty']],
    ['/api/v1/rules/default', { targets: ['hook'] }, ['id']],
    ['/api/v1/rules/bad', { targets: 'hook' }, ['targets']],
  ])('%s is held to what the file is held to', async (path, body, paths) => {
    const answer = await there.operator('PUT', path, body);
    expect([answer.status, pathsOf(answer).sort()], answer.text).toEqual([422, paths]);
  });

  it('reach no address that is not public, unless it is allowed', async () => {
    const inside = { kind: 'http', url: 'http://127.0.0.1:9/' };
    const { json } = await there.operator('POST', '/api/v1/targets/test', { target: inside });
    expect(json).toMatchObject({ outcome: 'retry', reason: 'egress_denied' });
    const mail = { kind: 'email', host: '127.0.0.1', from: 'a@b.org', to: ['a@b.org'], security: 'none' };
    const mailed = await there.operator('POST', '/api/v1/targets/test', { target: mail });
    expect(mailed.json).toMatchObject({ outcome: 'retry', reason: 'egress_denied' });
  });

  it('of the file are not theirs to change', async () => {
    for (const [path, body] of [
      ['/api/v1/targets/filed', { kind: 'log' }],
      ['/api/v1/targets/log', { kind: 'log' }],
      ['/api/v1/sources/sqreen', { kind: 'sqreen', key: KEY }],
      ['/api/v1/rules/first', { targets: ['hook'] }],
    ] as const) {
      expect((await there.operator('PUT', path, body)).status, path).toBe(409);
      expect((await there.operator('DELETE', path)).status, path).toBe(409);
    }
  });
});
