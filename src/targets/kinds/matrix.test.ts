import { describe, expect, it } from 'vitest';
import { httpStage } from '../../../tests/support/http-stage.ts';
import { faultsOf, openKind } from '../../../tests/support/open-kind.ts';
import { sampleJob } from '../../../tests/support/sample-event.ts';
import { targetContract } from './contract.ts';
import { matrix } from './matrix.ts';
import { describeAnswers, widestSends } from './test-answers.ts';

const accessToken = 'syt_t0ken_of_the_user';
const good = { homeserver: 'https://matrix.example', accessToken, roomId: '!r00m:example.org' };

targetContract('matrix', {
  modes: ['fail', 'refuse', 'hang', 'reset'],
  failReason: 'http_status',
  refuseReason: 'refused_by_receiver',
  hasIds: true,
  hasText: true,
  start: (more = {}) =>
    httpStage({
      open: (receiver) => openKind(matrix, { ...good, homeserver: receiver.url(''), ...more }),
      secrets: [accessToken],
      read: ({ path, body }) => ({ id: path.split('/').at(-1), text: JSON.parse(body).body, raw: body }),
      refuse: (quote) => ({ status: 413, body: JSON.stringify({ errcode: 'M_TOO_LARGE', error: quote }) }),
    }),
  expectHarmless: ({ raw }) => {
    const { body, formatted_body: html, 'm.mentions': mentions } = JSON.parse(raw);
    expect(mentions).toEqual({});
    expect(body).not.toMatch(/[\0\u2028\u202e]/);
    for (const [tag] of html.matchAll(/<[^>]*>/g))
      expect(tag).toMatch(/^<(?:\/?strong|br|\/a|a href="https:\/\/[^\s"<>]+")>$/);
  },
});

describe('matrix', () => {
  describeAnswers({
    open: (receiver, more) => openKind(matrix, { ...good, homeserver: receiver.url(''), ...more }),
    answers: [
      [200, '{"event_id":"$1"}', { kind: 'delivered' }],
      [400, '{"errcode":"M_BAD_JSON","error":"…"}', { kind: 'rejected' }],
      [400, '{"errcode":"M_UNKNOWN","error":"…"}', { kind: 'retry' }],
      [401, '{"errcode":"M_UNKNOWN_TOKEN"}', { kind: 'retry' }],
      [403, '{"errcode":"M_FORBIDDEN","error":"not in room"}', { kind: 'retry' }],
      [404, '{"errcode":"M_UNRECOGNIZED"}', { kind: 'retry' }],
      [413, '{"errcode":"M_TOO_LARGE"}', { kind: 'rejected' }],
      [429, '{"errcode":"M_LIMIT_EXCEEDED","retry_after_ms":2500}', { retryAfterMs: 2_500 }],
      [502, '', { kind: 'retry' }],
    ],
    async expectRequest(send) {
      const job = sampleJob();
      const { method, path, headers, body } = await send({ messageType: 'notice' }, job);
      expect([method, headers['authorization']]).toEqual(['PUT', `Bearer ${accessToken}`]);
      const room = '/_matrix/client/v3/rooms/!r00m%3Aexample.org';
      expect(path).toBe(`${room}/send/m.room.message/${job.deliveryId}`);
      expect(JSON.parse(body)).toMatchObject({
        msgtype: 'm.notice',
        body: expect.stringMatching(/^\[high\] Connection to .*\n\nSeverity: high\n/),
        format: 'org.matrix.custom.html',
        formatted_body: expect.stringMatching(/^<strong>\[high\] .*<\/strong><br><br>Severity: high<br>/),
      });
      expect(JSON.parse((await send({}, job)).body).msgtype).toBe('m.text');
    },
    async expectLimits(send) {
      for (const { settings: more, job } of widestSends())
        expect(Buffer.byteLength((await send(more, job)).body)).toBeLessThan(60_000);
    },
  });

  it.each([
    [{ roomId: '#alias:example.org' }, 'schema'],
    [{ roomId: '!r00m/../x:example.org' }, 'schema'],
    [{ homeserver: 'https://matrix.example/?x=' }, 'schema'],
    [{ homeserver: 'http://matrix.example' }, 'homeserver: must be an https URL'],
    [{ accessToken: 'a b' }, 'accessToken: must be one line'],
  ])('refuses the settings %j', (wrong, fault) => {
    expect(faultsOf(matrix, { ...good, ...wrong })[0]).toContain(fault);
  });
});
