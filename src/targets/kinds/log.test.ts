import { mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../../../tests/support/manual-clock.ts';
import { faultsOf, openKind, type OpenedKind } from '../../../tests/support/open-kind.ts';
import { hostileEvent, internalEvent, sampleEvent, sampleJob } from '../../../tests/support/sample-event.ts';
import type { Job } from '../target.ts';
import { targetContract, type Received, type Stage } from './contract.ts';
import { log } from './log.ts';

function read(line: string): Received {
  const { message, tocsin } = JSON.parse(line);
  return { id: tocsin?.delivery_id, text: message, raw: line };
}

function expectHarmless({ raw }: Received): void {
  expect(raw).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
  expect(JSON.parse(raw)['@timestamp']).not.toBe('forged');
  expect(raw.length).toBeLessThan(20_000);
}

async function stdoutStage(settings: object = {}): Promise<Stage> {
  const { target, written, close } = openKind(log, settings);
  return {
    target,
    secrets: [],
    received: async () => written.map(read),
    set: async () => {},
    reached: async () => {},
    release: close,
    stop: async () => {},
  };
}

async function fileStage(): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), 'tocsin-log-'));
  const opened = openKind(log, { file: join(folder, 'sub', 'events.log') });
  return {
    target: opened.target,
    secrets: [],
    received: async () => linesOf(await readFile(join(folder, 'sub', 'events.log'), 'utf8')).map(read),
    // A file stands where the folder should be.
    set: (mode) =>
      mode === 'fail' ? writeFile(join(folder, 'sub'), '') : rm(join(folder, 'sub'), { recursive: true }),
    reached: async () => {},
    release: opened.close,
    stop: () => rm(folder, { recursive: true }),
  };
}

function linesOf(text: string): readonly string[] {
  expect(text.endsWith('\n')).toBe(true);
  return text.slice(0, -1).split('\n');
}

targetContract('log on standard output', {
  modes: [],
  failReason: 'io',
  hasIds: true,
  start: stdoutStage,
  expectHarmless,
});
targetContract('log in a file', {
  modes: ['fail'],
  failReason: 'io',
  hasIds: true,
  start: fileStage,
  expectHarmless,
});

targetContract('log in OCSF', {
  modes: [],
  failReason: 'io',
  hasIds: false,
  start: () => stdoutStage({ format: 'ocsf', payload: true }),
  expectHarmless,
});

