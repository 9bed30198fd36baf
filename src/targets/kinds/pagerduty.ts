import { Type } from 'typebox';
import type { Fault } from '../../kernel/fault.ts';
import { secretText } from '../../kernel/schema.ts';
import { fit } from '../fit.ts';
import { httpTarget } from '../http-target.ts';
import { pagerdutySeverity } from '../severity-scales.ts';
import { defineTarget, type Job } from '../target.ts';
import { textFaults, textSettings, textWriter } from '../templated-text.ts';
import { type EventText, isoTime } from '../text.ts';
import { urlFaults } from '../url-faults.ts';

/** PagerDuty's limits (https://developer.pagerduty.com/docs/events-api-v2-overview): a summary, a whole event. */
const SUMMARY_MAX = 1_024;
const NAME_MAX = 250;

const settings = Type.Object({
  routingKey: secretText({
    description: 'The integration key of an Events API v2 integration: 32 characters.',
    minLength: 32,
    maxLength: 32,
  }),
  baseUrl: Type.String({
    pattern: '^https?://[^\\s?#]+[^\\s?#/]$',
    default: 'https://events.pagerduty.com',
    description: 'https://events.eu.pagerduty.com for accounts in the EU; without a trailing slash.',
  }),
  ...textSettings,
});

export const pagerduty = defineTarget({
  kind: 'pagerduty',
  summary:
    'Opens PagerDuty alerts through the Events API v2, one for each matter, and resolves them with it.',
  settings,
  check: (settings) => [
    ...keyFaults(settings.routingKey),
    ...urlFaults('baseUrl', settings.baseUrl),
    ...textFaults(settings),
  ],
  open(settings, context) {
    const { routingKey, baseUrl } = settings;
    const url = `${baseUrl}/v2/enqueue`;
    const textOf = textWriter(settings, context);
    return httpTarget(context, {
      secrets: [routingKey],
      request: (job) => ({ url, body: JSON.stringify(enqueued(job, textOf(job), routingKey)) }),
      // "Do not retry" by its documentation, unless it is the key that is wrong: that is the operator's to mend.
      refuses: (status, body) => status === 400 && !/routing.?key/i.test(body),
    });
  },
});

function enqueued(job: Job, text: EventText, routingKey: string): object {
  const { event } = job;
  const isResolved = event.state === 'resolved';
  const addressed = {
    routing_key: routingKey,
    event_action: isResolved ? 'resolve' : 'trigger',
    dedup_key: event.fingerprint,
  };
  if (isResolved) return addressed;
  return {
    ...addressed,
    client: 'Tocsin',
    client_url: text.links[0]?.url,
    links: text.links.map(({ label, url }) => ({ href: url, text: label })),
    payload: {
      summary: fit(text.subject, SUMMARY_MAX),
      severity: pagerdutySeverity[event.severity],
      // What it is about; an alert must have one.
      source: fit(event.subject?.name ?? event.subject?.id ?? event.source, NAME_MAX),
      timestamp: isoTime(event.occurredAt) ?? isoTime(event.receivedAt),
      group: event.source,
      class: fit(event.type, NAME_MAX),
      custom_details: detailsOf(text),
    },
  };
}

function detailsOf({ body, facts }: EventText): unknown {
  return body ?? Object.fromEntries(facts.map(({ label, value }) => [label, value]));
}

function keyFaults(key: string): readonly Fault[] {
  return /^[0-9A-Za-z]{32}$/.test(key)
    ? []
    : [{ path: 'routingKey', message: 'must be an integration key: 32 letters and digits' }];
}
