import { isIP } from 'node:net';
import type { MatterState, Observable, Severity, Subject } from '../../events/event.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { endpoint, endpointsOf } from '../endpoints.ts';
import { firstText, itemsOf, objectOf, textOf } from '../fields.ts';
import { firstInstant } from '../instant-ms.ts';
import { observed } from '../observe.ts';
import type { Reading } from '../reading.ts';
import { severityOfWord } from '../severity-words.ts';
import type { BusEvent } from './bus-event.ts';

/** Any event of EventBridge's: of findings, compliance and CloudTrail as much as their details tell alike. */
export function readAnyEvent(event: BusEvent): Reading {
  const { detail, detailType } = event;
  const matter = matterOf(event);
  return {
    type: `aws.${event.source.replace(/^aws\./, '')}.${detailType}`,
    severity: severityOf(detail['severity']),
    titles: [
      ...titlesOf(detail),
      event.account === undefined ? detailType : `${detailType} (${event.account})`,
    ],
    occurredAt: firstInstant(detail['updatedAt'], detail['eventTime'], event.time),
    subject: subjectOf(event),
    labels: {
      account: firstText(detail['accountId'], detail['awsAccountId'], event.account),
      region: event.region,
      product: event.source,
      finding_type: textOf(detail['type']),
      status: textOf(detail['status']),
      event_name: textOf(detail['eventName']),
      error: textOf(detail['errorCode']),
    },
    observables: observablesOf(detail),
    endpoints: endpointsIn(detail),
    link: undefined,
    matter,
    state: matter === undefined ? undefined : stateOf(detail),
  };
}

/** A word, or an object that has one: Macie's `{score, description}`. */
function severityOf(value: unknown): Severity {
  const { description, label, Label } = objectOf(value);
  const words = [value, description, label, Label];
  for (const word of words) {
    const severity = severityOfWord(word);
    if (severity !== undefined) return severity;
  }
  return 'unknown';
}

function titlesOf(detail: JsonObject): readonly (string | undefined)[] {
  const call = textOf(detail['eventName']);
  const user = userOf(detail);
  const rule = textOf(detail['configRuleName']);
  const compliance = complianceOf(detail);
  return [
    textOf(detail['title']),
    rule === undefined || compliance === undefined ? undefined : `${rule.slice(0, 150)}: ${compliance}`,
    call === undefined ? undefined : `${call.slice(0, 100)}${user === undefined ? '' : ` by ${user}`}`,
    textOf(detail['eventTypeCode']),
    textOf(detail['description']),
  ];
}

/** Who called, as CloudTrail says it. */
function userOf(detail: JsonObject): string | undefined {
  const identity = objectOf(detail['userIdentity']);
  const issuer = objectOf(objectOf(identity['sessionContext'])['sessionIssuer']);
  const root = identity['type'] === 'Root' ? 'root' : undefined;
  return firstText(identity['userName'], issuer['userName'], root, identity['arn'], identity['principalId']);
}

const complianceOf = (detail: JsonObject): string | undefined =>
  textOf(objectOf(detail['newEvaluationResult'])['complianceType']);

/** The findings that bear an id which their updates bear too, by the event's `detail-type`. */
function matterOf({ detail, detailType, account, region }: BusEvent): readonly string[] | undefined {
  const place = [account ?? '', region ?? ''];
  if (detailType === 'Inspector2 Finding') return keyed(['inspector'], detail['findingArn']);
  if (detailType === 'Macie Finding') return keyed(['macie', ...place], detail['id']);
  if (detailType.endsWith('Access Analyzer Finding') || detailType.startsWith('Unused Access Finding'))
    return keyed(['access_analyzer', ...place], detail['id']);
  if (detailType === 'Config Rules Compliance Change')
    return keyed(['config', ...place, textOf(detail['configRuleName']) ?? ''], detail['resourceId']);
  return undefined;
}

function keyed(parts: readonly string[], id: unknown): readonly string[] | undefined {
  const text = textOf(id);
  return text === undefined ? undefined : [...parts, text];
}

const STATES: ReadonlyMap<unknown, MatterState> = new Map([
  ['ACTIVE', 'open'],
  ['SUPPRESSED', 'resolved'],
  ['CLOSED', 'resolved'],
  ['RESOLVED', 'resolved'],
  ['ARCHIVED', 'resolved'],
  ['NON_COMPLIANT', 'open'],
  ['COMPLIANT', 'resolved'],
  ['NOT_APPLICABLE', 'resolved'],
]);

function stateOf(detail: JsonObject): MatterState | undefined {
  if (detail['isDeleted'] === true || detail['archived'] === true) return 'resolved';
  const told = STATES.get(detail['status']) ?? STATES.get(complianceOf(detail));
  return told ?? (detail['archived'] === false ? 'open' : undefined);
}

/** The resource by its ARN where one is named, as Access Analyzer, Macie, Inspector and Config do, else the account. */
function subjectOf({ detail, resources, account }: BusEvent): Subject | undefined {
  const bucket = objectOf(objectOf(detail['resourcesAffected'])['s3Bucket']);
  const listed = objectOf(itemsOf(detail['resources'], 1)[0]);
  const resource = firstText(detail['resource'], bucket['arn'], bucket['name'], listed['id']);
  const id = resource ?? firstText(detail['resourceId']) ?? resources[0];
  if (id !== undefined) return { kind: 'resource', id };
  return account === undefined ? undefined : { kind: 'account', id: account };
}

/** CloudTrail writes a service's name where a service called. */
function observablesOf(detail: JsonObject): readonly Observable[] {
  const address = textOf(detail['sourceIPAddress']);
  return [
    ...(address === undefined ? [] : observed(isIP(address) === 0 ? 'host' : 'ip', address)),
    ...observed('user', userOf(detail)),
  ];
}

/** The caller of CloudTrail's, and who a policy finding of Macie's is about. */
function endpointsIn(detail: JsonObject) {
  const actor = objectOf(objectOf(detail['policyDetails'])['actor']);
  const { ipAddressV4, ipCountry } = objectOf(actor['ipAddressDetails']);
  return endpointsOf([
    ...endpoint(detail['sourceIPAddress']),
    ...endpoint(ipAddressV4, objectOf(ipCountry)['code']),
  ]);
}
