import type { KeyObject } from 'node:crypto';
import { Type } from 'typebox';
import type { Fault } from '../../kernel/fault.ts';
import { oneOf, secretText, type Static } from '../../kernel/schema.ts';
import { answerText, urlSecrets } from '../answer-text.ts';
import { cloudEvent } from '../cloud-event.ts';
import { httpOutcome } from '../http-outcome.ts';
import { defineTarget, type Job, type TargetContext } from '../target.ts';
import { compileTemplate, isJsonTemplate, templateRoots } from '../template.ts';
import { eventPage, eventText } from '../text.ts';
import { readWebhookKey, webhookSignature } from '../webhook-signature.ts';

const HEADER_NAME = "^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$";
const HEADER_VALUE = '^[\\t\\x20-\\x7e]*$';
const MEDIA_TYPES = {
  cloudevents: 'application/cloudevents+json',
  json: 'application/json',
  text: 'text/plain; charset=utf-8',
};
/** What frames the message or names the hop is the client's to say, what proves it is the signature's. */
const RESERVED =
  /^(?:host|content-length|content-type|transfer-encoding|connection|keep-alive|upgrade|te|trailer|expect|proxy-.*|webhook-.*)$/i;
const ROOTS: readonly string[] = ['event', 'delivery', 'subject', 'link'];

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
  format: oneOf(['cloudevents', 'json', 'text'], {
    default: 'cloudevents',
    description: 'The body: a CloudEvents 1.0 record, or your own `template` in JSON or plain text.',
  }),
  template: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 16_384,
      description:
        'The body for `json` and `text`, with placeholders such as {{event.title}} and {{json event.labels}}.',
    }),
  ),
});
type Settings = Static<typeof settings>;

export const http = defineTarget({
  kind: 'http',
  summary: 'Sends events to a URL, signed by Standard Webhooks: as CloudEvents, or in a form of your own.',
  settings,
  check: (settings) => [...headerFaults(settings), ...secretFaults(settings), ...templateFaults(settings)],
  open(settings, context) {
    const { url, method, headers, secretHeaders, secrets, format } = settings;
    const keys = secrets.map(readWebhookKey).filter((key) => key !== undefined);
    const bodyOf = bodyWriter(settings, context.publicUrl);
    const fixed = lowerCased({ 'user-agent': 'Tocsin', ...headers, ...secretHeaders });
    const text = answerText([...urlSecrets(url), ...secrets, ...Object.values(secretHeaders)]);
    return {
      async send(job, signal) {
        const body = bodyOf(job);
        const stamped = stampedHeaders(job, context, keys, body);
        const answer = await context.http.request({
          method,
          url,
          headers: { ...fixed, 'content-type': MEDIA_TYPES[format], ...stamped },
          body,
          timeoutMs: context.timeoutMs,
          signal,
        });
        return httpOutcome(answer, { nowMs: context.clock.now(), text });
      },
      close: () => Promise.resolve(),
    };
  },
});

/** The headers of Standard Webhooks 1.0: the delivery's id on every attempt, each attempt's own time. */
function stampedHeaders(job: Job, { clock }: TargetContext, keys: readonly KeyObject[], body: string) {
  const seconds = Math.floor(clock.now() / 1_000);
  const stamp = { 'webhook-id': job.deliveryId, 'webhook-timestamp': String(seconds) };
  if (keys.length === 0) return stamp;
  return { ...stamp, 'webhook-signature': webhookSignature(keys, job.deliveryId, seconds, body) };
}

function bodyWriter({ format, template = '' }: Settings, publicUrl: string): (job: Job) => string {
  if (format === 'cloudevents') return ({ event }) => cloudEvent(event, publicUrl);
  const write = compileTemplate(template, format);
  return ({ event, deliveryId, attempt }) =>
    write({
      event,
      delivery: { id: deliveryId, attempt },
      subject: eventText(event, publicUrl).subject,
      link: eventPage(event, publicUrl),
    });
}

function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

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

function templateFaults({ format, template }: Settings): readonly Fault[] {
  const fault = (message: string): readonly Fault[] => [{ path: 'template', message }];
  if (format === 'cloudevents')
    return template === undefined ? [] : fault('is used by the formats json and text only');
  if (template === undefined) return fault(`is missing: the format ${format} needs it`);
  const unknown = templateRoots(template).find((root) => !ROOTS.includes(root));
  if (unknown === '{{') return fault('has double braces with no placeholder in them');
  if (unknown !== undefined) return fault(`may name ${ROOTS.join(', ')} only in its placeholders`);
  return format === 'text' || isJsonTemplate(template)
    ? []
    : fault('must give JSON: put {{…}} inside quotes, {{json …}} outside');
}
