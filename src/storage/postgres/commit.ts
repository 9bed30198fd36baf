import type { PoolClient } from 'pg';
import type { Group, Passed, Statement, Submission, Write } from '../statement.ts';
import { storable } from '../storable.ts';

type Row = Write['row'];

/** Writes a batch inside the open transaction, a statement for all its rows rather than a statement a row. */
export async function writeBatch(
  client: PoolClient,
  statements: ReadonlyMap<string, Statement>,
  batch: readonly Submission[],
): Promise<Passed[]> {
  const groups = batch.flat();
  const passedKeys = await runGuards(client, statements, groups);
  const passed = groups.map((group) => takesPass(group, passedKeys));
  // A repeat may be in the same batch as what it repeats, and then finds it only after it.
  const writes = [
    ...groups.flatMap((group, index) => (passed[index] ? group.writes : [])),
    ...groups.flatMap((group, index) => (passed[index] ? [] : (group.otherwise ?? []))),
  ];
  await Promise.all([...byStatement(writes)].map(([name, rows]) => run(client, statements, name, rows)));
  let next = 0;
  return batch.map((submission) => submission.map(() => passed[next++] ?? false));
}

/** For each guard statement the keys whose row it changed. Of equal keys in one batch, only the first asks. */
async function runGuards(
  client: PoolClient,
  statements: ReadonlyMap<string, Statement>,
  groups: readonly Group[],
): Promise<Map<string, Set<string>>> {
  const guards = groups.flatMap((group) => (group.guard === undefined ? [] : [group.guard]));
  const passed = new Map<string, Set<string>>();
  for (const [name, rows] of byStatement(guards)) {
    const answer = await run(client, statements, name, firstOfEachKey(rows));
    passed.set(name, new Set(answer.map((row) => String(row['key']))));
  }
  return passed;
}

/** The first group with a key takes its pass; a later one with the same key in the batch finds it taken. */
function takesPass(group: Group, passedKeys: Map<string, Set<string>>): boolean {
  if (group.guard === undefined) return true;
  return passedKeys.get(group.guard.statement)?.delete(guardKey(group.guard.row)) ?? false;
}

/** In the order of their keys: two transactions that touch the same rows must not wait for each other crosswise. */
function firstOfEachKey(rows: readonly Row[]): Row[] {
  const byKey = new Map<string, Row>();
  for (const row of rows) if (!byKey.has(guardKey(row))) byKey.set(guardKey(row), row);
  return [...byKey.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
}

/** As the server gives it back: a pass that is not recognised would lose what it was for. */
const guardKey = (row: Row): string => String(storable(row[0] ?? null)).toWellFormed();

function byStatement(writes: readonly Write[]): Map<string, Row[]> {
  const rows = new Map<string, Row[]>();
  for (const { statement, row } of writes) {
    const known = rows.get(statement);
    if (known === undefined) rows.set(statement, [row]);
    else known.push(row);
  }
  return rows;
}

async function run(
  client: PoolClient,
  statements: ReadonlyMap<string, Statement>,
  name: string,
  rows: readonly Row[],
): Promise<Record<string, unknown>[]> {
  const statement = statements.get(name);
  if (statement === undefined) throw new TypeError(`unknown statement ${name}`);
  const values = statement.columns.map((_, column) => rows.map((row) => storable(row[column] ?? null)));
  const result = await client.query<Record<string, unknown>>({ name, text: statement.postgres, values });
  return result.rows;
}