describe('log', () => {
  let folder: string;
  let opened: OpenedKind;
  const file = () => join(folder, 'events.log');
  const send = (job: Job = sampleJob()) => opened.target.send(job, new AbortController().signal);
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tocsin-log-'));
    opened = openKind(log, { file: file() });
  });
  afterEach(async () => {
    await opened.close();
    await rm(folder, { recursive: true });
  });

  it('writes what ELK reads as it is: ECS fields', async () => {
    const job = sampleJob(sampleEvent(), { attempt: 3 });
    await send(job);
    expect(JSON.parse(await readFile(file(), 'utf8'))).toEqual({
      '@timestamp': '2026-01-31T12:00:00.250Z',
      'log.level': 'error',
      message: `[high] ${job.event.title}`,
      'ecs.version': '8.11.0',
      event: {
        id: job.event.id,
        kind: 'alert',
        action: job.event.type,
        dataset: 'tocsin.sqreen',
        severity: 4,
        created: '2026-01-31T12:00:01.000Z',
        url: job.event.link,
        hash: job.event.payloadSha256,
      },
      source: { ip: '135.96.171.118' },
      related: { ip: ['135.96.171.118'], user: ['jeff45@harrell.com'] },
      labels: { environment: 'production', account_email: 'jeff45@harrell.com' },
      tocsin: {
        delivery_id: job.deliveryId,
        attempt: 3,
        target: { id: 'target-1' },
        source: { id: 'sqreen' },
        severity: 'high',
        internal: false,
        fingerprint: job.event.fingerprint,
        subject: { kind: 'application', id: '5dd058775c3feb0021c0bb43', name: 'Demo app' },
      },
    });
  });

  it('puts the fields of an internal security alert into the message as JSON', async () => {
    const event = internalEvent();
    await send(sampleJob(event));
    const { message } = JSON.parse(await readFile(file(), 'utf8'));
    const [, json = ''] = /^\[INTERNAL SECURITY ALERT\] (.*)$/.exec(message) ?? [];
    expect(JSON.parse(json)).toEqual(event.internalAlert);
  });

  it('names countries as ECS does, and what is none apart', async () => {
    const geo = { source: 'RU', destination: 'private', allowed: false };
    await send(sampleJob(sampleEvent({ geo, observables: [] })));
    const record = JSON.parse(await readFile(file(), 'utf8'));
    expect(record.source).toEqual({ geo: { country_iso_code: 'RU' } });
    expect(record.destination).toBeUndefined();
    expect(record.tocsin.geo).toEqual(geo);
  });

  it('names no address that is none', async () => {
    await send(sampleJob(hostileEvent()));
    const record = JSON.parse(await readFile(file(), 'utf8'));
    expect(record.source).toBeUndefined();
    expect(record.related.ip).toBeUndefined();
  });

  it('holds the notification itself only when told to, and no more than the start of it', async () => {
    const event = sampleEvent({ payload: `{"a":"${'x'.repeat(100_000)}"}` });
    await send(sampleJob(event));
    expect(JSON.parse(await readFile(file(), 'utf8')).event.original).toBeUndefined();
    const verbose = openKind(log, { payload: true });
    await verbose.target.send(sampleJob(event), new AbortController().signal);
    await verbose.close();
    expect(JSON.parse(verbose.written[0] ?? '').event.original).toHaveLength(32_768);
  });

  it.each(['cloudevents', 'ocsf'])(
    'writes %s on one line, whatever the notification is like',
    async (format) => {
      const payload = '{\r\n\t"a": "b\u2028c\u0085",\n"n": 12345678901234567890\n}';
      const verbose = openKind(log, { format, payload: true });
      await verbose.target.send(sampleJob(sampleEvent({ payload })), new AbortController().signal);
      await verbose.target.send(sampleJob(hostileEvent()), new AbortController().signal);
      await verbose.close();
      for (const line of verbose.written) expect(line).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
      expect(JSON.stringify(JSON.parse(verbose.written[0] ?? ''))).toContain('12345678901234567');
      const short = openKind(log, { format });
      await short.target.send(sampleJob(sampleEvent({ payload })), new AbortController().signal);
      await short.close();
      expect(short.written[0]).not.toContain('12345678901234567');
    },
  );

  it('writes concurrent events whole and in order', async () => {
    const jobs = Array.from({ length: 2_500 }, () => sampleJob());
    await Promise.all(jobs.map(send));
    const ids = linesOf(await readFile(file(), 'utf8')).map((line) => read(line).id);
    expect(ids).toEqual(jobs.map((job) => job.deliveryId));
  });

  it('goes on in a new file when the old one was rotated away', async () => {
    await send();
    await rename(file(), `${file()}.1`);
    await send();
    expect(linesOf(await readFile(`${file()}.1`, 'utf8'))).toHaveLength(1);
    expect(linesOf(await readFile(file(), 'utf8'))).toHaveLength(1);
  });

  it('turns its file itself when told how long to keep it, and no longer once it is closed', async () => {
    const clock = new ManualClock(undefined, new Date(2026, 10, 21, 12).getTime());
    const turning = openKind(log, { file: file(), keepDays: 2 }, { clock });
    const sendOne = () => turning.target.send(sampleJob(), new AbortController().signal);
    for (let day = 0; day < 4; day++) {
      await sendOne();
      await clock.advance(86_400_000);
    }
    expect((await readdir(folder)).sort()).toEqual(['events.log.261123', 'events.log.261124']);
    await sendOne();
    await turning.close();
    await clock.advance(86_400_000);
    expect(linesOf(await readFile(file(), 'utf8'))).toHaveLength(1);
  });

  it('refuses to keep a file that there is none of', () => {
    expect(faultsOf(log, { keepDays: 7 })).toEqual(['keepDays: is of use with a file only']);
  });
});
