import type { Observable, Severity, Subject } from '../../events/event.ts';
import type { Endpoints } from '../../events/geo.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { endpoint, endpointsOf } from '../endpoints.ts';
import { firstText, itemsOf, objectOf, textOf, textsOf } from '../fields.ts';
import { firstInstant } from '../instant-ms.ts';
import { type Facts, identityOf } from '../make-draft.ts';
import { knownText, observed, observedPlace } from '../observe.ts';
import type { JsonItem } from '../read-json.ts';
import { severityOfWord } from '../severity-words.ts';

const FIELDS_MAX = 60;
const TAGS_MAX = 30;

/** One alert of Falco, or of Falcosidekick, which adds a `uuid` and fields of its own. */
export function falcoFacts({ record, text }: JsonItem, messageId: string | undefined, index: number): Facts {
  const fields = knownFields(record['output_fields']);
  const rule = textOf(record['rule']);
  const subject = subjectOf(record, fields);
  const uuid = textOf(record['uuid']);
  return {
    type: `falco.${(rule ?? '').slice(0, 160).replaceAll('.', '_')}`,
    severity: severityOfPriority(record['priority']),
    titles: [sentence(textOf(record['message'])), sentence(textOf(record['output'])), rule],
    occurredAt: firstInstant(record['time'], objectOf(record['output_fields'])['evt.time']),
    subject,
    labels: { ...ownLabels(record, rule), ...fields },
    observables: observablesOf(record, fields),
    endpoints: endpointsIn(fields),
    link: undefined,
    identity: uuid === undefined ? identityOf(messageId, text, index) : ['uuid', uuid],
    // The same rule in the same place is the same matter, however often it is broken.
    matter: rule === undefined ? undefined : [rule, subject?.kind ?? '', subject?.id ?? ''],
    state: undefined,
    payload: text,
  };
}

/** Falco's priorities are syslog's levels, from Emergency to Debug. */
const severityOfPriority = (priority: unknown): Severity => severityOfWord(priority) ?? 'unknown';

/** `<NA>` is Falco's word for a field that the event has not. */
function knownFields(value: unknown): Readonly<Record<string, string>> {
  const texts = Object.entries(textsOf(value, FIELDS_MAX));
  return Object.fromEntries(texts.filter(([, text]) => knownText(text) !== undefined));
}

const STAMP = /^\d\d:\d\d:\d\d\.\d{1,9}: [A-Z][a-z]{1,15} /;
const SENTENCE_LENGTH_MAX = 2_048;

/**
 * The words of an output without what stands in the fields as well: `16:31:56.746609046: Error ` before them,
 * ` (user=root …)` or ` | user=root …` behind.
 */
function sentence(output: string | undefined): string | undefined {
  const words = output?.slice(0, SENTENCE_LENGTH_MAX).replace(STAMP, '');
  const end = words?.search(/ \||\s\(?[\w.]+=/) ?? -1;
  return end > 0 ? words?.slice(0, end) : words;
}

function ownLabels(
  record: JsonObject,
  rule: string | undefined,
): Readonly<Record<string, string | undefined>> {
  const tags = itemsOf(record['tags'], TAGS_MAX)
    .map(textOf)
    .filter((tag) => tag !== undefined);
  return {
    rule,
    priority: textOf(record['priority']),
    source: textOf(record['source']),
    hostname: textOf(record['hostname']),
    tags: tags.length === 0 ? undefined : tags.join(','),
  };
}

/** The pod, else the container, else the machine. On the machine itself Falco calls the container `host`. */
function subjectOf(record: JsonObject, fields: Readonly<Record<string, string>>): Subject | undefined {
  const pod = firstText(fields['k8s.pod.name'], fields['ka.target.pod.name']);
  const namespace = firstText(fields['k8s.ns.name'], fields['ka.target.namespace']);
  if (pod !== undefined) return { kind: 'pod', id: namespace === undefined ? pod : `${namespace}/${pod}` };
  const id = fields['container.id'];
  const name = fields['container.name'];
  if (id !== undefined && id !== 'host')
    return name === undefined ? { kind: 'container', id } : { kind: 'container', id, name };
  const hostname = textOf(record['hostname']);
  return hostname === undefined ? undefined : { kind: 'host', id: hostname };
}

const ADDRESSES = ['fd.rip', 'fd.cip', 'fd.sip', 'fd.lip', 'ct.srcip', 'ka.sourceips', 'okta.client.ip'];
const HOSTS = ['fd.sip.name', 'fd.cip.name', 'fd.rip.name'];
const USERS = [
  'user.name',
  'user.loginname',
  'ka.user.name',
  'ct.user',
  'okta.actor.alternateid',
  'github.user',
];

function observablesOf(record: JsonObject, fields: Readonly<Record<string, string>>): readonly Observable[] {
  return [
    ...ADDRESSES.flatMap((name) => observed('ip', fields[name])),
    ...HOSTS.flatMap((name) => observedPlace(fields[name])),
    ...USERS.flatMap((name) => observed('user', fields[name])),
    ...observedPlace(record['hostname']),
  ];
}

const CALLERS = ['ct.srcip', 'ka.sourceips', 'okta.client.ip'];
const CALLS = new Set(['connect', 'sendto', 'sendmsg', 'sendmmsg']);

/** Of a connection the client and the server; where only its ends are told, by which of them is which. */
function endpointsIn(fields: Readonly<Record<string, string>>): Endpoints | undefined {
  const [client, server] = [endpoint(fields['fd.cip']), endpoint(fields['fd.sip'])];
  const [local, remote] = [endpoint(fields['fd.lip']), endpoint(fields['fd.rip'])];
  const [from, to] = isRemoteServer(fields) ? [local, remote] : [remote, local];
  return endpointsOf(
    [...(client.length > 0 ? client : from), ...CALLERS.flatMap((name) => endpoint(fields[name]))],
    server.length > 0 ? server : to,
  );
}

/**
 * Whether the process called the remote end. Where nothing else tells, it did when Falco knows the server's name: so it
 * does of the servers that rules list.
 */
function isRemoteServer(fields: Readonly<Record<string, string>>): boolean {
  const { 'fd.cip': client, 'fd.rip': remote } = fields;
  if (client !== undefined) return remote !== client;
  return (
    remote === fields['fd.sip'] || fields['fd.sip.name'] !== undefined || CALLS.has(fields['evt.type'] ?? '')
  );
}
