import type { JsonObject } from '../../kernel/json.ts';
import { isHmacOf, textKeys } from './hmac-keys.ts';
import { idOf, jsonRecord } from './json-record.ts';
import { keyFaults, keysOf, longEnough } from './keys.ts';
import { oneHeader } from './one-header.ts';
import { defineScheme, refused, type Verification } from './scheme.ts';
import { isNear, secondsToMs, toleranceOf } from './signed-time.ts';

const SIGNATURE_HEADER = 'x-slack-signature';
const TIME_HEADER = 'x-slack-request-timestamp';
const VERSION = 'v0';
const SIGNATURE = /^v0=[0-9a-f]{64}$/;
/** Slack's own are about 50 characters. */
const CHALLENGE_LENGTH_MAX = 1_024;

/**
 * Slack's `X-Slack-Signature: v0=…`: HMAC-SHA256 of `v0:`, the time of `X-Slack-Request-Timestamp`, a colon and the
 * raw body, under the app's signing secret. The id of the message is `event_id`, equal on retries; slash
 * commands and interactions have none and are known by their text. `url_verification` is answered here.
 * Source: docs.slack.dev/authentication/verifying-requests-from-slack.
 */
export const slack = defineScheme({
  name: 'slack',
  summary: '`X-Slack-Signature`: HMAC-SHA256 of the time and the body; answers `url_verification`.',
  settings: ['key', 'previousKey', 'tolerance'],
  check: (settings) => keyFaults(settings, longEnough),
  toleranceMs: toleranceOf,
  open(settings, { clock }) {
    const keys = textKeys(keysOf(settings));
    const toleranceMs = toleranceOf(settings);
    return ({ headers, body }) => {
      const signature = oneHeader(headers, SIGNATURE_HEADER);
      const time = oneHeader(headers, TIME_HEADER);
      if (signature === undefined || time === undefined) return refused('signature_missing');
      const ms = secondsToMs(time);
      if (ms === undefined || !SIGNATURE.test(signature)) return refused('signature_malformed');
      const claim = Buffer.from(signature.slice(VERSION.length + 1), 'hex');
      if (!isHmacOf(keys, 'sha256', [`${VERSION}:${time}:`, body], [claim])) {
        return refused('signature_mismatch');
      }
      if (!isNear(ms, clock.now(), toleranceMs)) return refused('timestamp_outside');
      return verdictOn(jsonRecord(body));
    };
  },
});

function verdictOn(record: JsonObject | undefined): Verification {
  const challenge = record?.['challenge'];
  const isQuestion = record?.['type'] === 'url_verification' && typeof challenge === 'string';
  if (!isQuestion || challenge.length > CHALLENGE_LENGTH_MAX) {
    return { kind: 'verified', ...idOf(record?.['event_id']) };
  }
  const body = JSON.stringify({ challenge });
  return { kind: 'handshake', about: 'url_verification', answer: { status: 200, headers: {}, body } };
}
