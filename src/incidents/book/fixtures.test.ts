import { expect, test } from 'vitest';
import {
  documentOf,
  incidentFixture,
  listed,
  sampleFeed,
  type DocumentIncident,
} from '../../../tests/support/incident-lists.ts';
import { priorities } from '../incident.ts';
import { IncidentBook } from './incident-book.ts';
import { readIdentities } from './read-identities.ts';
import { readList } from './read-list.ts';

type Answer = { readonly results: readonly Readonly<Record<string, unknown>>[] };

/** Where each type's employee is, said once more and in another way than the feed's own table. */
const employeeOf: Readonly<
  Record<string, (record: Readonly<Record<string, unknown>>, of: (address: unknown) => unknown) => unknown>
> = {
  denial: (record) => record['reported_by'],
  intrusion: (record, of) => of(record['internal_ip']),
  executable: (record, of) => of(record['machine_ip']),
  misuse: (record) => record['employee_id'],
  unauthorized: (record) => record['employee_id'],
  probing: (record, of) => of(record['ip']),
  other: ({ identifier }, of) => (typeof identifier === 'number' ? identifier : of(identifier)),
};

/** The contract's document, computed without any of the code that is tested. */
function expectedDocument(): unknown {
  const identities = JSON.parse(incidentFixture('identities')) as Readonly<Record<string, number>>;
  const filed = Object.keys(employeeOf).flatMap((type) =>
    (JSON.parse(incidentFixture(type)) as Answer).results.map((record) => ({
      employee: String(employeeOf[type]?.(record, (address) => identities[String(address)])),
      incident: { ...record, type } as unknown as DocumentIncident & { readonly priority: string },
    })),
  );
  // Stable: what is equal in time stays in the order of types and lists.
  filed.sort((a, b) => a.incident.timestamp - b.incident.timestamp);
  const levels = (employee: string) =>
    priorities.map((priority) => {
      const own = filed.filter((one) => one.employee === employee && one.incident.priority === priority);
      return [priority, { count: own.length, incidents: own.map(({ incident }) => incident) }] as const;
    });
  const employees = [...new Set(filed.map(({ employee }) => employee))];
  return Object.fromEntries(employees.map((employee) => [employee, Object.fromEntries(levels(employee))]));
}

const feed = sampleFeed();

function takeFixtures(book: IncidentBook): void {
  const identities = readIdentities(incidentFixture('identities'));
  if (identities.kind !== 'identities') throw new Error(identities.detail);
  for (const type of feed.types) {
    const list = readList(feed, type, incidentFixture(type.type));
    if (list.kind !== 'list') throw new Error(list.detail);
    book.takeList('elevate', type.type, list.incidents);
  }
  book.takeIdentities('elevate', identities.identities, 0);
}

test('real answers become the contracted document, member by member and in order', () => {
  const book = new IncidentBook([feed]);
  takeFixtures(book);
  const document = documentOf(book);
  expect(document).toEqual(expectedDocument());
  const all = Object.values(document).flatMap((levels) => priorities.map((one) => levels[one]));
  expect(all.flatMap(({ incidents }) => incidents)).toHaveLength(2_100);
  expect(all.every(({ count, incidents }) => count === incidents.length)).toBe(true);
});

test('the bytes are sorted, compact and number for number what the feed sent', () => {
  const book = new IncidentBook([feed]);
  takeFixtures(book);
  const { pieces, unresolved, incidents } = book.document();
  const text = Buffer.concat(pieces).toString('utf8');
  expect([unresolved, incidents]).toEqual([0, 2_100]);
  const employees = [...text.matchAll(/"(\d+)":\{"low":/g)].map(([, employee]) => Number(employee));
  expect(employees).toEqual(employees.toSorted((a, b) => a - b));
  for (const [timestamp] of incidentFixture('denial').matchAll(/"timestamp": [\d.]+/g))
    expect(text).toContain(timestamp.replace(' ', ''));
  expect(text.startsWith(`{"${employees[0]}":{"low":{"count":`)).toBe(true);
});

test('reading real answers again changes nothing', () => {
  const book = new IncidentBook([feed]);
  takeFixtures(book);
  book.document();
  takeFixtures(book);
  expect(book.isChanged).toBe(false);
});

test('a list beside it is sorted among the others by time, whatever its type', () => {
  const book = new IncidentBook([feed]);
  const at = (timestamp: number, member: string) => ({ priority: 'low', timestamp, [member]: 7 });
  book.takeList('elevate', 'other', listed(feed, 'other', [at(1, 'identifier'), at(4, 'identifier')]));
  book.takeList('elevate', 'misuse', listed(feed, 'misuse', [at(3, 'employee_id')]));
  book.takeList('elevate', 'denial', listed(feed, 'denial', [at(2, 'reported_by')]));
  expect(documentOf(book)['7']?.low.incidents.map(({ timestamp, type }) => [timestamp, type])).toEqual([
    [1, 'other'],
    [2, 'denial'],
    [3, 'misuse'],
    [4, 'other'],
  ]);
});
