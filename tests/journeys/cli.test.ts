import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answers, HttpReceiver } from '../support/http-receiver.ts';
import { dispose, KEY, type Service, startService, TOKEN } from '../support/service.ts';
import { sampleText } from '../support/sqreen-samples.ts';
import { until } from '../support/until.ts';

const MAIN = fileURLToPath(new URL('../../src/main.js', import.meta.url));
const OTHER_KEY = 'another-key-for-tests';
const EVENT = /evt_[0-9a-f-]{36}/;
const DELIVERY = /dlv_[0-9a-f-]{36}/;

interface Ended {
  readonly code: unknown;
  readonly out: string;
  readonly err: string;
}

describe('the command line, against a running service', () => {
  let receiver: HttpReceiver;
  let service: Service;

  beforeAll(async () => {
    receiver = await HttpReceiver.start();
    service = await startService({ config: config(receiver.url('/hook')), env: { OTHER_KEY } });
  });
  afterAll(async () => {
    await dispose();
    await receiver.close();
  });

  const start = (line: readonly string[]) =>
    spawn(process.execPath, [MAIN, ...line], {
      cwd: service.directory,
      env: {
        PATH: process.env['PATH'] ?? '',
        TOCSIN_URL: service.url,
        TOCSIN_TOKEN: TOKEN,
        TOCSIN_DATA_DIR: join(service.directory, 'data'),
        SIGNATURE_KEY: KEY,
        OTHER_KEY,
      },
    });

  async function tocsin(line: string, input = ''): Promise<Ended> {
    const child = start(line.split(' '));
    child.stdin.end(input);
    const [out, err, [code]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'close'),
    ]);
    return { code, out, err };
  }

  it('carries an event from a check of the config to its replay', async () => {
    expect(await tocsin('check-config')).toMatchObject({ code: 0, out: expect.stringMatching(/^ok$/m) });
    expect(await tocsin('explain-config')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^rules\[0\]\.id +severe +tocsin\.yaml:\d+$/m),
    });
    expect(await tocsin('rules test - --expect hook', sampleText('v2-security-event.json'))).toMatchObject({
      code: 1,
    });

    receiver.answer = answers.status(500);
    expect(await tocsin('send')).toMatchObject({ code: 0, err: '' });
    expect(await tocsin('send - --source other', '[{}]')).toMatchObject({ code: 1 });

    await until('the delivery is dead', async () => {
      const answer = await service.api('/api/v1/deliveries?status=dead');
      return (await answer.text()).includes('"dead"');
    });
    expect(await tocsin('replay --status dead --target hook --dry-run')).toMatchObject({
      code: 0,
      out: '1 delivery would be sent again.\n',
    });
    const listed = await tocsin('events --since 1h --severity high');
    const id = EVENT.exec(listed.out)?.[0] ?? 'none';
    expect(listed.out.trimEnd().split('\n')).toHaveLength(1);

    const shown = await tocsin(`events ${id}`);
    expect(shown.out).toMatch(/^ {2}dlv_\S+ {2}hook {2}dead {2}1 attempt$/m);
    const asJson = await tocsin(`events ${id} --json`);
    expect(await tocsin('rules test - --expect hook', asJson.out)).toMatchObject({ code: 0, err: '' });

    receiver.answer = answers.status(200);
    expect(await tocsin('replay --status dead --target hook --since 1h')).toMatchObject({ code: 2 });
    expect(await tocsin('replay --status dead --target hook --since 1h --yes')).toMatchObject({
      code: 0,
      out: '1 of 1 delivery sent again.\n',
    });
    await receiver.received(2);
    const again = await tocsin(`replay ${id} --target log`);
    expect(again.out).toMatch(DELIVERY);
    expect(await tocsin(`replay ${again.out.trim()}`)).toMatchObject({ code: 0 });
  });

  it('signs with the key of the source it sends to', async () => {
    writeFileSync(join(service.directory, 'other.key'), `${OTHER_KEY}\n`);
    const body = '[{"message_id": "to-the-other"}]';
    expect(await tocsin('send - --source other --key-file other.key', body)).toMatchObject({
      code: 0,
      err: '',
    });
    const { out } = await tocsin('events --source other');
    expect(out.match(new RegExp(EVENT, 'g'))).toHaveLength(1);
  });

  it('leaves the store of a running service alone', async () => {
    const refused = await tocsin('migrate');
    expect(refused.code).toBe(1);
    expect(refused.err).toContain('Stop the service first');
  });

  it('ends quietly when its reader has seen enough', async () => {
    const child = start(['explain-config']);
    child.stdout.destroy();
    const [err, [code]] = await Promise.all([text(child.stderr), once(child, 'close')]);
    expect([code, err]).toEqual([0, '']);
  });
});

const config = (hook: string): string => `egress: {allow: [127.0.0.1]}
sources:
  - {id: other, kind: sqreen, key: "\${OTHER_KEY}"}
targets:
  - {id: hook, kind: http, url: "${hook}", retryAttempts: 1}
rules:
  - {id: severe, when: {severity: ">= high"}, targets: [hook]}
`;
