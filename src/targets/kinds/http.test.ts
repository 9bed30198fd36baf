import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { answers, HttpReceiver } from '../../../tests/support/http-receiver.ts';
import { httpStage } from '../../../tests/support/http-stage.ts';
import { faultsOf, openKind, type OpenedKind } from '../../../tests/support/open-kind.ts';
import { hostileEvent, sampleEvent, sampleJob } from '../../../tests/support/sample-event.ts';
import type { Job, Outcome } from '../target.ts';
import { targetContract } from './contract.ts';
import { http } from './http.ts';

const oldSecret = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;
const newSecret = `whsec_${Buffer.alloc(24, 2).toString('base64')}`;
const secretHeaders = { Authorization: 'Bearer s3cr3t-t0ken' };

targetContract('http', {
  modes: ['fail', 'refuse', 'hang', 'reset'],
  failReason: 'http_status',
  refuseReason: 'gone',
  hasIds: true,
  start: () =>
    httpStage({
      open: (receiver) =>
        openKind(http, {
          url: receiver.url('/hook/p4th-token?key=qu3ry-token'),
          secrets: [oldSecret],
          secretHeaders,
        }),
      secrets: ['s3cr3t-t0ken', 'p4th-token', 'qu3ry-token', oldSecret],
      read: ({ headers, body }) => {
        const { data } = JSON.parse(body);
        const text = data.internalAlert ? `[INTERNAL SECURITY ALERT] ${data.title}` : data.title;
        return { id: headers['webhook-id'], text, raw: body };
      },
      refuse: (quote) => ({ status: 410, body: quote }),
    }),
  expectHarmless: ({ raw }, { title, type }) => {
    const record = JSON.parse(raw);
    expect(record.data.title).toBe(title);
    expect(record.data.type).toBe(type);
    expect(`${record.type}${record.subject}`).not.toMatch(/[\p{Cc}\p{Cs}]/u);
  },
});

