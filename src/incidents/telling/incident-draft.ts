import type { EventDraft, Observable } from '../../events/event.ts';
import { parseAddress } from '../../kernel/address.ts';
import { oneLine } from '../../kernel/one-line.ts';
import { endpoint, endpointsOf } from '../../sources/endpoints.ts';
import type { AttributedIncident } from '../incident.ts';

const TEXT_MAX = 256;

/** The event of an incident that is new: what people are told. Of one without a fault only. */
export function incidentDraft(incident: AttributedIncident): EventDraft {
  const { type, priority = 'low', timestamp, employee, id } = incident;
  const address = harmless(incident.address);
  const sourceAddress = harmless(incident.sourceAddress);
  const whom = employee === undefined ? addressOr(address) : `employee ${employee}`;
  return {
    type: `incident.${type}`,
    severity: priority,
    title: titleOf(`${capital(type)} incident: ${whom}`, sourceAddress),
    occurredAt: Math.round(timestamp * 1_000),
    subject: subjectOf(employee, address),
    // Each is a matter of its own: what an employee has in common with the last one is in the subject.
    fingerprint: fingerprintOf(id),
    labels: {
      incident: id,
      incident_type: type,
      priority,
      attributed: String(employee !== undefined),
      ...(employee === undefined ? {} : { employee }),
    },
    observables: observablesOf(employee, [address, sourceAddress]),
    // What was done to the address came from the other side.
    endpoints: endpointsOf(endpoint(sourceAddress), endpoint(address)),
    link: undefined,
    internalAlert: undefined,
    dedupeKey: fingerprintOf(id),
    payload: incident.record,
  };
}

/** A feed names addresses as it likes: what could do harm in a mail or a log is in none. */
const harmless = (address: string | undefined): string | undefined =>
  oneLine(address ?? '', TEXT_MAX) || undefined;

const fingerprintOf = (id: string): string => id.slice(id.indexOf('_') + 1);

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const addressOr = (address: string | undefined): string =>
  address === undefined ? 'nobody is named' : `${address}, whose employee is not known`;

const titleOf = (text: string, source: string | undefined): string =>
  oneLine(source === undefined ? text : `${text}, from ${source}`, TEXT_MAX);

function subjectOf(employee: string | undefined, address: string | undefined): EventDraft['subject'] {
  if (employee !== undefined) return { kind: 'employee', id: employee };
  return address === undefined ? undefined : { kind: 'address', id: address };
}

function observablesOf(
  employee: string | undefined,
  addresses: readonly (string | undefined)[],
): readonly Observable[] {
  const seen: Observable[] = [];
  if (employee !== undefined) seen.push({ kind: 'user', value: employee });
  for (const value of new Set(addresses)) {
    if (value !== undefined) seen.push({ kind: isAddress(value) ? 'ip' : 'host', value });
  }
  return seen;
}

const isAddress = (text: string): boolean => parseAddress(text) !== undefined;
