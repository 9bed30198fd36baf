import type { KeyObject } from 'node:crypto';
import { Type } from 'typebox';
import type { Fault } from '../../kernel/fault.ts';
import { oneOf, secretText, type Static } from '../../kernel/schema.ts';
import { httpTarget } from '../http-target.ts';
import { recordBody, recordFormats, recordMediaTypes } from '../record.ts';
import { defineTarget, type Job, type TargetContext } from '../target.ts';
import { type FillTemplate, openTemplate, templateFaults } from '../template.ts';
import { readWebhookKey, webhookSignature } from '../webhook-signature.ts';

const HEADER_NAME = "^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$";
const HEADER_VALUE = '^[\\t\\x20-\\x7e]*$';
const MEDIA_TYPES = {
  ...recordMediaTypes,
  json: 'application/json',
  text: 'text/plain; charset=utf-8',
};
/** What frames the message or names the hop is the client's to say, what proves it is the signature's. */
const RESERVED =
  /^(?:host|content-length|content-type|transfer-encoding|connection|keep-alive|upgrade|te|trailer|expect|proxy-.*|webhook-.*)$/i;

const settings = Type.Object({
  url: Type.String({
    pattern: '^https?://[^\\s]+$',
    maxLength: 2_048,
    description: 'Where events are sent to, http or https.',
  }),
  method: oneOf(['POST', 'PUT'], { default: 'POST', description: 'The HTTP method.' }),
  headers: Type.Record(
    Type.String({ pattern: HEADER_NAME }),
    Type.String({ pattern: HEADER_VALUE, maxLength: 4_096 }),
    {
      default: {},
      description: 'Headers to send along, besides those of Standard Webhooks.',
    },
  ),
  secretHeaders: Type.Record(
    Type.String({ pattern: HEADER_NAME }),
    secretText({ description: 'The value of the header.' }),
    {
      default: {},
      description: 'Headers whose values are secret, such as Authorization.',
    },
  ),
  secrets: Type.Array(
    secretText({ description: 'A Standard Webhooks secret: whsec_ and 24 to 64 bytes in base64.' }),
    {
      default: [],
      maxItems: 2,
      description:
        'Keys that sign every request. A second one signs too, so that a receiver can change over.',
    },
  ),
  format: oneOf([...recordFormats, 'json', 'text'], {
    default: 'cloudevents',
    description:
      'The body: a CloudEvents 1.0 record, an OCSF 1.5 Detection Finding, or your own `template` in JSON or plain text.',
  }),
  template: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 16_384,
      description:
        'The body for `json` and `text`, as a Liquid template: "{{ event.title }}" inside quotes, {{ event.labels | json }} outside.',
    }),
  ),
});
type Settings = Static<typeof settings>;

export const http = defineTarget({
  kind: 'http',
  summary:
    'Sends events to a URL, signed by Standard Webhooks: as CloudEvents, as OCSF findings, or in a form of your own.',
  settings,
  check: (settings) => [...headerFaults(settings), ...secretFaults(settings), ...bodyFaults(settings)],
  open(settings, context) {
    const { url, method, headers, secretHeaders, secrets, format } = settings;
    const keys = secrets.map(readWebhookKey).filter((key) => key !== undefined);
    const bodyOf = bodyWriter(settings, context.publicUrl);
    const mediaType = MEDIA_TYPES[format];
    const fixed = lowerCased({
      'user-agent': 'Tocsin',
      ...headers,
      ...secretHeaders,
      'content-type': mediaType,
    });
    return httpTarget(context, {
      secrets: [...secrets, ...Object.values(secretHeaders).flatMap(headerSecrets)],
      secretUrls: [url],
      request(job) {
        const filled = bodyOf(job);
        if (!filled.ok) return { fault: `template ${filled.message}` };
        const { text: body } = filled;
        const stamped = stampedHeaders(job, context, keys, body);
        return { url, method, headers: { ...fixed, ...stamped }, mediaType, body };
      },
    });
  },
});

/** The headers of Standard Webhooks 1.0: the delivery's id on every attempt, each attempt's own time. */
function stampedHeaders(
  job: Job,
  { clock, traceparent }: TargetContext,
  keys: readonly KeyObject[],
  body: string,
) {
  const seconds = Math.floor(clock.now() / 1_000);
  const trace = traceparent === undefined ? {} : { traceparent: traceparent(job) };
  const stamp = { ...trace, 'webhook-id': job.deliveryId, 'webhook-timestamp': String(seconds) };
  if (keys.length === 0) return stamp;
  return { ...stamp, 'webhook-signature': webhookSignature(keys, job.deliveryId, seconds, body) };
}

function bodyWriter({ format, template = '' }: Settings, publicUrl: string): FillTemplate {
  if (format === 'json' || format === 'text') return openTemplate(template, format, publicUrl);
  return ({ event }) => ({ ok: true, text: recordBody(format, event, publicUrl) });
}

function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

/** A receiver quotes the token of `Bearer …` without the word before it. */
const headerSecrets = (value: string): readonly string[] => [value, value.replace(/^\S+ +/, '')];

function headerFaults({ headers, secretHeaders }: Settings): readonly Fault[] {
  const seen = new Set<string>();
  return Object.entries({ headers, secretHeaders }).flatMap(([group, values]) =>
    Object.entries(values).flatMap(([name, value]) => {
      const path = `${group}.${name}`;
      if (!new RegExp(HEADER_NAME).test(name)) return [{ path, message: 'is no name of a header' }];
      if (RESERVED.test(name)) return [{ path, message: 'is set by Tocsin and cannot be set here' }];
      if (seen.has(name.toLowerCase())) return [{ path, message: 'is there twice' }];
      seen.add(name.toLowerCase());
      return new RegExp(HEADER_VALUE).test(value)
        ? []
        : [{ path, message: 'must be one line of printable ASCII' }];
    }),
  );
}

function secretFaults({ secrets }: Settings): readonly Fault[] {
  return secrets.flatMap((secret, index) =>
    readWebhookKey(secret)
      ? []
      : [{ path: `secrets[${index}]`, message: 'must be whsec_ followed by 24 to 64 bytes in base64' }],
  );
}

function bodyFaults({ format, template }: Settings): readonly Fault[] {
  const fault = (message: string): readonly Fault[] => [{ path: 'template', message }];
  if (format !== 'json' && format !== 'text')
    return template === undefined ? [] : fault('is used by the formats json and text only');
  if (template === undefined) return fault(`is missing: the format ${format} needs it`);
  return templateFaults('template', template, format);
}
