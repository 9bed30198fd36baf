import { type BinaryToTextEncoding, createHmac } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ManualClock } from '../../../tests/support/manual-clock.ts';
import {
  faultPaths,
  noTimes,
  openScheme,
  refusedFor,
  VERIFIED,
  withByteChanged,
} from '../../../tests/support/open-scheme.ts';
import { hmac } from './hmac.ts';

const KEY = 'a-key-of-the-tests';
const SECONDS = 1_767_225_600;
const BODY = Buffer.from('{"alerts": []}');
const clockAt = (seconds: number) => new ManualClock(undefined, seconds * 1_000);

const grafana = {
  key: KEY,
  signature: {
    header: 'X-Grafana-Alerting-Signature',
    timestampHeader: 'X-Grafana-Alerting-Signature-Timestamp',
    separator: ':',
  },
};
const grafanaHeaders = (time: string | number = SECONDS, key = KEY) => ({
  'x-grafana-alerting-signature': createHmac('sha256', key).update(`${time}:`).update(BODY).digest('hex'),
  'x-grafana-alerting-signature-timestamp': String(time),
});

describe('an HMAC of time, separator and body, as Grafana makes it', () => {
  const open = openScheme(hmac, grafana, { clock: clockAt(SECONDS) });

  test('is verified, and refused over another body or time', () => {
    expect(open(grafanaHeaders(), BODY)).toEqual(VERIFIED);
    expect(open(grafanaHeaders(), '{}')).toEqual(refusedFor('signature_mismatch'));
    const moved = { ...grafanaHeaders(), 'x-grafana-alerting-signature-timestamp': String(SECONDS + 1) };
    expect(open(moved, BODY)).toEqual(refusedFor('signature_mismatch'));
  });

  test('is refused outside the tolerance, before and after', () => {
    for (const seconds of [-301, 301]) {
      expect(open(grafanaHeaders(SECONDS + seconds), BODY)).toEqual(refusedFor('timestamp_outside'));
    }
    expect(open(grafanaHeaders(SECONDS + 300), BODY)).toEqual(VERIFIED);
  });

  test('is refused without its time: an HMAC of the body alone is another thing', () => {
    const bare = { 'x-grafana-alerting-signature': createHmac('sha256', KEY).update(BODY).digest('hex') };
    expect(open(bare, BODY)).toEqual(refusedFor('signature_missing'));
  });

  test.each(noTimes)('is refused with a time in another form: %j', (time) => {
    expect(open(grafanaHeaders(time), BODY)).toEqual(refusedFor('signature_malformed'));
  });
});

const encodings = ['hex', 'base64', 'base64url'] as const satisfies readonly BinaryToTextEncoding[];
const hashes = ['sha1', 'sha256', 'sha384', 'sha512'] as const;
const ways = hashes.flatMap((algorithm) => encodings.map((encoding) => [algorithm, encoding] as const));

describe.each(ways)('%s in %s', (algorithm, encoding) => {
  const signature = { header: 'X-Sign', prefix: 'sig=', algorithm, encoding };
  const open = openScheme(hmac, { key: KEY, signature });
  const genuine = createHmac(algorithm, KEY).update(BODY).digest(encoding);
  const verify = (text: string, body: string | Buffer = BODY) => open({ 'x-sign': `sig=${text}` }, body);

  test('is verified, also without padding', () => {
    expect(verify(genuine)).toEqual(VERIFIED);
    expect(verify(genuine.replaceAll('=', ''))).toEqual(VERIFIED);
    expect(open({ 'x-sign': genuine }, BODY)).toEqual(refusedFor('signature_malformed'));
  });

  test('is refused over any changed byte of the body', () => {
    fc.assert(
      fc.property(fc.nat(BODY.length - 1), fc.integer({ min: 1, max: 255 }), (at, flips) => {
        expect(verify(genuine, withByteChanged(BODY, at, flips))).toEqual(refusedFor('signature_mismatch'));
      }),
    );
  });

  test('is refused with any character changed, but for the case of hex', () => {
    fc.assert(
      fc.property(
        fc.nat(genuine.length - 1),
        fc.constantFrom(...'09afAFzZ+/-_= \u0000é'),
        (at, character) => {
          const changed = genuine.slice(0, at) + character + genuine.slice(at + 1);
          const isSame = encoding === 'hex' ? changed.toLowerCase() === genuine : changed === genuine;
          expect(verify(changed)).toMatchObject({ kind: isSame ? 'verified' : 'refused' });
        },
      ),
    );
  });

  test('is refused when it is too short, too long or of another hash', () => {
    const other = hashes.find((one) => one !== algorithm) ?? 'sha1';
    for (const text of ['', genuine.slice(4), `${genuine}0000`, 'a'.repeat(16_000)]) {
      expect(verify(text)).toEqual(refusedFor('signature_malformed'));
    }
    expect(verify(createHmac(other, KEY).update(BODY).digest(encoding))).toMatchObject({ kind: 'refused' });
  });
});

test('takes either key while one replaces the other', () => {
  const settings = { key: 'the key of tomorrow', previousKey: KEY, signature: { header: 'X-Sign' } };
  const both = openScheme(hmac, settings);
  for (const key of [KEY, 'the key of tomorrow']) {
    expect(both({ 'x-sign': createHmac('sha256', key).update(BODY).digest('hex') }, BODY)).toEqual(VERIFIED);
  }
});

test.each(['constructor', '__proto__', 'hasOwnProperty'])('is not misled by a header named %s', (header) => {
  const open = openScheme(hmac, { key: KEY, signature: { header } });
  expect(open({}, BODY)).toEqual(refusedFor('signature_missing'));
});

describe('the settings', () => {
  test.each([
    ['no header', { key: KEY }, ['signature']],
    [
      'a separator of nothing',
      { key: KEY, signature: { header: 'a', separator: ':' } },
      ['signature.separator'],
    ],
    ['a tolerance of nothing', { key: KEY, tolerance: '5m', signature: { header: 'a' } }, ['tolerance']],
    [
      'one header for both',
      { key: KEY, signature: { header: 'a', timestampHeader: 'A' } },
      ['signature.timestampHeader'],
    ],
    ['a short key', { key: 'short', signature: { header: 'a' } }, ['key']],
    ['a tolerance of no time', { ...grafana, tolerance: '0s' }, ['tolerance']],
    ['a tolerance of days', { ...grafana, tolerance: '2d' }, ['tolerance']],
  ])('with %s are at fault', (_name, settings, paths) => {
    expect(faultPaths('hmac', settings)).toEqual(paths);
  });
});
