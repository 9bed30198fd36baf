import { Type } from 'typebox';
import type { TocsinEvent } from '../../events/event.ts';
import { oneLine } from '../../kernel/one-line.ts';
import { oneOf, type Static } from '../../kernel/schema.ts';
import { awsCredentialFaults, awsCredentialSettings, ownCredentialFaults } from '../aws-credentials.ts';
import { recordFormats, recordMediaTypes } from '../record.ts';
import { recordWithin } from '../record-within.ts';
import { snsPublisher } from '../sns-publish.ts';
import { defineTarget, type Job } from '../target.ts';
import { eventText, textLines } from '../text.ts';
import { urlFaults } from '../url-faults.ts';

/** SNS takes 256 KiB, attributes included. */
const MESSAGE_BYTES_MAX = 248 * 1_024;
const SUBJECT_MAX = 100;
const ATTRIBUTE_MAX = 256;

const settings = Type.Object({
  topicArn: Type.String({
    pattern: '^arn:aws[a-z-]*:sns:[a-z0-9-]{3,40}:[0-9]{12}:[A-Za-z0-9_-]{1,256}(?:\\.fifo)?$',
    expected: 'the ARN of a topic, such as arn:aws:sns:eu-west-1:123456789012:security',
    description: 'The topic to publish to. Of a FIFO topic the events of one matter are one group.',
  }),
  format: oneOf([...recordFormats, 'text'], {
    default: 'cloudevents',
    description: 'What a message holds: a record for machines, or text for subscribers who read it.',
  }),
  endpoint: Type.Optional(
    Type.String({
      pattern: '^https?://[^\\s/?#@]+/?$',
      maxLength: 300,
      expected: 'a URL without a path',
      description:
        'An endpoint in your network; http inside only. Absent: that of AWS in the region of the topic.',
    }),
  ),
  ...awsCredentialSettings,
});
type Settings = Static<typeof settings>;

const mediaTypes = { ...recordMediaTypes, text: 'text/plain; charset=utf-8' };

export const sns = defineTarget({
  kind: 'sns',
  summary: 'Publishes events to a topic of Amazon SNS.',
  settings,
  checkStored: ownCredentialFaults,
  check: (settings) => [
    ...awsCredentialFaults(settings),
    ...(settings.endpoint === undefined ? [] : urlFaults('endpoint', settings.endpoint)),
  ],
  open(settings, context) {
    const { topicArn, endpoint } = settings;
    const region = topicArn.split(':')[3] ?? '';
    const publish = snsPublisher({ region, endpoint, credentials: settings }, context);
    const bodyOf = bodyWriter(settings, context.publicUrl);
    return {
      send: (job, signal) => {
        const fields = {
          TopicArn: topicArn,
          Message: bodyOf(job),
          Subject: subjectOf(job, context.publicUrl),
          ...(topicArn.endsWith('.fifo') ? orderOf(job) : {}),
        };
        return publish(fields, attributesOf(job), signal);
      },
      preview: (job) => ({ mediaType: mediaTypes[settings.format], text: bodyOf(job) }),
      close: () => Promise.resolve(),
    };
  },
});

function bodyWriter({ format }: Settings, publicUrl: string): (job: Job) => string {
  if (format === 'text') return ({ event }) => textLines(eventText(event, publicUrl)).join('\n');
  return ({ event }) => recordWithin(MESSAGE_BYTES_MAX, format, event, publicUrl);
}

/** Subscriptions filter by them. */
function attributesOf({ event, deliveryId, internal }: Job): Readonly<Record<string, string>> {
  return {
    delivery: deliveryId,
    event: event.id,
    severity: event.severity,
    source: event.source,
    type: oneLine(event.type, ATTRIBUTE_MAX),
    internal: String(internal),
  };
}

/** A FIFO topic drops a message with an id that it had in the last five minutes. */
function orderOf({ event, deliveryId }: { event: TocsinEvent; deliveryId: string }) {
  return { MessageDeduplicationId: deliveryId, MessageGroupId: event.fingerprint };
}

/** SNS takes printable ASCII that does not begin with a blank. */
function subjectOf({ event }: Job, publicUrl: string): string {
  const ascii = eventText(event, publicUrl).subject.replace(/[^\x20-\x7e]+/g, '?');
  return oneLine(ascii.trim(), SUBJECT_MAX).replace(/[^\x20-\x7e]/g, '.');
}
