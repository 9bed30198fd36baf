import { StoreUnavailable } from '../../storage/store.ts';
import { incidentId } from '../book/incident-id.ts';
import { priorities, type Priority } from '../incident.ts';
import type {
  CountPoint,
  EmployeeRisk,
  EmployeeSummary,
  IncidentFilter,
  IncidentPage,
  IncidentReader,
  RiskScale,
  StoredIncident,
} from '../store/port.ts';

/** An incident of a test: what is not said is as of a listed one whose record names employee 7. */
export function storedIncident(over: Partial<StoredIncident> = {}): StoredIncident {
  const { timestamp = 1_767_225_600.25 } = over;
  return {
    id: incidentId(timestamp, JSON.stringify(over), 0),
    feed: 'elevate',
    type: 'misuse',
    priority: 'low',
    timestamp,
    stated: '7',
    address: undefined,
    sourceAddress: undefined,
    fault: undefined,
    record: `{"priority":"low","employee_id":7,"timestamp":${timestamp}}`,
    employee: '7',
    identity: 'stated',
    firstSeenAt: timestamp * 1_000,
    lastSeenAt: undefined,
    isListed: true,
    attributedAt: undefined,
    eventId: null,
    ...over,
  };
}

type Asked = Pick<IncidentReader, 'find' | 'getMany' | 'counts' | 'employee' | 'riskiest'>;

/** What is asked of a store over HTTP, in memory: as slow as it is plain. */
export class TestReader implements Asked {
  incidents: readonly StoredIncident[] = [];
  /** Called before every question; what it throws is the store's failure. */
  before: () => void | Promise<void> = () => {};
  asked = 0;

  away(): void {
    this.before = () => {
      throw new StoreUnavailable('away');
    };
  }

  async find(filter: IncidentFilter, limit: number, after?: string): Promise<IncidentPage> {
    await this.#ask();
    const from = after === undefined ? 0 : this.#sorted().findIndex(({ id }) => id === after) + 1;
    if (after !== undefined && from === 0) return { items: [], next: undefined };
    const rows = this.#sorted().slice(from).filter(holds(filter));
    const items = rows.slice(0, limit);
    return { items, next: rows.length > limit ? items.at(-1)?.id : undefined };
  }

  async getMany(ids: readonly string[]): Promise<readonly StoredIncident[]> {
    await this.#ask();
    return this.incidents.filter(({ id }) => ids.includes(id));
  }

  async counts(
    filter: IncidentFilter & { readonly since: number; readonly until: number },
    stepMs: number,
  ): Promise<readonly CountPoint[]> {
    await this.#ask();
    const steps = grouped(
      this.incidents.filter(holds(filter)),
      ({ timestamp }) => filter.since + Math.floor((timestamp * 1_000 - filter.since) / stepMs) * stepMs,
    );
    return [...steps].sort(([a], [b]) => a - b).map(([at, all]) => ({ at, counts: countsOf(all) }));
  }

  async employee(employee: string, scale: RiskScale, now: number): Promise<EmployeeSummary | undefined> {
    const [risk] = await this.#risks(scale, now, { employee });
    if (risk === undefined) return undefined;
    const own = this.incidents.filter(holds({ employee }));
    const byType = grouped(own, ({ type }) => type);
    return {
      ...risk,
      firstAt: Math.min(...own.map(({ timestamp }) => timestamp * 1_000)),
      byType: Object.fromEntries([...byType].map(([type, all]) => [type, all.length])),
      listed: own.filter(({ isListed }) => isListed).length,
      addresses: [{ feed: 'elevate', address: '10.0.0.7', employee, forgottenAt: undefined }],
    };
  }

  async riskiest(scale: RiskScale, now: number, limit: number, filter: IncidentFilter) {
    return (await this.#risks(scale, now, filter)).slice(0, limit);
  }

  async #risks(scale: RiskScale, now: number, filter: IncidentFilter): Promise<EmployeeRisk[]> {
    await this.#ask();
    const known = this.incidents.filter(holds({ ...filter, attributed: true }));
    const risks = [...grouped(known, ({ employee }) => employee ?? '')].map(([employee, own]) => ({
      employee,
      score: own.reduce((sum, one) => sum + pointsOf(one, scale, now), 0),
      counts: countsOf(own),
      lastAt: Math.max(...own.map(({ timestamp }) => timestamp * 1_000)),
    }));
    return risks.sort((a, b) => b.score - a.score);
  }

  async #ask(): Promise<void> {
    this.asked += 1;
    await this.before();
  }

  #sorted(): StoredIncident[] {
    return this.incidents.toSorted((a, b) => b.timestamp - a.timestamp || (a.id < b.id ? 1 : -1));
  }
}

function grouped<Key>(
  incidents: readonly StoredIncident[],
  keyOf: (incident: StoredIncident) => Key,
): Map<Key, StoredIncident[]> {
  const groups = new Map<Key, StoredIncident[]>();
  for (const incident of incidents) {
    const group = groups.get(keyOf(incident));
    if (group === undefined) groups.set(keyOf(incident), [incident]);
    else group.push(incident);
  }
  return groups;
}

const rank = (priority: Priority | undefined): number => priorities.findIndex((one) => one === priority);

const pointsOf = ({ priority = 'low', timestamp }: StoredIncident, scale: RiskScale, now: number): number =>
  scale.weights[priority] * 0.5 ** ((now - timestamp * 1_000) / scale.halfLifeMs);

const countsOf = (all: readonly StoredIncident[]): Record<Priority, number> => {
  const count = (priority: Priority): number => all.filter((one) => one.priority === priority).length;
  return { low: count('low'), medium: count('medium'), high: count('high'), critical: count('critical') };
};

const holds =
  (filter: IncidentFilter) =>
  (one: StoredIncident): boolean => {
    const { since = -Infinity, until = Infinity, text = '', invalid = false } = filter;
    const at = one.timestamp * 1_000;
    return (
      (one.fault !== undefined) === invalid &&
      at >= since &&
      at < until &&
      one.record.toLowerCase().includes(text.toLowerCase()) &&
      [undefined, one.feed].includes(filter.feed) &&
      [undefined, one.type].includes(filter.type) &&
      [undefined, one.employee].includes(filter.employee) &&
      [undefined, one.address, one.sourceAddress].includes(filter.address) &&
      [undefined, one.isListed].includes(filter.listed) &&
      [undefined, one.employee !== undefined].includes(filter.attributed) &&
      (filter.priority === undefined || filter.priority === one.priority) &&
      (filter.priorityMin === undefined || rank(one.priority) >= rank(filter.priorityMin))
    );
  };