describe('http', () => {
  let receiver: HttpReceiver;
  const opened: OpenedKind[] = [];
  beforeEach(async () => {
    receiver = await HttpReceiver.start();
  });
  afterEach(async () => {
    for (const one of opened.splice(0)) await one.close();
    await receiver.close();
  });
  const send = (settings: object, job: Job = sampleJob()): Promise<Outcome> => {
    const one = openKind(http, { url: receiver.url('/hook'), ...settings });
    opened.push(one);
    return one.target.send(job, new AbortController().signal);
  };

  it('signs so that a receiver with either key verifies, the old one and the new one', async () => {
    const job = sampleJob();
    await send({ secrets: [newSecret, oldSecret] }, job);
    const [request] = receiver.requests;
    expect(request?.headers['webhook-signature']?.split(' ')).toHaveLength(2);
    expect(request?.headers['webhook-id']).toBe(job.deliveryId);
    for (const secret of [newSecret, oldSecret]) {
      const verified = new Webhook(secret).verify(request?.body ?? '', { ...request?.headers });
      expect(verified).toMatchObject({ id: job.event.id });
    }
    const stranger = new Webhook(Buffer.alloc(32, 9).toString('base64'));
    expect(() => stranger.verify(request?.body ?? '', { ...request?.headers })).toThrow();
  });

  it('signs what it sends when the texts are no valid Unicode', async () => {
    await send(
      { secrets: [oldSecret], format: 'text', template: '{{subject}}|{{event.type}}' },
      sampleJob(hostileEvent()),
    );
    const [request] = receiver.requests;
    const verify = () =>
      new Webhook(oldSecret).verify(request?.body ?? '', { ...request?.headers }, { jsonParse: false });
    expect(verify).not.toThrow();
    expect(request?.body).not.toMatch(/[\p{Cc}]/u);
  });

  it("stamps every attempt with its own time and the delivery's id", async () => {
    let now = 1_800_000_000_000;
    const clock = { now: () => now, after: () => () => {} };
    const one = openKind(http, { url: receiver.url(), secrets: [oldSecret] }, { clock });
    opened.push(one);
    const job = sampleJob();
    await one.target.send(job, new AbortController().signal);
    now += 61_999;
    await one.target.send({ ...job, attempt: 2 }, new AbortController().signal);
    const stamps = receiver.requests.map(({ headers }) => [
      headers['webhook-id'],
      headers['webhook-timestamp'],
    ]);
    expect(stamps).toEqual([
      [job.deliveryId, '1800000000'],
      [job.deliveryId, '1800000061'],
    ]);
  });

  it('tells of the trace of the attempt when there is one, and of none else, whatever headers are set', async () => {
    const headers = { traceparent: '00-of-ours' };
    const traced = openKind(
      http,
      { url: receiver.url(), headers },
      { traceparent: ({ attempt }) => `00-trace-${attempt}` },
    );
    const untraced = openKind(http, { url: receiver.url() });
    opened.push(traced, untraced);
    await traced.target.send(sampleJob(), new AbortController().signal);
    await untraced.target.send(sampleJob(), new AbortController().signal);
    expect(receiver.requests.map((request) => request.headers['traceparent'])).toEqual([
      '00-trace-1',
      undefined,
    ]);
  });

  it('sends a CloudEvents record with the notification as its sender wrote it', async () => {
    const payload = '{"n": 12345678901234567890, "risk": 71.50, "a": 1, "a": 2}';
    const event = sampleEvent({ payload });
    await send({}, sampleJob(event));
    const [request] = receiver.requests;
    expect(request?.headers['content-type']).toBe('application/cloudevents+json');
    expect(request?.headers['webhook-signature']).toBeUndefined();
    expect(request?.body).toContain(`"payload":${payload}`);
    expect(JSON.parse(request?.body ?? '')).toMatchObject({
      specversion: '1.0',
      id: event.id,
      source: 'https://tocsin.example/sources/sqreen',
      type: `tocsin.${event.type}`,
      time: '2026-01-31T12:00:00.250Z',
      subject: 'application/5dd058775c3feb0021c0bb43',
      datacontenttype: 'application/json',
      data: {
        id: event.id,
        severity: 'high',
        occurredAt: '2026-01-31T12:00:00.250Z',
        receivedAt: '2026-01-31T12:00:01.000Z',
        labels: event.labels,
        observables: event.observables,
        payload: { n: expect.anything(), a: 2 },
      },
    });
  });

  it('quotes a notification that is not JSON', async () => {
    await send({}, sampleJob(sampleEvent({ payload: 'CEF:0|"x"\n' })));
    expect(JSON.parse(receiver.requests[0]?.body ?? '').data.payload).toBe('CEF:0|"x"\n');
  });

  it('fills a JSON template without letting a text out of its quotes', async () => {
    const template =
      '{"text": "{{event.title}} by {{ event.subject.name }}", "all": {{ event.labels | json }}, "no": "{{event.subject.x.y}}"}';
    const event = hostileEvent();
    await send({ format: 'json', template }, sampleJob(event));
    const body = JSON.parse(receiver.requests[0]?.body ?? '');
    expect(body).toEqual({ text: `${event.title} by ${event.subject?.name}`, all: event.labels, no: '' });
  });

  it('asks for a retry, and tells why, when its template cannot be filled in for an event', async () => {
    const template = '{"a": {% if event.severity == "high" %}{{ event.title }}{% else %}1{% endif %}}';
    const one = openKind(http, { url: receiver.url(), format: 'json', template });
    opened.push(one);
    const job = sampleJob(sampleEvent({ title: '1, "admin": true' }));
    const fault = 'template must give JSON: put {{ … }} inside quotes, {{ … | json }} outside';
    expect(await one.target.send(job, new AbortController().signal)).toEqual({
      kind: 'retry',
      reason: 'fault',
      answer: fault,
    });
    expect(receiver.requests).toEqual([]);
    expect(one.target.preview?.(job)).toEqual({ mediaType: 'text/plain', text: '', fault });
  });

  it('sends an OCSF record when told to', async () => {
    const event = sampleEvent();
    await send({ format: 'ocsf' }, sampleJob(event));
    expect(receiver.requests[0]?.headers['content-type']).toBe('application/json');
    expect(JSON.parse(receiver.requests[0]?.body ?? '')).toMatchObject({
      class_uid: 2004,
      metadata: { uid: event.id },
    });
  });

  it('sends configured headers, and none can replace those that frame and prove the message', async () => {
    await send({ headers: { 'X-Team': 'blue', 'User-Agent': 'mine' }, secretHeaders, method: 'PUT' });
    expect(receiver.requests[0]).toMatchObject({
      method: 'PUT',
      headers: { 'x-team': 'blue', 'user-agent': 'mine', authorization: 'Bearer s3cr3t-t0ken' },
    });
    for (const name of [
      'Host',
      'content-length',
      'Transfer-Encoding',
      'Connection',
      'webhook-id',
      'Webhook-Signature',
      'TE',
    ]) {
      const faults = faultsOf(http, { url: 'https://x.example', headers: { [name]: 'x' } });
      expect(faults).toEqual([`headers.${name}: is set by Tocsin and cannot be set here`]);
    }
  });

  it.each([
    [{ headers: { 'x-a': 'b\r\nx-c: d' } }, 'schema'],
    [{ headers: { 'x a': 'b' } }, 'headers.x a: is no name of a header'],
    [{ secretHeaders: { 'x-a': 'hush\nx: y' } }, 'secretHeaders.x-a: must be one line'],
    [{ headers: { 'x-a': '1' }, secretHeaders: { 'X-A': '2' } }, 'secretHeaders.X-A: is there twice'],
    [{ secrets: ['whsec_dG9vIHNob3J0'] }, 'secrets[0]: must be whsec_'],
    [{ secrets: [oldSecret, 'hush-not-a-key'] }, 'secrets[1]: must be whsec_'],
    [{ secrets: [oldSecret, oldSecret, oldSecret] }, 'schema'],
    [{ url: 'ftp://x' }, 'schema'],
    [{ format: 'json' }, 'template: is missing'],
    [{ template: 'x' }, 'template: is used by'],
    [{ format: 'json', template: '{"a": {{event.title}}}' }, 'template: must give JSON'],
    [{ format: 'json', template: '{"a": "{{ event.title | json }}"}' }, 'template: must give JSON'],
    [{ format: 'json', template: '{"a": "\\{{event.title}}"}' }, 'template: must give JSON'],
    [{ format: 'json', template: '{"a": "{{process.env}}"}' }, 'template: in line 1, column 10, names what'],
    [{ format: 'text', template: '{{#each event}}' }, 'template: in line 1'],
    [{ format: 'ocsf', template: 'x' }, 'template: is used by'],
  ])('refuses the settings %j and repeats no value', (settings, fault) => {
    const [found = ''] = faultsOf(http, { url: 'https://x.example', ...settings });
    expect(found).toContain(fault);
    expect(found).not.toContain('hush');
  });

  it('takes good settings', () => {
    const template =
      '{"a": "{{event.title}}", "b": [{{ event.labels | json }}, {{ delivery.attempt | json }}]}';
    const settings = {
      url: 'https://x.example/a',
      format: 'json',
      template,
      secrets: [oldSecret],
      secretHeaders,
    };
    expect(faultsOf(http, settings)).toEqual([]);
  });

  it('never follows a redirect', async () => {
    receiver.answer = answers.status(302, '', { location: receiver.url('/elsewhere') });
    expect(await send({})).toMatchObject({ kind: 'retry', reason: 'redirect', status: 302 });
    expect(receiver.requests).toHaveLength(1);
  });

  it('passes on how long the receiver wants to be left alone', async () => {
    receiver.answer = answers.status(429, 'slow down', { 'retry-after': '120' });
    expect(await send({})).toEqual({
      kind: 'retry',
      reason: 'rate_limited',
      status: 429,
      answer: 'slow down',
      retryAfterMs: 120_000,
    });
  });

  it('reaches no address inside unless allowed', async () => {
    expect(await send({ url: 'http://10.0.0.1/hook' })).toMatchObject({
      kind: 'retry',
      reason: 'egress_denied',
    });
  });

  it('keeps no token that the receiver quotes by itself', async () => {
    const url = receiver.url('/services/T0KEN0000000000001/in?format=ocsf&key=qu3ry-token');
    receiver.answer = answers.status(401, 'no: s3cr3t-t0ken, T0KEN0000000000001, qu3ry-token, ocsf');
    expect(await send({ url, secretHeaders })).toMatchObject({
      answer: 'no: [secret], [secret], [secret], ocsf',
    });
  });
});
