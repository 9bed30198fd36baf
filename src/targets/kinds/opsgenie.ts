import { Type } from 'typebox';
import { secretText, type Static } from '../../kernel/schema.ts';
import { fit, fitLines } from '../fit.ts';
import { type ApiRequest, httpTarget } from '../http-target.ts';
import { opsgeniePriority } from '../severity-scales.ts';
import { defineTarget, type Job } from '../target.ts';
import { textFaults, textSettings, textWriter } from '../templated-text.ts';
import { detailLines, type EventText } from '../text.ts';
import { tokenFaults, urlFaults } from '../url-faults.ts';

/** Opsgenie's limits (https://docs.opsgenie.com/docs/alert-api#create-alert). */
const MESSAGE_MAX = 130;
const DESCRIPTION_MAX = 15_000;
const ENTITY_MAX = 512;
const TAG_MAX = 50;
/** Of all details together; 8,000 there. */
const DETAILS_MAX = 7_500;

const settings = Type.Object({
  apiKey: secretText({ description: 'The key of an API integration that may create and close alerts.' }),
  baseUrl: Type.String({
    pattern: '^https?://[^\\s?#]+[^\\s?#/]$',
    default: 'https://api.opsgenie.com',
    description:
      'https://api.eu.opsgenie.com for accounts in the EU, https://api.atlassian.com/jsm/ops/integration for Jira Service Management; without a trailing slash.',
  }),
  teams: Type.Array(Type.String({ minLength: 1, maxLength: 100, description: 'The name of a team.' }), {
    default: [],
    maxItems: 50,
    uniqueItems: true,
    description: "Teams that the alerts go to, besides the integration's own.",
  }),
  ...textSettings,
});
type Settings = Static<typeof settings>;

export const opsgenie = defineTarget({
  kind: 'opsgenie',
  summary:
    'Opens alerts in Opsgenie or Jira Service Management, one for each matter, and closes them with it. Opsgenie is no longer sold and ends in April 2027; its API goes on in Jira Service Management.',
  settings,
  check: (settings) => [
    ...tokenFaults('apiKey', settings.apiKey),
    ...urlFaults('baseUrl', settings.baseUrl),
    ...textFaults(settings),
  ],
  open(settings, context) {
    const headers = { authorization: `GenieKey ${settings.apiKey}` };
    const textOf = textWriter(settings, context);
    return httpTarget(context, {
      secrets: [settings.apiKey],
      request: (job) => ({ ...alertRequest(job, textOf(job), settings), headers }),
      // Syntax and semantics of the body (https://docs.opsgenie.com/docs/response). 401 to 404 are about the key,
      // the plan and the rights, which the operator may put right while the delivery waits.
      refuses: (status) => status === 400 || status === 422,
    });
  },
});

function alertRequest(job: Job, text: EventText, settings: Settings): ApiRequest {
  const { event } = job;
  const alerts = `${settings.baseUrl}/v2/alerts`;
  if (event.state === 'resolved') {
    const alias = encodeURIComponent(event.fingerprint);
    const note = fit(text.subject, DESCRIPTION_MAX);
    return {
      url: `${alerts}/${alias}/close?identifierType=alias`,
      body: JSON.stringify({ source: 'Tocsin', note }),
    };
  }
  return { url: alerts, body: JSON.stringify(created(job, text, settings.teams)) };
}

function created({ event }: Job, text: EventText, teams: readonly string[]): object {
  return {
    message: fit(text.subject, MESSAGE_MAX),
    alias: event.fingerprint,
    description: fitLines(
      {
        // The message may be cut.
        head: text.subject,
        lines: detailLines(text),
        tail: text.links.map(({ label, url }) => `${label}: ${url}`).join('\n'),
      },
      DESCRIPTION_MAX,
    ),
    ...(teams.length === 0 ? {} : { responders: teams.map((name) => ({ type: 'team', name })) }),
    tags: [event.severity, event.source].map((tag) => fit(tag, TAG_MAX)),
    details: detailsOf(text),
    ...(event.subject ? { entity: fit(event.subject.name ?? event.subject.id, ENTITY_MAX) } : {}),
    source: 'Tocsin',
    priority: opsgeniePriority[event.severity],
  };
}

function detailsOf({ facts }: EventText): Readonly<Record<string, string>> {
  let room = DETAILS_MAX;
  const kept = facts.filter(({ label, value }) => (room -= label.length + value.length) >= 0);
  return Object.fromEntries(kept.map(({ label, value }) => [label, value]));
}
