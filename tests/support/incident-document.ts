import { isJsonObject } from '../../src/kernel/json.ts';
import type { IncidentUpstream } from './incident-upstream.ts';

const levels = ['low', 'medium', 'high', 'critical'] as const;
type Filed = Record<string, Record<(typeof levels)[number], { count: number; incidents: unknown[] }>>;

/** Who each type's records are about: written down here a second time, from the contract. */
const employees: Readonly<
  Record<string, (record: Record<string, unknown>, whose: Map<string, number>) => unknown>
> = {
  denial: (record) => record['reported_by'],
  intrusion: (record, whose) => whose.get(String(record['internal_ip'])),
  executable: (record, whose) => whose.get(String(record['machine_ip'])),
  misuse: (record) => record['employee_id'],
  unauthorized: (record) => record['employee_id'],
  probing: (record, whose) => whose.get(String(record['ip'])),
  other: ({ identifier }, whose) =>
    typeof identifier === 'number' ? identifier : whose.get(String(identifier)),
};

/** The contracted document as it is computed plainly from what the upstream lists: what ours is held against. */
export function expectedDocument(upstream: Pick<IncidentUpstream, 'lists' | 'identities'>): Filed {
  const filed: Filed = {};
  for (const [type, employeeOf] of Object.entries(employees)) {
    for (const record of upstream.lists.get(type) ?? []) {
      if (!isJsonObject(record)) continue;
      const employee = employeeOf({ ...record }, upstream.identities);
      const level = levels.find((one) => one === record['priority']);
      if (typeof employee !== 'number' || level === undefined) continue;
      filed[employee] ??= emptyLevels();
      filed[employee][level].incidents.push({ ...record, type });
    }
  }
  for (const byLevel of Object.values(filed)) for (const level of levels) settle(byLevel[level]);
  return filed;
}

const emptyLevels = (): Filed[string] => ({
  low: { count: 0, incidents: [] },
  medium: { count: 0, incidents: [] },
  high: { count: 0, incidents: [] },
  critical: { count: 0, incidents: [] },
});

function settle(level: Filed[string]['low']): void {
  level.incidents.sort((a, b) => timeOf(a) - timeOf(b));
  level.count = level.incidents.length;
}

const timeOf = (record: unknown): number => (isJsonObject(record) ? Number(record['timestamp']) : 0);
