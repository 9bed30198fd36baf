import type { Observable, Severity, Subject } from '../../events/event.ts';
import type { Endpoints } from '../../events/geo.ts';
import { isJsonObject, type JsonObject } from '../../kernel/json.ts';
import { endpoint, endpointsOf } from '../endpoints.ts';
import { itemsOf, objectOf, textOf } from '../fields.ts';
import { firstInstant } from '../instant-ms.ts';
import { type Facts, identityOf } from '../make-draft.ts';
import { observed, observedPlace } from '../observe.ts';
import type { JsonItem } from '../read-json.ts';

const GROUPS_MAX = 30;

/** Where integrations of Wazuh put the alert when they send something of their own around it. */
const WRAPPERS = ['all_fields', '_source', 'wazuh_alert', 'alert'];

/** One alert of Wazuh, as it stands in alerts.json. */
export function wazuhFacts(item: JsonItem, messageId: string | undefined, index: number): Facts {
  const alert = unwrapped(item.record);
  const rule = objectOf(alert['rule']);
  const agent = objectOf(alert['agent']);
  const manager = textOf(objectOf(alert['manager'])['name']);
  const ruleId = textOf(rule['id']);
  const id = textOf(alert['id']);
  return {
    type: `wazuh.${(ruleId ?? '').slice(0, 160).replaceAll('.', '_')}`,
    severity: severityOfLevel(rule['level']),
    titles: [textOf(rule['description']), textOf(alert['full_log']), textOf(item.record['title'])],
    occurredAt: firstInstant(alert['timestamp'], alert['@timestamp']),
    subject: subjectOf(agent),
    labels: labelsOf(alert, rule, agent),
    observables: observablesOf(alert, agent),
    endpoints: endpointsIn(alert),
    link: undefined,
    identity:
      id === undefined
        ? identityOf(messageId, item.text, index)
        : ['id', manager ?? '', id, textOf(alert['timestamp']) ?? ''],
    // The same rule on the same machine is the same matter.
    matter: ruleId === undefined ? undefined : [manager ?? '', textOf(agent['id']) ?? '', ruleId],
    state: undefined,
    payload: item.text,
  };
}

function unwrapped(record: JsonObject): JsonObject {
  if (isJsonObject(record['rule'])) return record;
  return WRAPPERS.map((name) => record[name]).find(isJsonObject) ?? record;
}

/**
 * Wazuh's levels run from 0 to 16. From 7 on the bands are those of Wazuh's own dashboard: 7 to 11 medium, 12 to 14
 * high, 15 and above critical. Of what it calls low, the levels up to 3 are said to have no security relevance
 * (ignored, status messages, successful logins): informational.
 */
function severityOfLevel(value: unknown): Severity {
  const level = typeof value === 'string' && /^\d{1,2}$/.test(value) ? Number(value) : value;
  if (typeof level !== 'number' || !(level >= 0 && level <= 16)) return 'unknown';
  if (level <= 3) return 'informational';
  if (level < 7) return 'low';
  if (level < 12) return 'medium';
  return level < 15 ? 'high' : 'critical';
}

/** Agent 000 is the manager itself. */
function subjectOf(agent: JsonObject): Subject | undefined {
  const name = textOf(agent['name']);
  const id = textOf(agent['id']) ?? name;
  if (id === undefined) return undefined;
  return name === undefined ? { kind: 'host', id } : { kind: 'host', id, name };
}

const joined = (value: unknown): string | undefined => {
  if (!Array.isArray(value)) return textOf(value);
  const texts = itemsOf(value, GROUPS_MAX)
    .map(textOf)
    .filter((text) => text !== undefined);
  return texts.length === 0 ? undefined : texts.join(',');
};

function labelsOf(alert: JsonObject, rule: JsonObject, agent: JsonObject): Facts['labels'] {
  const mitre = objectOf(rule['mitre']);
  const data = objectOf(alert['data']);
  return {
    rule_id: textOf(rule['id']),
    level: textOf(rule['level']),
    groups: joined(rule['groups']),
    agent_id: textOf(agent['id']),
    agent: textOf(agent['name']),
    manager: textOf(objectOf(alert['manager'])['name']),
    decoder: textOf(objectOf(alert['decoder'])['name']),
    location: textOf(alert['location']),
    program: textOf(objectOf(alert['predecoder'])['program_name']),
    mitre_id: joined(mitre['id']),
    mitre_tactic: joined(mitre['tactic']),
    mitre_technique: joined(mitre['technique']),
    file: textOf(objectOf(alert['syscheck'])['path']),
    cve: textOf(objectOf(data['vulnerability'])['cve']),
    action: textOf(data['action']),
  };
}

/** Decoders name alike what comes from firewalls, web servers, sshd; Windows, AWS and Suricata bring their own names. */
function observablesOf(alert: JsonObject, agent: JsonObject): readonly Observable[] {
  const { data, windows, aws, office } = partsOf(alert);
  const ips = [
    data['srcip'],
    data['dstip'],
    data['src_ip'],
    data['dest_ip'],
    windows['ipAddress'],
    aws['sourceIPAddress'],
    aws['source_ip_address'],
    office['ClientIP'],
  ];
  const users = [
    data['srcuser'],
    data['dstuser'],
    windows['targetUserName'],
    windows['subjectUserName'],
    objectOf(aws['userIdentity'])['userName'],
    office['UserId'],
  ];
  return [
    ...ips.flatMap((value) => observed('ip', value)),
    ...users.flatMap((value) => observed('user', value)),
    ...observed('url', data['url']),
    ...observedPlace(agent['name']),
    // `any` is the address of an agent that may come from anywhere.
    ...observed('ip', agent['ip']),
    ...observedPlace(objectOf(alert['predecoder'])['hostname']),
  ];
}

/** Also of Sysmon's network connections. What Wazuh adds as `GeoLocation` has countries by name only. */
function endpointsIn(alert: JsonObject): Endpoints | undefined {
  const { data, windows, aws, office } = partsOf(alert);
  const sources = [
    data['srcip'],
    data['src_ip'],
    windows['ipAddress'],
    windows['sourceIp'],
    aws['sourceIPAddress'],
    aws['source_ip_address'],
    office['ClientIP'],
  ];
  const destinations = [data['dstip'], data['dest_ip'], windows['destinationIp']];
  return endpointsOf(
    sources.flatMap((ip) => endpoint(ip)),
    destinations.flatMap((ip) => endpoint(ip)),
  );
}

function partsOf(alert: JsonObject) {
  const data = objectOf(alert['data']);
  return {
    data,
    windows: objectOf(objectOf(data['win'])['eventdata']),
    aws: objectOf(data['aws']),
    office: objectOf(data['office365']),
  };
}
