import type { Severity, Subject } from '../../events/event.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { firstText, itemsOf, objectOf, textOf } from '../fields.ts';
import { firstInstant } from '../instant-ms.ts';
import type { Reading } from '../reading.ts';
import { severityOfNumber, severityOfWord } from '../severity-words.ts';
import { classOf, type OcsfClass } from './class-of.ts';
import { FINDINGS } from './classes.ts';
import { endpointsIn, observablesOf } from './observables.ts';
import { stateOf } from './state.ts';

const OTHER = 99;

/** What Tocsin makes of one OCSF record. Any object is one: no field is required, none is trusted. */
export function readOcsf(record: JsonObject): Reading {
  const cls = classOf(record);
  const finding = findingOf(record);
  return {
    type: `ocsf.${cls.name}`,
    severity: severityOf(record),
    titles: [
      ...[finding['title'], record['message'], finding['desc'], record['desc']].map(textOf),
      ...[record['type_name'], record['class_name']].map(textOf),
    ],
    occurredAt: firstInstant(record['time'], record['time_dt']),
    subject: subjectOf(record),
    labels: labelsOf(record, cls, finding),
    observables: observablesOf(record),
    endpoints: endpointsIn(record),
    link: firstText(finding['src_url'], record['src_url']),
    matter: matterOf(record, cls, finding),
    state: stateOf(cls, record),
  };
}

/** `finding` is the older name; an incident has a list of them, which names it when it is one. */
function findingOf(record: JsonObject): JsonObject {
  const info = record['finding_info'] ?? record['finding'];
  const list = itemsOf(record['finding_info_list'], 2);
  return objectOf(info ?? (list.length === 1 ? list[0] : undefined));
}

/** 0 to 6, fatal counting as critical; what a producer could not place (99) by its own word. */
function severityOf(record: JsonObject): Severity {
  const { severity_id: id, severity } = record;
  const numbered = typeof id === 'number' && id !== OTHER ? severityOfNumber(id, 'ocsf') : undefined;
  return numbered ?? severityOfWord(severity) ?? 'unknown';
}

/** A finding's own id, within the product that found it. */
function matterOf(
  record: JsonObject,
  { category }: OcsfClass,
  finding: JsonObject,
): readonly string[] | undefined {
  const id = textOf(finding['uid']);
  if (id === undefined || (category !== undefined && category !== FINDINGS)) return undefined;
  const product = objectOf(objectOf(record['metadata'])['product']);
  return ['ocsf', firstText(product['uid'], product['name']) ?? '', id];
}

/** What it is about: the resource, else the device, else the user, else the cloud account. */
function subjectOf(record: JsonObject): Subject | undefined {
  const resource = objectOf(itemsOf(record['resources'], 1)[0] ?? record['resource']);
  const device = objectOf(record['device']);
  const user = objectOf(record['user']);
  const account = objectOf(objectOf(record['cloud'])['account']);
  return (
    named('resource', resource['uid'], resource['name']) ??
    named('device', device['uid'] ?? device['hostname'] ?? device['ip'], device['hostname']) ??
    named('user', user['uid'] ?? user['name'], user['name'] ?? user['email_addr']) ??
    named('account', account['uid'], account['name'])
  );
}

function named(kind: string, id: unknown, name: unknown): Subject | undefined {
  const text = textOf(id);
  const called = textOf(name);
  if (text === undefined) return called === undefined ? undefined : { kind, id: called };
  return called === undefined ? { kind, id: text } : { kind, id: text, name: called };
}

function labelsOf(
  record: JsonObject,
  { uid, name }: OcsfClass,
  finding: JsonObject,
): Readonly<Record<string, string | undefined>> {
  const product = objectOf(objectOf(record['metadata'])['product']);
  const cloud = objectOf(record['cloud']);
  return {
    class: name,
    class_uid: uid === undefined ? undefined : String(uid),
    activity: textOf(record['activity_name']),
    status: firstText(record['status'], record['state']),
    product: firstText(product['name'], product['uid']),
    vendor: textOf(product['vendor_name']),
    finding_type: textOf(itemsOf(finding['types'], 1)[0]),
    compliance: textOf(objectOf(record['compliance'])['status']),
    control: textOf(objectOf(record['compliance'])['control']),
    provider: textOf(cloud['provider']),
    account: textOf(objectOf(cloud['account'])['uid']),
    region: textOf(cloud['region']),
  };
}
