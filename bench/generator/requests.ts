/**
 * What the generator sends: text with holes. In the body, `RRRR` is the run and `SSSSSSSSSSSS` the request's
 * number within the run, so that every body is unique; `AAA` is the last part of an address. In the head, 64 `#`
 * are the signature.
 */
export interface RequestShape {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers: readonly string[];
  readonly body: string;
}

/** Every id begins with it; the sink finds an event by it, whatever the envelope around it. */
export const MARKER = 'be7cbe7c';
export const RUN_DIGITS = 4;
export const SEQUENCE_DIGITS = 12;
export const SIGNATURE_HOLE = '#'.repeat(64);

/** 24 characters, like the ids of the real sender. */
const EVENT_ID = `${MARKER}RRRRSSSSSSSSSSSS`;

/** A security event of the webhook's second format, with the separators (`", "`, `": "`) that the sender uses. */
const NOTIFICATION =
  '[{"message_id": null, "api_version": "2", "date_created": "2021-02-08T12:45:00.078701+00:00", ' +
  '"message_type": "security_event", "retry_count": 0, "message": {"risk_coefficient": 25, ' +
  '"event_category": "http_error", "event_kind": "not_found", "application_id": "601366f227a5d5001fe83586", ' +
  '"application_name": "montres-berger", "environment": "production", ' +
  `"date_occurred": "2021-01-30T10:03:54.905000+00:00", "event_id": "${EVENT_ID}", ` +
  `"event_url": "https://my.sqreen.com/application/601366f227a5d5001fe83586/events/${EVENT_ID}", ` +
  '"humanized_description": "Potential Vulnerability discovery from 103.6.198.AAA", ' +
  '"ips": [{"address": "103.6.198.AAA", "is_tor": false, "hostname": "jassid.mschosting.com", ' +
  '"geo": {"code": "MYS", "point": [112.5, 2.5]}, "date_resolved": "2021-01-30T10:03:55.148000+00:00"}]}}]';

/** The same facts as an alert of Alertmanager's API v2, one a request. */
const ALERT = JSON.stringify([
  {
    labels: {
      alertname: 'security_event.http_error.not_found',
      event_id: EVENT_ID,
      application_id: '601366f227a5d5001fe83586',
      application_name: 'montres-berger',
      environment: 'production',
      severity: 'low',
      ip: '103.6.198.AAA',
    },
    annotations: {
      summary: 'Potential Vulnerability discovery from 103.6.198.AAA',
      hostname: 'jassid.mschosting.com',
      geo: 'MYS 112.5 2.5',
      date_occurred: '2021-01-30T10:03:54.905000+00:00',
      date_resolved: '2021-01-30T10:03:55.148000+00:00',
    },
    generatorURL: `https://my.sqreen.com/application/601366f227a5d5001fe83586/events/${EVENT_ID}`,
  },
]);

export const requestShapes = {
  webhook: {
    method: 'POST',
    path: '/v1/webhook',
    headers: [`X-Sqreen-Integrity: ${SIGNATURE_HOLE}`],
    body: NOTIFICATION,
  },
  alert: { method: 'POST', path: '/api/v2/alerts', headers: [], body: ALERT },
  message: {
    method: 'POST',
    path: '/',
    headers: [],
    body: JSON.stringify({
      message: `The spare key is under the third stone, ${EVENT_ID}. ${'Take care. '.repeat(8)}`,
    }),
  },
  /** The plan names the path. */
  get: { method: 'GET', path: '/', headers: [], body: '' },
} as const satisfies Record<string, RequestShape>;
export type RequestShapeName = keyof typeof requestShapes;
