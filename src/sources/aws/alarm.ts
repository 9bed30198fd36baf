import type { MatterState, Severity } from '../../events/event.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { firstText, itemsOf, objectOf, textOf } from '../fields.ts';
import { firstInstant } from '../instant-ms.ts';
import type { Reading } from '../reading.ts';
import { consoleLink, regionIn } from './arn.ts';
import type { BusEvent } from './bus-event.ts';

/** One change of an alarm's state, told by SNS or by EventBridge. */
interface Alarm {
  readonly name: string;
  readonly arn: string | undefined;
  readonly state: string | undefined;
  readonly reason: string | undefined;
  readonly at: number | undefined;
  readonly account: string | undefined;
  readonly region: string | undefined;
  readonly labels: Readonly<Record<string, string | undefined>>;
}

/** A CloudWatch alarm as its own SNS action writes it; undefined when the record is none. */
export function readAlarmMessage(record: JsonObject): Reading | undefined {
  const name = textOf(record['AlarmName']);
  if (name === undefined || !Object.hasOwn(record, 'NewStateValue')) return undefined;
  const trigger = objectOf(record['Trigger']);
  const arn = textOf(record['AlarmArn']);
  return readingOf({
    name,
    arn,
    state: textOf(record['NewStateValue']),
    reason: textOf(record['NewStateReason']),
    at: firstInstant(record['StateChangeTime']),
    account: textOf(record['AWSAccountId']),
    // `Region` is written for people: "EU (Ireland)".
    region: regionIn(arn) ?? textOf(record['Region']),
    labels: {
      previous_state: textOf(record['OldStateValue']),
      metric: textOf(trigger['MetricName']),
      namespace: textOf(trigger['Namespace']),
      description: textOf(record['AlarmDescription']),
    },
  });
}

/** `CloudWatch Alarm State Change` of EventBridge; undefined for any other event. */
export function readAlarmEvent(event: BusEvent): Reading | undefined {
  const { detail } = event;
  const name = textOf(detail['alarmName']);
  if (event.source !== 'aws.cloudwatch' || name === undefined || !Object.hasOwn(detail, 'state'))
    return undefined;
  const state = objectOf(detail['state']);
  const configuration = objectOf(detail['configuration']);
  const metric = objectOf(
    objectOf(objectOf(itemsOf(configuration['metrics'], 1)[0])['metricStat'])['metric'],
  );
  return readingOf({
    name,
    arn: event.resources[0],
    state: textOf(state['value']),
    reason: textOf(state['reason']),
    at: firstInstant(state['timestamp'], event.time),
    account: event.account,
    region: event.region,
    labels: {
      previous_state: textOf(objectOf(detail['previousState'])['value']),
      metric: textOf(metric['name']),
      namespace: textOf(metric['namespace']),
      description: textOf(configuration['description']),
    },
  });
}

const SEVERITIES: ReadonlyMap<string | undefined, Severity> = new Map([
  ['ALARM', 'medium'],
  ['INSUFFICIENT_DATA', 'low'],
  ['OK', 'informational'],
]);

const STATES: ReadonlyMap<string | undefined, MatterState> = new Map([
  ['ALARM', 'open'],
  ['OK', 'resolved'],
]);

/** An alarm has no severity of its own; by its state it has one that a rule can raise by the alarm's name. */
function readingOf(alarm: Alarm): Reading {
  const { name, arn, state, reason, account, region } = alarm;
  return {
    type: 'aws.cloudwatch.alarm',
    severity: SEVERITIES.get(state) ?? 'unknown',
    titles: [`${name.slice(0, 120)} is ${state ?? 'changed'}${reason === undefined ? '' : `: ${reason}`}`],
    occurredAt: alarm.at,
    subject: { kind: 'resource', id: arn ?? name, name },
    labels: { ...alarm.labels, alarm: name, state, account, region, product: 'cloudwatch' },
    observables: [],
    endpoints: undefined,
    link: consoleLink(region, 'cloudwatch/home', `alarmsV2:alarm/${wellFormed(name)}`),
    matter: ['alarm', firstText(arn) ?? `${account ?? ''}:${region ?? ''}:${name}`],
    state: STATES.get(state),
  };
}

/** Percent-encoded; half a surrogate pair, which no URL holds, becomes the replacement character. */
const wellFormed = (name: string): string => encodeURIComponent(name.slice(0, 255).toWellFormed());
