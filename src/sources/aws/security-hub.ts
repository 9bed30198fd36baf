import type { MatterState, Observable, Severity, Subject } from '../../events/event.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { firstText, itemsOf, objectOf, textOf } from '../fields.ts';
import { firstInstant } from '../instant-ms.ts';
import { observed } from '../observe.ts';
import { readOcsf } from '../ocsf/reading.ts';
import type { Reading } from '../reading.ts';
import { severityOfNumber, severityOfWord } from '../severity-words.ts';
import { asffEndpoints } from './asff-endpoints.ts';
import type { BusEvent } from './bus-event.ts';

const SEEN_MAX = 50;

/** A finding of Security Hub's: OCSF when it looks so ("Findings Imported V2"), else ASFF. */
export function readSecurityHub(event: BusEvent, finding: JsonObject): Reading {
  return Object.hasOwn(finding, 'finding_info') || Object.hasOwn(finding, 'class_uid')
    ? ofOcsf(event, finding)
    : ofAsff(event, finding);
}

function ofOcsf(event: BusEvent, finding: JsonObject): Reading {
  const reading = readOcsf(finding);
  return {
    ...reading,
    type: `aws.securityhub.finding.${productWord(reading.labels['product'])}`,
    labels: {
      ...reading.labels,
      account: reading.labels['account'] ?? event.account,
      region: reading.labels['region'] ?? event.region,
    },
  };
}

/** Source: docs.aws.amazon.com/securityhub, "AWS Security Finding Format (ASFF)". */
function ofAsff(event: BusEvent, finding: JsonObject): Reading {
  const product = productOf(finding);
  return {
    type: `aws.securityhub.finding.${productWord(product)}`,
    severity: severityOf(objectOf(finding['Severity'])),
    titles: [textOf(finding['Title']), textOf(finding['Description']), textOf(finding['GeneratorId'])],
    occurredAt: firstInstant(
      finding['UpdatedAt'],
      finding['LastObservedAt'],
      finding['CreatedAt'],
      event.time,
    ),
    subject: subjectOf(event, finding),
    labels: labelsOf(event, finding, product),
    observables: observablesOf(finding),
    endpoints: asffEndpoints(finding),
    link: textOf(finding['SourceUrl']),
    matter: matterOf(finding),
    state: stateOf(finding),
  };
}

/** `ProductName`, else the end of the product's ARN: `…:product/aws/guardduty`. */
function productOf(finding: JsonObject): string | undefined {
  const arn = textOf(finding['ProductArn']);
  return firstText(
    finding['ProductName'],
    objectOf(finding['ProductFields'])['aws/securityhub/ProductName'],
    arn?.slice(arn.lastIndexOf('/') + 1),
  );
}

const productWord = (product: string | undefined): string =>
  (product ?? 'unknown')
    .slice(0, 60)
    .trim()
    .replaceAll(/[\s.]+/g, '_');

/** `Label` is the preferred one; `Normalized` is 0 to 100. */
function severityOf(severity: JsonObject): Severity {
  const label = severityOfWord(severity['Label']);
  if (label !== undefined) return label;
  const { Normalized: normalized } = severity;
  return (typeof normalized === 'number' ? severityOfNumber(normalized, 'percent') : undefined) ?? 'unknown';
}

/** An id is a product's own. */
function matterOf(finding: JsonObject): readonly string[] | undefined {
  const id = textOf(finding['Id']);
  return id === undefined ? undefined : ['asff', textOf(finding['ProductArn']) ?? '', id];
}

/** Resolved or suppressed by somebody, archived by its product, or passed by its check. */
function stateOf(finding: JsonObject): MatterState {
  const workflow = objectOf(finding['Workflow'])['Status'];
  const isDone =
    workflow === 'RESOLVED' ||
    workflow === 'SUPPRESSED' ||
    finding['RecordState'] === 'ARCHIVED' ||
    objectOf(finding['Compliance'])['Status'] === 'PASSED';
  return isDone ? 'resolved' : 'open';
}

function subjectOf(event: BusEvent, finding: JsonObject): Subject | undefined {
  const resource = textOf(objectOf(itemsOf(finding['Resources'], 1)[0])['Id']);
  if (resource !== undefined) return { kind: 'resource', id: resource };
  const account = firstText(finding['AwsAccountId'], event.account);
  return account === undefined ? undefined : { kind: 'account', id: account };
}

function labelsOf(event: BusEvent, finding: JsonObject, product: string | undefined) {
  const resource = objectOf(itemsOf(finding['Resources'], 1)[0]);
  const compliance = objectOf(finding['Compliance']);
  return {
    account: firstText(finding['AwsAccountId'], event.account),
    region: firstText(finding['Region'], resource['Region'], event.region),
    product,
    vendor: textOf(finding['CompanyName']),
    finding_type: textOf(itemsOf(finding['Types'], 1)[0]),
    resource_type: textOf(resource['Type']),
    compliance: textOf(compliance['Status']),
    control: textOf(compliance['SecurityControlId']),
    workflow: textOf(objectOf(finding['Workflow'])['Status']),
    record_state: textOf(finding['RecordState']),
    action: textOf(event.detail['actionName']),
    sample: finding['Sample'] === true ? 'true' : undefined,
  };
}

/** Where it came from and who did it, as far as the action and the resource say. */
function observablesOf(finding: JsonObject): readonly Observable[] {
  const action = objectOf(finding['Action']);
  const kinds = ['NetworkConnectionAction', 'AwsApiCallAction'].map((kind) => objectOf(action[kind]));
  const probes = itemsOf(objectOf(action['PortProbeAction'])['PortProbeDetails'], SEEN_MAX).map(objectOf);
  const network = objectOf(finding['Network']);
  const resource = objectOf(itemsOf(finding['Resources'], 1)[0]);
  const key = objectOf(objectOf(resource['Details'])['AwsIamAccessKey']);
  return [
    ...[...kinds, ...probes].flatMap((one) =>
      observed('ip', objectOf(one['RemoteIpDetails'])['IpAddressV4']),
    ),
    ...['SourceIpV4', 'SourceIpV6'].flatMap((name) => observed('ip', network[name])),
    ...observed('host', network['SourceDomain']),
    ...observed('host', objectOf(action['DnsRequestAction'])['Domain']),
    ...observed('user', key['PrincipalName']),
  ];
}
