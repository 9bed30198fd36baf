import type { MatterState, Observable, Severity, Subject } from '../../events/event.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { firstText, itemsOf, objectOf, textOf } from '../fields.ts';
import { firstInstant } from '../instant-ms.ts';
import { observed } from '../observe.ts';
import type { Reading } from '../reading.ts';
import { severityOfNumber, severityOfWord } from '../severity-words.ts';
import { consoleLink } from './arn.ts';
import type { BusEvent } from './bus-event.ts';
import { guardDutyEndpoints } from './guardduty-endpoints.ts';
import { guardDutySubject } from './guardduty-subject.ts';

const SEEN_MAX = 50;

/** A GuardDuty finding. Source: docs.aws.amazon.com/guardduty, "Finding details" and "Severity levels". */
export function readGuardDuty(event: BusEvent): Reading {
  const finding = event.detail;
  const account = firstText(finding['accountId'], event.account);
  const region = firstText(finding['region'], event.region);
  const subject: Subject | undefined = guardDutySubject(finding, account, region);
  return {
    type: typeOf(finding['type']),
    severity: severityOf(finding['severity']),
    titles: [textOf(finding['title']), textOf(finding['description']), textOf(finding['type'])],
    occurredAt: firstInstant(finding['updatedAt'], finding['createdAt'], event.time),
    subject,
    labels: labelsOf(finding, account, region),
    observables: observablesOf(finding),
    endpoints: guardDutyEndpoints(finding, actionOf(finding)),
    link: linkOf(finding, region),
    matter: matterOf(finding, account, region),
    state: stateOf(objectOf(finding['service'])),
  };
}

/** `UnauthorizedAccess:EC2/SSHBruteForce` is `aws.guardduty.finding.unauthorizedaccess.ec2.sshbruteforce`. */
function typeOf(type: unknown): string {
  const text = textOf(type)?.slice(0, 120).replaceAll(/[:/]/g, '.');
  return text === undefined ? 'aws.guardduty.finding' : `aws.guardduty.finding.${text}`;
}

/** 1.0 to 3.9 low, 4.0 to 6.9 medium, 7.0 to 8.9 high, 9.0 to 10.0 critical. */
function severityOf(value: unknown): Severity {
  const severity = typeof value === 'number' ? severityOfNumber(value, 'cvss') : severityOfWord(value);
  return severity ?? 'unknown';
}

/** The same for a finding and its updates. */
function matterOf(finding: JsonObject, account = '', region = ''): readonly string[] | undefined {
  const id = textOf(finding['id']);
  return id === undefined ? undefined : ['guardduty', account, region, id];
}

function stateOf({ archived }: JsonObject): MatterState | undefined {
  if (typeof archived !== 'boolean') return undefined;
  return archived ? 'resolved' : 'open';
}

function linkOf(finding: JsonObject, region: string | undefined): string | undefined {
  const id = textOf(finding['id']);
  if (id === undefined || !/^[0-9A-Za-z-]{1,80}$/.test(id)) return undefined;
  return consoleLink(region, 'guardduty/home', `/findings?macros=current&fId=${id}`);
}

/** What is said of one action, whichever it was. */
function actionOf(finding: JsonObject): JsonObject {
  const action = objectOf(objectOf(finding['service'])['action']);
  const kinds = [
    'awsApiCallAction',
    'networkConnectionAction',
    'kubernetesApiCallAction',
    'rdsLoginAttemptAction',
    'dnsRequestAction',
  ];
  return objectOf(kinds.map((kind) => action[kind]).find((one) => one !== undefined && one !== null));
}

function labelsOf(finding: JsonObject, account: string | undefined, region: string | undefined) {
  const service = objectOf(finding['service']);
  const action = actionOf(finding);
  const isSample = objectOf(service['additionalInfo'])['sample'];
  return {
    account,
    region,
    product: 'guardduty',
    finding_type: textOf(finding['type']),
    resource_type: textOf(objectOf(finding['resource'])['resourceType']),
    resource_role: textOf(service['resourceRole']),
    action_type: textOf(objectOf(service['action'])['actionType']),
    api: textOf(action['api']),
    country: textOf(objectOf(objectOf(action['remoteIpDetails'])['country'])['countryName']),
    count: textOf(service['count']),
    sample: isSample === true ? 'true' : undefined,
  };
}

/** Who did it from where: remote addresses, users, hosts. */
function observablesOf(finding: JsonObject): readonly Observable[] {
  const service = objectOf(finding['service']);
  const action = actionOf(finding);
  const probes = objectOf(objectOf(service['action'])['portProbeAction'])['portProbeDetails'];
  const sequence = objectOf(objectOf(service['detection'])['sequence']);
  const endpoints = itemsOf(sequence['endpoints'], SEEN_MAX).map(objectOf);
  return [
    ...ofRemote(action['remoteIpDetails']),
    ...itemsOf(probes, SEEN_MAX).flatMap((probe) => ofRemote(objectOf(probe)['remoteIpDetails'])),
    ...endpoints.flatMap(({ ip, domain }) => [...observed('ip', ip), ...observed('host', domain)]),
    ...observed('host', action['domain']),
    ...usersOf(objectOf(finding['resource'])),
    ...hostsOf(objectOf(objectOf(finding['resource'])['instanceDetails'])),
  ];
}

function ofRemote(details: unknown): readonly Observable[] {
  const { ipAddressV4, ipAddressV6 } = objectOf(details);
  return [...observed('ip', ipAddressV4), ...observed('ip', ipAddressV6)];
}

function usersOf(resource: JsonObject): readonly Observable[] {
  return [
    ...observed('user', objectOf(resource['accessKeyDetails'])['userName']),
    ...observed(
      'user',
      objectOf(objectOf(resource['kubernetesDetails'])['kubernetesUserDetails'])['username'],
    ),
    ...observed('user', objectOf(resource['rdsDbUserDetails'])['user']),
  ];
}

function hostsOf(instance: JsonObject): readonly Observable[] {
  const interfaces = itemsOf(instance['networkInterfaces'], SEEN_MAX).map(objectOf);
  return interfaces.flatMap((one) => [
    ...observed('host', one['publicDnsName']),
    ...observed('host', one['privateDnsName']),
  ]);
}
